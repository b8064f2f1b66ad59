/**
 * What others have seen and this device has not: entries name the newest ones of other logs that
 * their author held (`deps`, PROTOCOL §5). What is named and not here shows as a gap before the first
 * entry that named it, until it comes. Anybody can name what does not exist, so gaps decide nothing,
 * and few are kept.
 */
import { toHex } from '../../../base/bytes.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Epoch, OpenedEntry } from '../../epochs/epoch.ts';
import { comparePlaces, type Ordered } from './sorted.ts';
import type { StandingRules } from './standing.ts';

/** Where in the order of the screen it belongs: just before that entry. */
type Anchor = Omit<Ordered, 'key'>;

export interface Gap extends Anchor {
  readonly key: string;
  /** Undefined: not even the beginning of that log is here, which says whose it is. */
  readonly deviceHex: string | undefined;
  readonly missingCount: number;
}

interface NamedLog {
  readonly epoch: Epoch;
  readonly writerPub: Uint8Array;
  /** By the seq that was named: the first entry, in the order of the screen, that named it. */
  readonly anchors: Map<number, Anchor>;
}

export class Gaps {
  readonly #logs = new Map<string, NamedLog>();

  note({ epoch, hash, body: { deps, lamport } }: OpenedEntry, rules?: StandingRules): void {
    for (const { writerPub, seq } of deps.entries) {
      if (seq < heldCount(epoch, writerPub)) continue;
      const writerHex = toHex(writerPub);
      // What would be withheld is not missed.
      if (seq >= (rules?.forkSeqOf(epoch.idHex, writerHex) ?? Infinity)) continue;
      const key = `${epoch.idHex}/${writerHex}`;
      const log = this.#logs.get(key) ?? { epoch, writerPub, anchors: new Map<number, Anchor>() };
      if (this.#logs.size >= limits.gapLogsMax && !this.#logs.has(key)) continue;
      this.#logs.set(key, log);
      const known = log.anchors.get(seq);
      if (known === undefined || comparePlaces(known, { lamport, hash }) > 0) {
        log.anchors.set(seq, { lamport, hash });
      }
    }
  }

  /** Forgets what has come. */
  settle(): void {
    for (const [key, { epoch, writerPub, anchors }] of this.#logs) {
      const nextSeq = heldCount(epoch, writerPub);
      for (const seq of anchors.keys()) if (seq < nextSeq) anchors.delete(seq);
      if (anchors.size === 0) this.#logs.delete(key);
    }
  }

  /** [WI3] In the order of the screen; the newest ones where there are many. */
  current(): ReadonlyArray<Gap> {
    return [...this.#logs]
      .flatMap(([key, log]) => gapOf(key, log) ?? [])
      .sort(comparePlaces)
      .slice(-limits.gapsShownMax);
  }
}

/** Entries of a log that are here; the reader counts what it was given. */
const heldCount = (epoch: Epoch, writerPub: Uint8Array): number =>
  epoch.position(writerPub)?.seq ?? 0;

const gapOf = (key: string, { epoch, writerPub, anchors }: NamedLog): Gap | undefined => {
  const nextSeq = heldCount(epoch, writerPub);
  const missing = [...anchors].filter(([seq]) => seq >= nextSeq);
  const [first] = missing.map(([, anchor]) => anchor).sort(comparePlaces);
  // The beginning of a log is no message.
  const missingCount = Math.max(...missing.map(([seq]) => seq)) + 1 - Math.max(nextSeq, 1);
  if (first === undefined || missingCount <= 0) return undefined;
  const device = epoch.deviceOf(writerPub);
  return { key: `gap/${key}`, deviceHex: device && toHex(device), missingCount, ...first };
};
