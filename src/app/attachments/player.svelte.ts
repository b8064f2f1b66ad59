import { createSound, type Sound } from '../../media/sound.browser.ts';
import type { PreferenceStore } from '../environment.ts';
import type { HeldAddress } from './addresses.ts';
import type { MediaFile } from './media.svelte.ts';

const rates: ReadonlyArray<number> = [1, 1.5, 2];
const rateKey = 'voice-rate';

export interface PlayedVoice {
  readonly file: MediaFile;
  readonly author: string;
}

export interface PlayerDeps {
  readonly preferences: PreferenceStore;
  readonly hold: (file: MediaFile) => HeldAddress;
  readonly sound?: Sound;
}

/** One voice at a time, whichever conversation is open; the ones after it follow by themselves. */
export class PlayerState {
  current = $state.raw<PlayedVoice | undefined>(undefined);
  isPlaying = $state(false);
  positionMs = $state(0);
  rate = $state(1);

  readonly durationMs = $derived.by(() => {
    const shape = this.current?.file.view.shape;
    return shape?.kind === 'voice' ? shape.durationMs : 0;
  });

  readonly #deps: PlayerDeps;
  readonly #sound: Sound;
  #held: HeldAddress | undefined;
  #following: ReadonlyArray<PlayedVoice> = [];

  constructor(deps: PlayerDeps) {
    this.#deps = deps;
    const kept = Number(deps.preferences.read(rateKey));
    this.rate = rates.includes(kept) ? kept : 1;
    this.#sound = deps.sound ?? createSound();
    this.#sound.listen({
      onTime: (ms) => {
        this.positionMs = ms;
      },
      onEnd: () => void this.#next(),
    });
  }

  readonly isCurrent = (file: MediaFile): boolean => this.current?.file.view.id === file.view.id;

  /** Plays it from the start, or goes on or pauses where it is the one already. */
  readonly toggle = async (
    voice: PlayedVoice,
    following: ReadonlyArray<PlayedVoice>,
  ): Promise<void> => {
    if (!this.isCurrent(voice.file)) {
      this.#following = following;
      await this.#start(voice);
    } else if (this.isPlaying) {
      this.pause();
    } else {
      await this.resume();
    }
  };

  readonly resume = async (): Promise<void> => {
    this.isPlaying = await this.#sound.play(this.rate);
  };

  readonly pause = (): void => {
    this.#sound.pause();
    this.isPlaying = false;
  };

  readonly seek = (ms: number): void => {
    this.positionMs = ms;
    this.#sound.seek(ms);
  };

  readonly changeRate = (): void => {
    this.rate = rates[(rates.indexOf(this.rate) + 1) % rates.length] ?? 1;
    this.#sound.setRate(this.rate);
    this.#deps.preferences.write(rateKey, String(this.rate));
  };

  readonly close = (): void => {
    this.pause();
    this.#sound.load(undefined);
    this.#held?.release();
    this.#held = undefined;
    this.current = undefined;
    this.#following = [];
  };

  async #start(voice: PlayedVoice): Promise<void> {
    this.pause();
    this.#held?.release();
    this.current = voice;
    this.positionMs = 0;
    this.#held = this.#deps.hold(voice.file);
    const url = await this.#held.url;
    if (this.current !== voice) return; // Another one was chosen meanwhile.
    if (url === undefined) {
      this.close();
      return;
    }
    this.#sound.load(url);
    await this.resume();
  }

  async #next(): Promise<void> {
    const [next, ...following] = this.#following;
    this.isPlaying = false;
    if (next === undefined) {
      this.close();
      return;
    }
    this.#following = following;
    await this.#start(next);
  }
}
