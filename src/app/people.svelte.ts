import type {
  CommandError,
  ContentCommand,
  ConversationId,
  ConversationSummary,
  Core,
  IdentityId,
  Person,
  Sharing,
} from '../core/api.ts';

type Plain = Exclude<ContentCommand, { readonly type: 'CreatePoll' | 'Resend' | 'LoadPicture' }>;

/** What a person settles about others and about whole conversations. */
export class PeopleState {
  problem = $state<CommandError | undefined>(undefined);
  /** The conversation that is about to be deleted, if somebody says yes. */
  asked = $state.raw<ConversationSummary | undefined>(undefined);
  isArchiveOpen = $state(false);
  readonly #core: Core;
  readonly #open: (id: ConversationId) => void;
  readonly #onDeleted: (id: ConversationId) => void;
  /** Addresses of pictures in this window, by their id; the same bytes have one. */
  readonly #pictures = new Map<string, Promise<string | undefined>>();

  constructor(
    core: Core,
    { open, onDeleted }: Record<'open' | 'onDeleted', (id: ConversationId) => void>,
  ) {
    this.#core = core;
    this.#open = open;
    this.#onDeleted = onDeleted;
  }

  readonly share = (sharing: Sharing): Promise<void> => this.#do({ type: 'SetSharing', sharing });

  readonly setProfile = (status: string, picture: Uint8Array | undefined): Promise<void> =>
    this.#do({ type: 'SetProfile', status, picture });

  readonly block = (personId: IdentityId, isOn: boolean): Promise<void> =>
    this.#do({ type: 'Block', personId, isOn });

  readonly markUnread = (conversationId: ConversationId): Promise<void> =>
    this.#do({ type: 'MarkUnread', conversationId });

  readonly mute = (conversationId: ConversationId, isOn: boolean): Promise<void> =>
    this.#do({ type: 'SetMuted', conversationId, isOn });

  readonly archive = (conversationId: ConversationId, isOn: boolean): Promise<void> =>
    this.#do({ type: 'SetArchived', conversationId, isOn });

  /** Writes to a member of a group alone. */
  readonly message = async (
    conversationId: ConversationId,
    personId: IdentityId,
  ): Promise<void> => {
    const result = await this.#core.execute({ type: 'MessagePerson', conversationId, personId });
    this.problem = result.ok ? undefined : result.error;
    if (result.ok) this.#open(result.value.conversationId);
  };

  readonly answer = async (conversationId: ConversationId, isAccepted: boolean): Promise<void> => {
    await this.#do({ type: 'AnswerRequest', conversationId, isAccepted });
    if (isAccepted && this.problem === undefined) this.#open(conversationId);
  };

  readonly askDelete = (conversation: ConversationSummary): void => {
    this.problem = undefined;
    this.asked = conversation;
  };

  readonly close = (): void => {
    this.asked = undefined;
  };

  readonly confirmDelete = async (): Promise<void> => {
    const conversationId = this.asked?.id;
    if (conversationId === undefined) return;
    await this.#do({ type: 'DeleteConversation', conversationId });
    if (this.problem !== undefined) return;
    this.asked = undefined;
    this.#onDeleted(conversationId);
  };

  /** An address to show it from; undefined: they have none. Asked for once. */
  readonly pictureOf = ({ id, pictureId }: Person): Promise<string | undefined> => {
    if (pictureId === undefined) return Promise.resolve(undefined);
    const known = this.#pictures.get(pictureId) ?? this.#load(id, pictureId);
    this.#pictures.set(pictureId, known);
    return known;
  };

  /** The picture itself, to be kept while something else of the profile changes. */
  readonly ownPicture = async ({ id, pictureId }: Person): Promise<Uint8Array | undefined> => {
    if (pictureId === undefined) return undefined;
    const result = await this.#core.execute({ type: 'LoadPicture', personId: id, pictureId });
    return result.ok ? result.value : undefined;
  };

  async #load(personId: IdentityId, pictureId: string): Promise<string | undefined> {
    const result = await this.#core.execute({ type: 'LoadPicture', personId, pictureId });
    return result.ok ? URL.createObjectURL(new Blob([result.value])) : undefined;
  }

  async #do(command: Plain): Promise<void> {
    const result = await this.#core.execute(command);
    this.problem = result.ok ? undefined : result.error;
  }
}
