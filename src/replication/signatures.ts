/**
 * [RP5] An entry is valid iff it or one of the next 7 of its chain is validly signed and the bytes
 * before that one are at most 24 KiB; else the log ends before it (PROTOCOL §6). So one check in
 * eight is enough for an honest log, and which entries are valid does not depend on which
 * signatures were looked at.
 */
import { assert } from '../base/assert.ts';
import type { Brand } from '../base/brand.ts';
import type { MaybePromise } from '../base/result.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { verifyEnvelope, type Envelope } from '../protocol/envelope.ts';
import { limits } from '../protocol/limits.ts';
import { partOfRun, type Run } from './runs.ts';

interface VerifiedRun extends Run {
  /** Ascending: the entries whose own signature was verified. Others may be signed as well. */
  readonly signedSeqs: ReadonlyArray<number>;
}

/** A run all of whose entries are valid; it ends at one whose signature was verified. */
export type SignedRun = VerifiedRun & Brand<'SignedRun'>;

/**
 * The longest valid part of a run, from its first entry; undefined if that one is not valid. Looks
 * at most at 7 signatures more than there are entries, whatever a hostile writer signs: only where
 * the log ends is a signature found bad twice.
 */
export const signedPart = async (
  backend: CryptoBackend,
  run: Run,
): Promise<SignedRun | undefined> => {
  const { envelopes, fromSeq } = run;
  const isSigned = (at: number): MaybePromise<boolean> => {
    const envelope = envelopes[at];
    assert(envelope !== undefined, 'only entries of the run are looked at');
    return verifyEnvelope(backend, envelope);
  };

  const signedSeqs: Array<number> = [];
  let length = 0;
  while (length < envelopes.length) {
    let voucher = lastVoucher(envelopes, length);
    while (voucher >= length && !(await isSigned(voucher))) voucher -= 1;
    if (voucher < length) break;
    signedSeqs.push(fromSeq + voucher);
    length = voucher + 1;
  }
  if (length === 0) return undefined;
  const verified: VerifiedRun = { ...partOfRun(run, 0, length), signedSeqs };
  return verified as SignedRun; // the only cast, behind the only check
};

/** The last entry whose signature may vouch for entry `at`: itself, or one of the next few. */
const lastVoucher = (envelopes: ReadonlyArray<Envelope>, at: number): number => {
  const end = Math.min(at + limits.unsignedRunMax, envelopes.length - 1);
  let unsignedBytes = 0;
  for (let voucher = at; voucher < end; voucher++) {
    unsignedBytes += envelopes[voucher]?.bytes.length ?? 0;
    if (unsignedBytes > limits.unsignedRunBytesMax) return voucher;
  }
  return end;
};
