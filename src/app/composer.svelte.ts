import type {
  CommandError,
  ConversationId,
  Core,
  Mention,
  MessageItem,
  NewAttachment,
} from '../core/api.ts';
import type { TrayState } from './attachments/tray.svelte.ts';
import { CompletionState } from './completion.svelte.ts';
import type { EmojiState } from './emoji.svelte.ts';
import type { AppClock } from './environment.ts';
import { mentionsIn } from './mentions.ts';
import type { Span } from './markup.ts';

const draftDelayMs = 300;
const typingEachMs = 1000;
/** From here on a text may be better off as a file (UX.md §B10). */
const longTextChars = 2000;

export interface ComposerDeps {
  readonly core: Core;
  readonly clock: AppClock;
  readonly conversationId: ConversationId;
  /** What is written belongs under this message. Its drafts last as long as the thread is open. */
  readonly threadOf?: string;
  /** Read inside a derivation, they follow the core's state. */
  readonly find: (key: string) => MessageItem | undefined;
  readonly lastOwn: () => MessageItem | undefined;
  /** Who can be named here. */
  readonly nameable: () => ReadonlyArray<Mention>;
  readonly emoji: EmojiState;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly onHandedOver: () => void;
}

export interface Draft {
  readonly text: string;
  readonly replyTo: string | undefined;
  /** Lasts as long as the page. */
  readonly tray?: TrayState | undefined;
}

interface Alone {
  readonly text: string;
  readonly attachments: ReadonlyArray<NewAttachment>;
  readonly isSticker?: true;
}

/** What is being written: a message, an answer to one, or a new text for one of one's own. */
export class ComposerState {
  text = $state('');
  replyTo = $state<string | undefined>(undefined);
  editing = $state.raw<MessageItem | undefined>(undefined);
  problem = $state<CommandError | undefined>(undefined);
  /** Files that were chosen; none were yet where it is undefined. */
  tray = $state.raw<TrayState | undefined>(undefined);
  /** A voice message takes the place of the field. */
  isRecording = $state(false);
  /** Where the field has to put the caret after a change that was not typed. */
  wanted = $state.raw<Span | undefined>(undefined);

  /** Undefined also for a message that has not arrived or was not among the shown ones. */
  readonly answered = $derived.by(() => {
    const { replyTo } = this;
    const last = this.#lastAnswered?.key === replyTo ? this.#lastAnswered : undefined;
    return replyTo === undefined ? undefined : (this.#deps.find(replyTo) ?? last);
  });
  readonly isEmpty = $derived.by(
    () => this.text.trim() === '' && (this.tray?.items.length ?? 0) === 0,
  );
  readonly isLong = $derived.by(
    () => this.editing === undefined && this.text.length > longTextChars,
  );
  readonly hasMode = $derived.by(() => this.replyTo !== undefined || this.editing !== undefined);
  readonly isThread: boolean;
  readonly completion: CompletionState;

  readonly #deps: ComposerDeps;
  /** What was being written when an edit began. */
  #aside: Draft | undefined;
  /** As it was then: it may be scrolled out of the window. */
  #lastAnswered: MessageItem | undefined;
  #stopDraft: (() => void) | undefined;
  #toldTypingMs = -Infinity;
  /** Where the caret last was, for what is put in from outside of the field. */
  #caret: Span = { start: 0, end: 0 };

  constructor(deps: ComposerDeps) {
    this.#deps = deps;
    this.isThread = deps.threadOf !== undefined;
    this.text = deps.draft.text;
    this.replyTo = deps.draft.replyTo;
    this.tray = deps.draft.tray;
    this.completion = new CompletionState({ nameable: deps.nameable, emoji: deps.emoji });
  }

  /** Hands over what was typed. What could not be stored comes back into the field. */
  readonly send = async (): Promise<void> => {
    this.completion.close();
    if (this.editing !== undefined) await this.#edit(this.editing, this.text.trim());
    else if (!this.isEmpty) await this.#send();
  };

  /** Takes files into the tray, whose code comes with the first of them. */
  readonly offer = async (files: ReadonlyArray<File>): Promise<TrayState | undefined> => {
    if (this.editing !== undefined) this.#leaveEdit();
    try {
      const { TrayState: Tray } = await import('./attachments/tray.svelte.ts');
      this.tray ??= new Tray();
    } catch {
      this.problem = 'not-ready'; // Its code is out of reach; the files are where they were.
      return undefined;
    }
    this.#put({ text: this.text, replyTo: this.replyTo });
    await this.tray.add(files);
    return this.tray;
  };

  /** What was written goes out as a file instead. */
  readonly offerText = async (name: string): Promise<void> => {
    const { text } = this;
    const tray = await this.offer([new File([text], `${name}.txt`, { type: 'text/plain' })]);
    if (tray === undefined || this.text !== text) return; // its words are only there
    this.#put({ text: '', replyTo: this.replyTo });
    this.#saveSoon();
  };

  /** A voice message goes alone; what is being written stays. */
  readonly sendVoice = (voice: NewAttachment): Promise<boolean> =>
    this.sendAlone({ text: '', attachments: [voice] });

  /** So does a sticker, or a pack of them. */
  readonly sendAlone = async (alone: Alone): Promise<boolean> => {
    const { replyTo } = this;
    const isDone = await this.#say({ ...alone, replyTo });
    if (isDone) this.#put({ text: this.text, replyTo: undefined });
    return isDone;
  };

  readonly type = (text: string): void => {
    this.#put({ text, replyTo: this.replyTo });
    this.problem = undefined;
    if (this.editing !== undefined) return;
    this.#saveSoon();
    if (text.trim() !== '') this.#tellTyping();
  };

  readonly noteCaret = (caret: Span): void => {
    this.#caret = caret;
    this.completion.look(this.text, caret);
  };

  /** Puts something in where the caret is. */
  readonly insert = (piece: string): void => {
    const { start, end } = this.#caret;
    const at = start + piece.length;
    this.place(this.text.slice(0, start) + piece + this.text.slice(end), { start: at, end: at });
  };

  /** A change that was not typed, and where the caret goes. */
  readonly place = (text: string, caret: Span): void => {
    this.type(text);
    this.#caret = caret;
    this.wanted = caret;
  };

  /** Takes what is chosen in the open completion. False: there is none. */
  readonly complete = (index?: number): boolean => {
    const completed = this.completion.complete(this.text, index);
    if (completed === undefined) return false;
    this.place(completed.text, completed.caret);
    return true;
  };

  readonly reply = (key: string): void => {
    if (this.editing !== undefined) this.#leaveEdit();
    this.#lastAnswered = this.#deps.find(key);
    this.replyTo = key;
    this.#put({ text: this.text, replyTo: key });
    this.#saveSoon();
  };

  readonly edit = (item: MessageItem): void => {
    this.#aside ??= { text: this.text, replyTo: this.replyTo };
    this.replyTo = undefined;
    this.editing = item;
    this.problem = undefined;
    this.text = item.text;
    this.wanted = { start: item.text.length, end: item.text.length };
  };

  readonly editLast = (): boolean => {
    const last = this.#deps.lastOwn();
    if (last === undefined || this.hasMode || this.text !== '') return false;
    this.edit(last);
    return true;
  };

  /** Leaves the answer or the edit; what was written before comes back. */
  readonly leaveMode = (): void => {
    if (this.editing !== undefined) {
      this.#leaveEdit();
    } else {
      this.#put({ text: this.text, replyTo: undefined });
      this.#saveSoon();
    }
  };

  /** What was written goes another way. */
  readonly clear = (): void => {
    this.#put({ text: '', replyTo: undefined });
    void this.flushDraft();
  };

  /** Stores the draft now; nothing is lost when the conversation is left within the delay. */
  readonly flushDraft = async (): Promise<void> => {
    this.#stopDraft?.();
    this.#stopDraft = undefined;
    if (this.isThread) return;
    const { text, replyTo } = this.#aside ?? { text: this.text, replyTo: this.replyTo };
    const { core, conversationId } = this.#deps;
    const result = await core.execute({ type: 'SaveDraft', conversationId, text, replyTo });
    if (!result.ok) this.problem ??= result.error;
  };

  /** Left for another conversation. */
  close(): void {
    if (this.#stopDraft !== undefined) void this.flushDraft();
  }

  async #send(): Promise<void> {
    const { tray } = this;
    const chosen = tray === undefined ? [] : await tray.take();
    if (chosen === undefined) return;
    // What is stored as a draft stays until the message is: sealing files takes its time.
    this.#stopDraft?.();
    this.#stopDraft = undefined;
    const { replyTo } = this;
    const text = this.text.trim();
    this.#put({ text: '', replyTo: undefined });
    const isDone = await this.#say({ text, replyTo, attachments: chosen });
    if (!isDone) {
      const both = [text, this.text].filter((each) => each !== '').join('\n\n');
      this.#put({ text: both, replyTo: replyTo ?? this.replyTo });
      tray?.putBack(chosen);
    }
    await this.flushDraft();
  }

  async #say(draft: Alone & Pick<Draft, 'replyTo'>): Promise<boolean> {
    const { core, conversationId, threadOf, nameable, onHandedOver } = this.#deps;
    const { text, replyTo, attachments, isSticker } = draft;
    this.problem = undefined;
    onHandedOver();
    const mentions = mentionsIn(text, nameable());
    const result = await core.execute({
      type: 'SendMessage',
      conversationId,
      text,
      ...(mentions.length > 0 ? { mentions } : {}),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(threadOf === undefined ? {} : { threadOf }),
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(isSticker === true ? { isSticker } : {}),
    });
    if (!result.ok) this.problem = result.error;
    return result.ok;
  }

  async #edit(item: MessageItem, text: string): Promise<void> {
    const { core, conversationId, nameable } = this.#deps;
    this.problem = undefined;
    if (text !== item.text) {
      const mentions = mentionsIn(text, nameable());
      const { key } = item;
      const result = await core.execute({
        type: 'EditMessage',
        conversationId,
        key,
        text,
        mentions,
      });
      if (!result.ok) {
        this.problem = result.error;
        return;
      }
    }
    if (this.editing === item) this.#leaveEdit();
  }

  #leaveEdit(): void {
    this.editing = undefined;
    this.problem = undefined;
    this.#put(this.#aside ?? { text: '', replyTo: undefined });
    this.#aside = undefined;
    this.wanted = { start: this.text.length, end: this.text.length };
  }

  /** The core tells it at most every few seconds. */
  #tellTyping(): void {
    const { core, clock, conversationId } = this.#deps;
    const nowMs = clock.now();
    if (nowMs - this.#toldTypingMs < typingEachMs) return;
    this.#toldTypingMs = nowMs;
    void core.execute({ type: 'TellTyping', conversationId });
  }

  #saveSoon(): void {
    this.#stopDraft?.();
    this.#stopDraft = this.#deps.clock.schedule(draftDelayMs, () => void this.flushDraft());
  }

  #put(draft: Draft): void {
    this.text = draft.text;
    this.replyTo = draft.replyTo;
    if (this.editing === undefined) this.#deps.onDraft({ ...draft, tray: this.tray });
  }
}
