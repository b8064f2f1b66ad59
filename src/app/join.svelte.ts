import type { CommandError, Core, InviteId, InvitePreview } from '../core/api.ts';

export interface JoinDeps {
  readonly core: Core;
  readonly onJoining: (inviteId: InviteId) => void;
}

/** An invite link that was opened or pasted, until it is followed or put away. */
export class JoinState {
  link = $state<string | undefined>(undefined);
  preview = $state.raw<InvitePreview | undefined>(undefined);
  problem = $state<CommandError | undefined>(undefined);
  isBusy = $state(false);
  readonly #deps: JoinDeps;
  #question = 0;

  constructor(deps: JoinDeps) {
    this.#deps = deps;
  }

  /** Looks at the link first: what is wrong with it is said before anything is asked. */
  readonly open = async (link: string): Promise<void> => {
    this.close();
    const question = this.#question;
    this.link = link;
    this.isBusy = true;
    const result = await this.#deps.core.execute({ type: 'ReadInvite', link });
    if (question !== this.#question) return;
    this.isBusy = false;
    if (result.ok) this.preview = result.value;
    else if (result.error !== 'not-ready') this.problem = result.error;
  };

  readonly close = (): void => {
    this.#question += 1;
    this.link = undefined;
    this.preview = undefined;
    this.problem = undefined;
    this.isBusy = false;
  };

  readonly join = async (): Promise<void> => {
    const link = this.link;
    if (link === undefined || this.isBusy) return;
    this.isBusy = true;
    const result = await this.#deps.core.execute({ type: 'Join', link });
    this.isBusy = false;
    if (!result.ok) {
      this.problem = result.error;
      return;
    }
    this.close();
    this.#deps.onJoining(result.value.inviteId);
  };

  /** A newcomer: the name first, then the link. */
  readonly joinAs = async (name: string): Promise<void> => {
    const invite = this.link;
    if (this.isBusy || invite === undefined) return;
    this.isBusy = true;
    const result = await this.#deps.core.execute({ type: 'CreateIdentity', name, invite });
    this.isBusy = false;
    if (result.ok) await this.join();
    else this.problem = result.error;
  };
}
