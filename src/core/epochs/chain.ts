/**
 * The keys of one device's log in an epoch. Whole, it is one chain key from which all others follow.
 * Of a log in which entries were erased (PROTOCOL §9) there are left: the keys of the entries before
 * the last erased one, each by itself, and the chain key after it, which leads forward only.
 */
import { concatBytes, u32be } from '../../base/bytes.ts';
import {
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  intIn,
  naturalOf,
  recordOf,
  textUpTo,
  tupleOf,
  type CborValue,
} from '../../protocol/cbor.ts';
import { ratchet } from '../../protocol/epochs/epoch-keys.ts';
import { limits } from '../../protocol/limits.ts';

const keyBytes = 32;

/** What is remembered of an erased entry, so that it keeps its place and nothing else moves. */
export interface Stub {
  readonly type: string;
  readonly mid: Uint8Array;
  readonly lamport: number;
  readonly sentAt: number;
}

export interface Chain {
  /** The first entry that `key` opens; keys of entries before it are in `kept`, or erased. */
  readonly fromSeq: number;
  readonly key: Uint8Array;
  readonly kept: ReadonlyMap<number, Uint8Array>;
  readonly erased: ReadonlyMap<number, Stub>;
}

/** Whose log it is the chain of. */
export interface ChainOwner {
  readonly devSignPub: Uint8Array;
  readonly incarnation: number;
}

export const chainId = ({ devSignPub, incarnation }: ChainOwner): Uint8Array =>
  concatBytes(devSignPub, u32be(incarnation));

/** From the chain key of seq 1. */
export const wholeChain = (key: Uint8Array): Chain => ({
  fromSeq: 1,
  key,
  kept: new Map(),
  erased: new Map(),
});

/**
 * [ER1] The chain without these entries: what is left derives none of their keys. `stubOf` sees each
 * key once more and says what stays of its entry; undefined: the entry is not to be erased.
 */
export const withoutEntries = (
  chain: Chain,
  seqs: ReadonlySet<number>,
  stubOf: (seq: number, messageKey: Uint8Array) => Stub | undefined,
): Chain => {
  const kept = new Map(chain.kept);
  const erased = new Map(chain.erased);
  let { fromSeq, key } = chain;
  for (const last = Math.max(0, ...seqs); fromSeq <= last; fromSeq++) {
    const step = ratchet(key, fromSeq);
    kept.set(fromSeq, step.messageKey);
    key = step.next;
  }
  for (const seq of seqs) {
    const messageKey = kept.get(seq);
    const stub = messageKey && stubOf(seq, messageKey);
    if (stub === undefined) continue;
    kept.delete(seq);
    erased.set(seq, stub);
  }
  return erased.size === chain.erased.size ? chain : { fromSeq, key, kept, erased };
};

/** Kept keys stand one after another, since every entry before `fromSeq` is kept or erased. */
export const encodeChain = (
  { devSignPub, incarnation }: ChainOwner,
  { fromSeq, key, kept, erased }: Chain,
): CborValue => ({
  devSignPub,
  incarnation,
  fromSeq,
  key,
  kept: concatBytes(...[...kept].sort(([a], [b]) => a - b).map(([, messageKey]) => messageKey)),
  erased: [...erased]
    .sort(([a], [b]) => a - b)
    .map(([seq, { type, mid, lamport, sentAt }]) => [seq, type, mid, lamport, sentAt]),
});

const readRecord = recordOf({
  devSignPub: bytesOf(32),
  incarnation: intIn(0, limits.incarnationsMax - 1),
  fromSeq: intIn(1, limits.seqMax),
  key: bytesOf(keyBytes),
  kept: bytesUpTo(limits.seqMax * keyBytes),
  erased: arrayUpTo(
    limits.seqMax,
    tupleOf(
      intIn(1, limits.seqMax - 1),
      textUpTo(limits.entryTypeBytesMax),
      bytesOf(16),
      naturalOf,
      intIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    ),
  ),
});

export interface OwnedChain extends ChainOwner {
  readonly chain: Chain;
}

/** Undefined: not a whole record of this form. */
export const readChain = (value: CborValue): OwnedChain | undefined => {
  const record = readRecord(value);
  if (record === undefined) return undefined;
  const { devSignPub, incarnation, fromSeq, key } = record;
  const erased = new Map(
    record.erased.map(([seq, type, mid, lamport, sentAt]) => [seq, { type, mid, lamport, sentAt }]),
  );
  const kept = new Map<number, Uint8Array>();
  let at = 0;
  for (let seq = 1; seq < fromSeq; seq++) {
    if (erased.has(seq)) continue;
    kept.set(seq, record.kept.slice(at, at + keyBytes));
    at += keyBytes;
  }
  const isWhole = at === record.kept.length && [...erased.keys()].every((seq) => seq < fromSeq);
  return isWhole ? { devSignPub, incarnation, chain: { fromSeq, key, kept, erased } } : undefined;
};
