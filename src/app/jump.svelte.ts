import type { AppClock } from './environment.ts';

/** Long enough to find it with the eye (UX.md §B4). */
const highlightMs = 1500;

/** Where the reader is, by what stands at the top of the screen. */
export interface ReadingPlace {
  readonly key: string;
  readonly offsetPx: number;
}

export interface JumpDeps {
  readonly clock: AppClock;
  readonly isShown: (key: string) => boolean;
  /** Moves the window of the timeline; false where it cannot. */
  readonly showAround: (key: string) => Promise<boolean>;
  readonly showLatest: () => Promise<boolean>;
}

/** The timeline on the screen. */
export interface Follower {
  /** Brings a message into sight that is in the window. */
  readonly toMessage: (key: string) => void;
  readonly toLatest: () => void;
  readonly reading: () => ReadingPlace | undefined;
}

/** From a quote or a pin to the message it names, and back; from anywhere to the latest. */
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
  #follower: Follower | undefined;

  constructor(deps: JumpDeps) {
    this.#deps = deps;
  }

  readonly to = async (key: string, from?: string): Promise<void> => {
    this.isMissing = !(this.#deps.isShown(key) || (await this.bring(key)));
    if (this.isMissing) return;
    if (from !== undefined) this.trail = [...this.trail, from];
    this.#point(key);
  };

  /** Into the window of the timeline; false where there is no such message. */
  readonly bring = async (key: string): Promise<boolean> => {
    if (this.#deps.isShown(key)) return true;
    this.#isSeeking = true;
    const isThere = (await this.#deps.showAround(key)) && this.#deps.isShown(key);
    this.#isSeeking = false;
    return isThere;
  };

  readonly toLatest = async (): Promise<void> => {
    if (await this.#deps.showLatest()) this.#follower?.toLatest();
  };

  readonly reading = (): ReadingPlace | undefined => this.#follower?.reading();

  /** What is far away is wanted now. */
  get isUnderWay(): boolean {
    return this.#isSeeking || this.highlighted !== undefined;
  }

  /** The timeline, which brings a message into sight. Answers how to stop that. */
  readonly follow = (follower: Follower): (() => void) => {
    this.#follower = follower;
    if (this.#pending !== undefined) follower.toMessage(this.#pending);
    this.#pending = undefined;
    return () => {
      this.#follower = undefined;
    };
  };

  readonly back = async (): Promise<void> => {
    const key = this.trail.at(-1);
    this.trail = this.trail.slice(0, -1);
    if (key !== undefined && (await this.bring(key))) this.#point(key);
  };

  /** At the end of the conversation there is nothing to go back to. */
  readonly forget = (): void => {
    this.trail = [];
    this.isMissing = false;
  };

  #point(key: string): void {
    if (this.#follower === undefined) this.#pending = key;
    else this.#follower.toMessage(key);
    this.highlighted = key;
    this.#stop?.();
    this.#stop = this.#deps.clock.schedule(highlightMs, () => {
      this.highlighted = undefined;
    });
  }
}
