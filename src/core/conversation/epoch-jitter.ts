/**
 * A wait of up to two seconds before this device makes an epoch (PROTOCOL §4): after a change of
 * membership everybody who has something to say needs a new one, and one is enough.
 */
import { limits } from '../../protocol/limits.ts';
import type { CoreDeps } from '../deps.ts';

export class EpochJitter {
  readonly #core: Pick<CoreDeps, 'clock' | 'random'>;
  readonly #onOver: () => void;
  #state: 'idle' | 'waiting' | 'over' = 'idle';

  constructor(core: Pick<CoreDeps, 'clock' | 'random'>, onOver: () => void) {
    this.#core = core;
    this.#onOver = onOver;
  }

  /** [SR3] False: a wait has begun, or goes on; `onOver` tells when to ask again. */
  isOver(): boolean {
    if (this.#state === 'over') {
      this.#state = 'idle';
      return true;
    }
    if (this.#state === 'idle') {
      this.#state = 'waiting';
      const [high = 0, low = 0] = this.#core.random.bytes(2);
      const waitMs = Math.floor(((high * 256 + low) / 65_536) * limits.epochJitterMaxMs);
      this.#core.clock.schedule(waitMs, () => {
        this.#state = 'over';
        this.#onOver();
      });
    }
    return false;
  }
}
