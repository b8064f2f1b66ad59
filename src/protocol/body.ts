/**
 * The body: what an envelope seals (PROTOCOL §5). A message is (author identity, mid); order on
 * screen is (lamport, hash); deps show gaps and forks and decide nothing; sentAt is only shown.
 */
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import {
  anyValue,
  arrayUpTo,
  bytesOf,
  decodeAs,
  encodeCanonical,
  intIn,
  naturalOf,
  recordOf,
  textUpTo,
  tupleOf,
  type CborValue,
} from './cbor.ts';
import { limits } from './limits.ts';

/** All types of protocol 1. A body of any other type is stored and not shown. */
export type EntryType =
  | 'text'
  | 'edit'
  | 'redact'
  | 'reaction'
  | 'receipt'
  | 'attachment'
  | 'poll'
  | 'vote'
  | 'pin'
  | 'profile'
  | 'settings'
  | 'call'
  | 'contact'
  | 'control'
  | 'ops'
  | 'seal'
  | 'bind'
  | 'doc'
  | 'void';

/** An entry of somebody's log that the author held. */
export interface Dep {
  readonly writerPub: Uint8Array;
  readonly seq: number;
  /** The first 8 bytes of its `entryHash`. */
  readonly hash8: Uint8Array;
}

export interface Body {
  /** An `EntryType`, or the type of a later version. */
  readonly type: string;
  /** 16 random bytes. */
  readonly mid: Uint8Array;
  readonly lamport: number;
  /** By the author's clock. */
  readonly sentAt: number;
  /** Newest first, and the hash of everything the author held of the epoch. */
  readonly deps: { readonly entries: ReadonlyArray<Dep>; readonly vectorHash: Uint8Array };
  readonly payload: CborValue;
}

/** [BO1] Deterministic CBOR; deps are `[[[writerPub, seq, hash8], …], vectorHash]`. */
export const encodeBody = ({ type, mid, lamport, sentAt, deps, payload }: Body): Uint8Array => {
  assert(deps.entries.length <= limits.depsMax, 'a body names no more deps than the limit');
  const entries = deps.entries.map(({ writerPub, seq, hash8 }) => [writerPub, seq, hash8]);
  const bytes = encodeCanonical({
    type,
    mid,
    lamport,
    sentAt,
    deps: [entries, deps.vectorHash],
    payload,
  });
  assert(bytes.length <= limits.bodyBytesMax, 'a body is within its limit');
  return bytes;
};

const readBody = recordOf({
  type: textUpTo(limits.entryTypeBytesMax),
  mid: bytesOf(16),
  lamport: naturalOf,
  sentAt: intIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  deps: tupleOf(
    arrayUpTo(limits.depsMax, tupleOf(bytesOf(32), intIn(0, limits.seqMax - 1), bytesOf(8))),
    bytesOf(32),
  ),
  payload: anyValue,
});

/** [BO2] Total. Any type and any payload: the readers in payload.ts know the types. */
export const decodeBody = (bytes: Uint8Array): Result<Body, 'malformed-body'> => {
  const body = decodeAs(bytes, { bytesMax: limits.bodyBytesMax, read: readBody });
  if (body === undefined) return err('malformed-body');
  const [entries, vectorHash] = body.deps;
  return ok({
    ...body,
    deps: {
      entries: entries.map(([writerPub, seq, hash8]) => ({ writerPub, seq, hash8 })),
      vectorHash,
    },
  });
};

// ---------------------------------------------------------------- lamport times
//
// They order what is shown, so nobody may push them far ahead. Each epoch has a base; an entry may
// lie above it by so much per entry of its own log, and the epoch as a whole by so much. Validity
// looks at the log of the writer alone, never at a clock. Who writes looks at their own, in seconds,
// where they have seen less: a newcomer from whom the past is kept does not stand before it then.

const atMostSafe = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);

const secondsOf = (nowMs: number): number => Math.max(0, Math.floor(nowMs / 1000));

/** [LA1] `base + min(2^20·(seq+1), 2^32)` */
export const lamportCeiling = (base: number, seq: number): number =>
  atMostSafe(base + Math.min(limits.lamportStepMax * (seq + 1), limits.lamportSpanMax));

export interface LamportPlace {
  /** Of the epoch, from its op. */
  readonly base: number;
  readonly seq: number;
  /** Of the writer's entry before in this epoch; undefined at its first (the bind has none). */
  readonly previous: number | undefined;
}

/** What a sender goes by; nobody else knows. */
export interface LamportHints {
  readonly greatestSeen: number;
  /** Unix time in milliseconds, by a clock that may be wrong. */
  readonly nowMs: number;
}

/** [LA2] Above the writer's previous, or the base at first, and not above the ceiling. */
export const isLamportValid = ({
  base,
  seq,
  previous,
  lamport,
}: LamportPlace & { readonly lamport: number }): boolean =>
  lamport > (previous ?? base) && lamport <= lamportCeiling(base, seq);

/**
 * [LA3] What a sender writes: after all it has seen, and not before its clock where every log of the
 * epoch may come that far, as far as the ceiling lets it. Undefined when the log has reached the
 * ceiling of the epoch: the next entry needs a new epoch.
 */
export const nextLamport = ({
  base,
  seq,
  previous,
  greatestSeen,
  nowMs,
}: LamportPlace & LamportHints): number | undefined => {
  const ceiling = lamportCeiling(base, seq);
  const seconds = secondsOf(nowMs);
  const isNear = seconds <= lamportCeiling(base, 0);
  const wanted = Math.max(greatestSeen + 1, isNear ? seconds : 0);
  const lamport = Math.max((previous ?? base) + 1, Math.min(wanted, ceiling));
  return lamport <= ceiling ? lamport : undefined;
};

/** [LA4] The base of a new epoch: near what was seen or now, and not drawn far ahead by a liar. */
export const nextBase = ({
  greatestSeen,
  greatestPastBase,
  nowMs,
}: LamportHints & {
  /** Among the epoch ops in the past of the new one; 0 where there is none. */
  readonly greatestPastBase: number;
}): number =>
  Math.min(
    Math.max(greatestSeen, greatestPastBase, secondsOf(nowMs)),
    atMostSafe(greatestPastBase + limits.lamportSpanMax),
  );
