import type {
  CommandError,
  ConversationId,
  Core,
  IdentityId,
  MemberLevel,
  MemberView,
  Person,
  SharedHistory,
} from '../core/api.ts';

const ranks: ReadonlyArray<MemberLevel> = ['owner', 'admin', 'member', 'reader'];

/** What is asked before it is done: each cannot simply be taken back. */
export type MemberQuestion =
  | { readonly kind: 'remove' | 'owner' | 'regroup'; readonly person: Person }
  | {
      readonly kind: 'leave';
      /** Who could take over where nobody else owns the group; those next in rank first. */
      readonly successors: ReadonlyArray<Person>;
    };

interface Asked {
  readonly conversationId: ConversationId;
  readonly groupName: string;
  readonly question: MemberQuestion;
}

/** Acts on the people of a group, and the dialog that asks before most of them. */
export class MembersState {
  asked = $state.raw<Asked | undefined>(undefined);
  successorId = $state('');
  isBusy = $state(false);
  problem = $state<CommandError | undefined>(undefined);

  readonly #core: Core;
  readonly #openConversation: (id: ConversationId) => void;

  constructor(core: Core, openConversation: (id: ConversationId) => void) {
    this.#core = core;
    this.#openConversation = openConversation;
  }

  readonly ask = (asked: Asked): void => {
    this.problem = undefined;
    const { question } = asked;
    this.successorId = question.kind === 'leave' ? (question.successors[0]?.id ?? '') : '';
    this.asked = asked;
  };

  /** Where this person is the only owner, somebody can take over. */
  readonly askToLeave = (
    conversationId: ConversationId,
    groupName: string,
    members: ReadonlyArray<MemberView>,
  ): void => {
    const owners = members.filter(({ level }) => level === 'owner');
    const isOnlyOwner = owners.length === 1 && owners[0]?.person.isMe === true;
    const others = members
      .filter(({ person }) => !person.isMe)
      .sort((a, b) => ranks.indexOf(a.level) - ranks.indexOf(b.level))
      .map(({ person }) => person);
    const successors = isOnlyOwner ? others : [];
    this.ask({ conversationId, groupName, question: { kind: 'leave', successors } });
  };

  readonly close = (): void => {
    this.asked = undefined;
    this.problem = undefined;
  };

  /** Taken back by another such act, so nothing is asked. */
  readonly setLevel = async (
    conversationId: ConversationId,
    personId: string,
    level: MemberLevel,
  ): Promise<void> => {
    const result = await this.#core.execute({ type: 'SetLevel', conversationId, personId, level });
    this.problem = result.ok ? undefined : result.error;
  };

  /** Each is told in the conversation with them. False: not all of them were added. */
  readonly add = async (
    conversationId: ConversationId,
    people: ReadonlyArray<IdentityId>,
    history: SharedHistory,
  ): Promise<boolean> => {
    this.problem = undefined;
    for (const personId of people) {
      const added = { type: 'AddContact', conversationId, personId, history } as const;
      const result = await this.#core.execute(added);
      if (!result.ok) this.problem = result.error;
    }
    return this.problem === undefined;
  };

  readonly confirm = async (): Promise<void> => {
    const asked = this.asked;
    if (asked === undefined || this.isBusy) return;
    this.isBusy = true;
    this.problem = await this.#do(asked);
    this.isBusy = false;
    if (this.problem === undefined) this.asked = undefined;
  };

  async #do({ conversationId, question }: Asked): Promise<CommandError | undefined> {
    switch (question.kind) {
      case 'remove':
        return this.#errorOf({ type: 'Remove', conversationId, personId: question.person.id });
      case 'owner': {
        const personId = question.person.id;
        return this.#errorOf({ type: 'SetLevel', conversationId, personId, level: 'owner' });
      }
      case 'leave': {
        const successorId = this.successorId === '' ? undefined : this.successorId;
        return this.#errorOf({ type: 'Leave', conversationId, successorId });
      }
      case 'regroup': {
        const personId = question.person.id;
        const made = await this.#core.execute({
          type: 'NewGroupWithout',
          conversationId,
          personId,
        });
        if (!made.ok) return made.error;
        this.#openConversation(made.value.conversationId);
        return undefined;
      }
    }
  }

  async #errorOf(
    command: Parameters<Core['execute']>[0] & { readonly type: 'Remove' | 'SetLevel' | 'Leave' },
  ): Promise<CommandError | undefined> {
    const result = await this.#core.execute(command);
    return result.ok ? undefined : result.error;
  }
}
