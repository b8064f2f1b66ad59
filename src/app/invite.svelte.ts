import type {
  CommandError,
  Core,
  InviteOptions,
  InviteTarget,
  InviteView,
  SharedHistory,
} from '../core/api.ts';

/** The dialog that makes one link. It shows a link only when the core has stored it. */
export class InviteState {
  target = $state.raw<InviteTarget | undefined>(undefined);
  isOpen = $state(false);
  history = $state<SharedHistory>('none');
  /** Undefined: the usual ones. */
  options = $state.raw<InviteOptions | undefined>(undefined);
  /** Those of the newest link. */
  shownOptions = $state.raw<InviteOptions | undefined>(undefined);
  view = $state.raw<InviteView | undefined>(undefined);
  isBusy = $state(false);
  isRevoked = $state(false);
  problem = $state<CommandError | undefined>(undefined);
  copied = $state<'yes' | 'no' | undefined>(undefined);

  readonly #core: Core;
  readonly #copyText: (text: string) => Promise<boolean>;
  /** Tells answers to the current question from those to an earlier one. */
  #question = 0;

  constructor(core: Core, copyText: (text: string) => Promise<boolean>) {
    this.#core = core;
    this.#copyText = copyText;
  }

  readonly show = async (target: InviteTarget): Promise<void> => {
    this.target = target;
    this.isOpen = false;
    this.history = 'none';
    this.options = undefined;
    await this.prepare();
  };

  readonly close = (): void => {
    this.target = undefined;
    this.shownOptions = undefined;
    this.#reset();
  };

  readonly setOpen = async (isOpen: boolean): Promise<void> => {
    this.isOpen = isOpen;
    // No link with which anyone can join makes admins.
    if (isOpen && this.options?.level === 'admin') this.options = undefined;
    await this.prepare();
  };

  readonly choose = async (options: InviteOptions): Promise<void> => {
    this.options = options;
    await this.prepare();
  };

  readonly setHistory = async (history: SharedHistory): Promise<void> => {
    this.history = history;
    await this.prepare();
  };

  readonly prepare = async (): Promise<void> => {
    const target = this.target;
    if (target === undefined) return;
    const question = this.#reset();
    this.isBusy = true;
    const result = await this.#core.execute({
      type: 'PrepareInvite',
      target,
      isOpen: this.isOpen,
      history: this.history,
      ...(this.options && { options: this.options }),
    });
    if (question !== this.#question) return;
    this.isBusy = false;
    if (result.ok) {
      this.view = result.value;
      this.shownOptions = result.value.options;
    } else {
      this.problem = result.error;
    }
  };

  readonly revoke = async (): Promise<void> => {
    const view = this.view;
    if (view === undefined) return;
    const question = this.#reset();
    this.isBusy = true;
    const result = await this.#core.execute({ type: 'RevokeInvite', inviteId: view.inviteId });
    if (question !== this.#question) return;
    this.isBusy = false;
    if (result.ok) {
      this.isRevoked = true;
    } else {
      this.view = view;
      this.problem = result.error;
    }
  };

  readonly copy = async (): Promise<void> => {
    if (this.view === undefined) return;
    this.copied = (await this.#copyText(this.view.link)) ? 'yes' : 'no';
  };

  #reset(): number {
    this.view = undefined;
    this.isBusy = false;
    this.isRevoked = false;
    this.problem = undefined;
    this.copied = undefined;
    this.#question += 1;
    return this.#question;
  }
}
