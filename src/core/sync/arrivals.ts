/**
 * What comes in for one scope by links and gossip. While some of it is taken up the rest gathers, and is
 * taken up together then: one write for all of it, and one look at what it changed.
 */
import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { NotRun } from '../contained-queue.ts';
import type { Admittance } from '../epochs/epoch-logs.ts';
import type { Parcel, Scope } from '../scope.ts';
import type { Forwarding } from './forwarding.ts';

interface Waiting {
  readonly parcel: Parcel;
  admittance: Admittance | undefined;
}

export class Arrivals {
  readonly forwarding: Forwarding;
  readonly #scope: Pick<Scope, 'run' | 'receive'>;
  /** In the order in which they came. */
  #waiting: ReadonlyArray<Waiting> = [];

  constructor(scope: Pick<Scope, 'run' | 'receive'>, forwarding: Forwarding) {
    this.#scope = scope;
    this.forwarding = forwarding;
  }

  /** Resolves with what became of it, once that is on disk. */
  async take(parcel: Parcel): Promise<Result<Admittance, NotRun>> {
    const mine: Waiting = { parcel, admittance: undefined };
    this.#waiting = [...this.#waiting, mine];
    const ran = await this.#scope.run(async () => {
      if (mine.admittance === undefined) await this.#takeUp();
      assert(mine.admittance !== undefined, 'whoever has its turn is among the first that wait');
      return mine.admittance;
    });
    if (!ran.ok) this.#waiting = this.#waiting.filter((one) => one !== mine);
    return ran;
  }

  /** Everything that waits, as far as it is not so much that others would wait for long. */
  async #takeUp(): Promise<void> {
    let entryCount = 0;
    const isInTime = ({ parcel }: Waiting, at: number): boolean => {
      entryCount += parcel.runs.reduce((sum, { envelopes }) => sum + envelopes.length, 0);
      return at === 0 || entryCount <= limits.arrivalsTogetherMax;
    };
    const rest = this.#waiting.findIndex((one, at) => !isInTime(one, at));
    const taken = rest < 0 ? this.#waiting : this.#waiting.slice(0, rest);
    this.#waiting = this.#waiting.slice(taken.length);
    for (const { parcel } of taken) this.forwarding.coming(parcel.epoch, parcel.runs);
    const admitted = await this.#scope.receive(taken.map(({ parcel }) => parcel));
    for (const [at, one] of taken.entries()) one.admittance = admitted[at];
  }
}
