/**
 * How soon a scope's devices hear of what came in here from others. Whoever writes tells everybody they
 * are linked with, and who heard it says so with the next vector. So what others wrote goes on only
 * after that: where all are linked nothing is carried twice, and whom the writer does not reach gets it
 * from the others then. Gossip does not wait.
 */
import { toHex } from '../../base/bytes.ts';
import type { Clock } from '../../platform/port.ts';
import { limits } from '../../protocol/limits.ts';
import type { Run } from '../../replication/runs.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { EpochLogs } from '../epochs/epoch-logs.ts';

/** By hex of writerPub: the first entry that came in this time. */
type Young = Map<string, number>;

export interface ForwardingInput {
  readonly clock: Pick<Clock, 'schedule'>;
  readonly logs: Pick<EpochLogs, 'heldCount'>;
  /** Devices of the scope that are linked. */
  readonly deviceCount: () => number;
  /** Of this epoch more may go on now. */
  readonly onDue: (epoch: Epoch) => void;
}

export class Forwarding {
  readonly #input: ForwardingInput;
  /** What came lately, in two times: the older one's goes on when the newer one is over. */
  #older = new Map<Epoch, Young>();
  #newer = new Map<Epoch, Young>();
  #isScheduled = false;

  constructor(input: ForwardingInput) {
    this.#input = input;
  }

  /** [FW2] How soon a vector goes to who sent what came in, and how soon to everybody else. */
  get vectorDelays(): { readonly senderMs: number; readonly othersMs: number } {
    return this.#isCrowd
      ? { senderMs: limits.vectorCrowdDelayMs, othersMs: limits.vectorOthersCrowdDelayMs }
      : { senderMs: limits.vectorDelayMs, othersMs: limits.vectorOthersDelayMs };
  }

  /** Before these are taken: what of them is new here waits. */
  coming(epoch: Epoch, runs: ReadonlyArray<Run>): void {
    for (const { writerPub, fromSeq, envelopes } of runs) {
      const heldCount = this.#input.logs.heldCount(epoch, writerPub);
      if (fromSeq + envelopes.length > heldCount) this.#note(epoch, toHex(writerPub), heldCount);
    }
  }

  /** [FW1] Up to where a log may go on to others now; undefined: all of it. */
  endOf(epoch: Epoch, writerPub: Uint8Array): number | undefined {
    const writerHex = toHex(writerPub);
    return this.#older.get(epoch)?.get(writerHex) ?? this.#newer.get(epoch)?.get(writerHex);
  }

  /** What came of this epoch goes on later: until then there is nothing of it to look through. */
  holdsBack(epoch: Epoch): boolean {
    return this.#newer.has(epoch);
  }

  get #isCrowd(): boolean {
    return this.#input.deviceCount() > limits.smallGroupDevicesMax;
  }

  #note(epoch: Epoch, writerHex: string, fromSeq: number): void {
    const young: Young = this.#newer.get(epoch) ?? new Map<string, number>();
    if (!young.has(writerHex)) young.set(writerHex, fromSeq);
    this.#newer.set(epoch, young);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const delayMs = this.#isCrowd ? limits.forwardCrowdDelayMs : limits.forwardDelayMs;
    this.#input.clock.schedule(delayMs, () => {
      this.#isScheduled = false;
      const due = [...this.#older.keys()];
      this.#older = this.#newer;
      this.#newer = new Map();
      if (this.#older.size > 0) this.#schedule();
      for (const epoch of due) this.#input.onDue(epoch);
    });
  }
}
