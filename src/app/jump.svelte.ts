import type { AppClock } from './environment.ts';

/** Long enough to find it with the eye (UX.md §B4). */
const highlightMs = 1500;

export interface JumpDeps {
  readonly clock: AppClock;
  readonly isShown: (key: string) => boolean;
  /** Brings more of what was before; false when there is no more. */
  readonly showEarlier: () => Promise<boolean>;
}

/** From a quote or a pin to the message it names, and back. */
export class JumpState {
  highlighted = $state<string | undefined>(undefined);
  /** Where the reader came from, newest last. */
  trail = $state.raw<ReadonlyArray<string>>([]);
  isMissing = $state(false);

  readonly #deps: JumpDeps;
  #stop: (() => void) | undefined;
  #isSeeking = false;
  /** Wanted while no timeline is on the screen. */
  #pending: string | undefined;
  #follower: ((key: string) => void) | undefined;

  constructor(deps: JumpDeps) {
    this.#deps = deps;
  }

  readonly to = async (key: string, from?: string): Promise<void> => {
    this.isMissing = false;
    this.#isSeeking = true;
    let isThere = this.#deps.isShown(key);
    while (!isThere && (await this.#deps.showEarlier())) isThere = this.#deps.isShown(key);
    this.#isSeeking = false;
    this.isMissing = !isThere;
    if (!isThere) return;
    if (from !== undefined) this.trail = [...this.trail, from];
    this.#point(key);
  };

  /** What is far above is wanted now. */
  get isUnderWay(): boolean {
    return this.#isSeeking || this.highlighted !== undefined;
  }

  /** The timeline, which brings a message into sight. Answers how to stop that. */
  readonly follow = (follower: (key: string) => void): (() => void) => {
    this.#follower = follower;
    if (this.#pending !== undefined) follower(this.#pending);
    this.#pending = undefined;
    return () => {
      this.#follower = undefined;
    };
  };

  readonly back = (): void => {
    const key = this.trail.at(-1);
    this.trail = this.trail.slice(0, -1);
    if (key !== undefined) this.#point(key);
  };

  /** At the end of the conversation there is nothing to go back to. */
  readonly forget = (): void => {
    this.trail = [];
    this.isMissing = false;
  };

  #point(key: string): void {
    if (this.#follower === undefined) this.#pending = key;
    else this.#follower(key);
    this.highlighted = key;
    this.#stop?.();
    this.#stop = this.#deps.clock.schedule(highlightMs, () => {
      this.highlighted = undefined;
    });
  }
}
