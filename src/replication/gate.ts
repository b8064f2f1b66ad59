/**
 * [RP6] The second half of the gate: a run against what we hold of the same log. Pure: nothing is
 * applied here, and nothing but the entries and that log decides. What it does not ask is whether
 * seq 0 holds a valid bind: that needs the epoch's keys, so the core asks it between `checkRun` and
 * `apply`.
 */
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import type { Envelope } from '../protocol/envelope.ts';
import { limits } from '../protocol/limits.ts';
import { isSameLog, partOfRun, type Run, type WriterRef } from './runs.ts';
import { signedPart, type SignedRun } from './signatures.ts';

/** What is held of one log; `nextSeq` 0 and a hash of zeros where that is nothing. */
export interface HeldLog extends WriterRef {
  readonly nextSeq: number;
  readonly headHash: Uint8Array;
  /** The entries `from..to`, `to` exclusive; those that are not held are left out. */
  entries(from: number, to: number): ReadonlyArray<Envelope>;
  /** The entry hash at `seq`, undefined where nothing is held. */
  hashAt(seq: number): Uint8Array | undefined;
  /** The first entry at or after `seq` whose signature this device verified. */
  signedSeqFrom(seq: number): number | undefined;
}

/**
 * Two histories of one writer from where they part: same seq, same prev, other entry. Each has at
 * most 8 entries and ends at one that is validly signed.
 */
export interface ForkEvidence extends WriterRef {
  readonly fromSeq: number;
  readonly held: ReadonlyArray<Envelope>;
  readonly offered: ReadonlyArray<Envelope>;
}

export type Refusal =
  /** The run belongs to another epoch or writer than the log it was checked against. */
  | { readonly code: 'other-log' }
  /** Entries between ours and the run are missing: fetch from `nextSeq`. */
  | { readonly code: 'gap'; readonly nextSeq: number }
  /** No valid signature within reach of entry `seq`. */
  | { readonly code: 'unsigned'; readonly seq: number }
  /** Validly signed, but the histories part before `seq`: ask for earlier entries. */
  | { readonly code: 'diverged'; readonly seq: number }
  | { readonly code: 'fork'; readonly evidence: ForkEvidence };

export interface Admission {
  /** What is new, ready for `apply`; undefined where all of it is held. */
  readonly fresh: SignedRun | undefined;
  readonly alreadyHeldCount: number;
}

/**
 * All of the run or nothing. Honest senders end a run at an entry whose signature they verified,
 * so of a run of several entries `unsigned` costs the sender; a single live entry is ignored.
 */
export const checkRun = async (
  backend: CryptoBackend,
  held: HeldLog,
  run: Run,
): Promise<Result<Admission, Refusal>> => {
  if (!isSameLog(run, held)) return err({ code: 'other-log' });
  if (run.fromSeq > held.nextSeq) return err({ code: 'gap', nextSeq: held.nextSeq });

  const known = held.entries(run.fromSeq, run.fromSeq + run.envelopes.length);
  const partsAt = known.findIndex((entry, i) => !isSameEntry(entry, run.envelopes[i]));
  const alreadyHeldCount = partsAt < 0 ? known.length : partsAt;
  const joins = run.fromSeq === 0 || isLinked(held.hashAt(run.fromSeq - 1), run);
  if (!joins || partsAt >= 0) {
    const other = partOfRun(run, alreadyHeldCount, alreadyHeldCount + 1 + limits.unsignedRunMax);
    return err(await describeParting(backend, { held, other, joins }));
  }
  if (alreadyHeldCount === run.envelopes.length) {
    return ok({ fresh: undefined, alreadyHeldCount });
  }

  const offered = partOfRun(run, alreadyHeldCount, run.envelopes.length);
  const fresh = await signedPart(backend, offered);
  const signedCount = fresh?.envelopes.length ?? 0;
  if (!fresh || signedCount < offered.envelopes.length) {
    return err({ code: 'unsigned', seq: offered.fromSeq + signedCount });
  }
  return ok({ fresh, alreadyHeldCount });
};

const isSameEntry = (a: Envelope, b: Envelope | undefined): boolean =>
  b !== undefined && equalBytes(a.bytes, b.bytes);

const isLinked = (hashBefore: Uint8Array | undefined, run: Run): boolean => {
  const first = run.envelopes[0];
  return hashBefore !== undefined && first !== undefined && equalBytes(hashBefore, first.prev);
};

interface Parting {
  readonly held: HeldLog;
  /** The run from its first entry that is not ours; as much of it as one signature may cover. */
  readonly other: Run;
  /** Whether it is linked to our entry before it, so that this is where the histories part. */
  readonly joins: boolean;
}

/** Only what the writer signed counts as another history: anybody can invent an entry. */
const describeParting = async (
  backend: CryptoBackend,
  { held, other, joins }: Parting,
): Promise<Refusal> => {
  const { fromSeq, mailbox, writerPub } = other;
  const signed = await signedPart(backend, other);
  if (!signed) return { code: 'unsigned', seq: fromSeq };
  if (!joins) return { code: 'diverged', seq: fromSeq };

  const heldEnd = held.signedSeqFrom(fromSeq);
  const offeredEnd = signed.signedSeqs[0];
  assert(heldEnd !== undefined && offeredEnd !== undefined, 'every log ends at a signed entry');
  const evidence = {
    mailbox,
    writerPub,
    fromSeq,
    held: held.entries(fromSeq, heldEnd + 1),
    offered: signed.envelopes.slice(0, offeredEnd + 1 - fromSeq),
  };
  return { code: 'fork', evidence };
};
