import type {
  Command,
  CommandError,
  ConversationId,
  Core,
  IdentityId,
  Location,
  MessageItem,
  NewPoll,
  ScheduledDraft,
  ScheduledView,
  Version,
} from '../core/api.ts';
import type { LinkView } from './links.ts';

/** What a dialog is open for. */
export type MessageQuestion =
  | { readonly kind: 'forward'; readonly keys: ReadonlyArray<string> }
  | { readonly kind: 'versions'; readonly versions: ReadonlyArray<Version> }
  | { readonly kind: 'delete'; readonly keys: ReadonlyArray<string>; readonly from: DeleteFrom }
  | { readonly kind: 'link'; readonly link: LinkView }
  /** Undefined: what is in the composer. */
  | { readonly kind: 'later'; readonly waiting: ScheduledView | undefined }
  | { readonly kind: 'camera' | 'poll' | 'place' | 'card' | 'timer' };

export type DeleteFrom = 'everyone' | 'here';

/** What a person does with messages of one conversation, and the dialogs that some of it needs. */
export class MessageActs {
  problem = $state<CommandError | undefined>(undefined);
  asked = $state.raw<MessageQuestion | undefined>(undefined);
  isBusy = $state(false);
  /** [RU3] Marked as unread while it is on the screen: that it is in sight does not undo it. */
  isKeptUnread = false;

  readonly #core: Core;
  readonly #conversationId: ConversationId;

  constructor(core: Core, conversationId: ConversationId) {
    this.#core = core;
    this.#conversationId = conversationId;
  }

  readonly ask = (question: MessageQuestion): void => {
    this.problem = undefined;
    this.asked = question;
  };

  readonly closeDialog = (): void => {
    this.asked = undefined;
    this.problem = undefined;
  };

  /** The same emoji again takes it back. */
  readonly react = (item: MessageItem, emoji: string): Promise<boolean> => {
    const isOn = !item.reactions.some((reaction) => reaction.emoji === emoji && reaction.isMine);
    return this.#do({ type: 'React', ...this.#of(item.key), emoji, isOn });
  };

  readonly pin = (item: MessageItem): Promise<boolean> =>
    this.#do({ type: 'Pin', ...this.#of(item.key), isOn: !item.isPinned });

  readonly vote = (key: string, choices: ReadonlyArray<number>): Promise<boolean> =>
    this.#do({ type: 'Vote', ...this.#of(key), choices });

  readonly remove = (keys: ReadonlyArray<string>, from: DeleteFrom): Promise<boolean> =>
    this.#do({ type: 'DeleteMessages', conversationId: this.#conversationId, keys, from });

  readonly resend = (key: string): Promise<boolean> =>
    this.#do({ type: 'Resend', ...this.#of(key) });

  /** From this message on; without one, the last. */
  readonly markUnread = (key?: string): Promise<boolean> => {
    this.isKeptUnread = true;
    return this.#do({ type: 'MarkUnread', conversationId: this.#conversationId, key });
  };

  readonly forward = (
    keys: ReadonlyArray<string>,
    to: ReadonlyArray<ConversationId>,
  ): Promise<boolean> =>
    this.#doAndClose({ type: 'Forward', conversationId: this.#conversationId, keys, to });

  readonly createPoll = (poll: NewPoll): Promise<boolean> =>
    this.#doAndClose({ type: 'CreatePoll', conversationId: this.#conversationId, poll });

  readonly sendPlace = (location: Location): Promise<boolean> =>
    this.#doAndClose({
      type: 'SendMessage',
      conversationId: this.#conversationId,
      text: '',
      location,
    });

  readonly sendCard = (cardOf: IdentityId): Promise<boolean> =>
    this.#doAndClose({
      type: 'SendMessage',
      conversationId: this.#conversationId,
      text: '',
      cardOf,
    });

  readonly setTimer = (timerMs: number | undefined): Promise<boolean> =>
    this.#doAndClose({ type: 'SetTimer', conversationId: this.#conversationId, timerMs });

  readonly schedule = (draft: ScheduledDraft): Promise<boolean> =>
    this.#doAndClose({ type: 'Schedule', conversationId: this.#conversationId, draft });

  readonly sendScheduled = (id: string): Promise<boolean> =>
    this.#do({ type: 'SendScheduled', conversationId: this.#conversationId, id });

  readonly cancelScheduled = (id: string): Promise<boolean> =>
    this.#do({ type: 'CancelScheduled', conversationId: this.#conversationId, id });

  readonly showVersions = async (key: string): Promise<void> => {
    const result = await this.#core.execute({ type: 'ShowVersions', ...this.#of(key) });
    if (result.ok) this.ask({ kind: 'versions', versions: result.value });
    else this.problem = result.error;
  };

  /** Undefined: it did not work; `problem` says why. */
  readonly messagePerson = async (personId: IdentityId): Promise<ConversationId | undefined> => {
    const command = { conversationId: this.#conversationId, personId };
    const result = await this.#core.execute({ type: 'MessagePerson', ...command });
    this.problem = result.ok ? undefined : result.error;
    return result.ok ? result.value.conversationId : undefined;
  };

  #of(key: string): { conversationId: ConversationId; key: string } {
    return { conversationId: this.#conversationId, key };
  }

  async #do(command: Command): Promise<boolean> {
    const result = await this.#core.execute(command);
    this.problem = result.ok ? undefined : result.error;
    return result.ok;
  }

  async #doAndClose(command: Command): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    const isDone = await this.#do(command);
    this.isBusy = false;
    if (isDone) this.asked = undefined;
    return isDone;
  }
}
