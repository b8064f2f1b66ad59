/**
 * A fork proof: one device wrote two different histories (PROTOCOL §3 rule 7). Either two runs of
 * envelope skeletons that part at one place, each ending signed, or two binds of one device that are
 * of one incarnation or name one writer. Proofs need no keys, so anybody can check them; whether the
 * writer is the device's they do not show: only a log counts as forked that this device began.
 */
import {
  compareBytes,
  concatBytes,
  equalBytes,
  readU64be,
  u64be,
  utf8ToBytes,
} from '../../base/bytes.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { type Bind, decodeBind, verifyBind } from '../epochs/bind.ts';
import { skeletonBytes } from '../envelope.ts';
import { limits } from '../limits.ts';
import type { Signed } from '../signed-record.ts';
import type { ForkBody } from './op-bodies.ts';

/** A log that counts only below `seq`. */
export interface ForkedLog {
  readonly epochId: Uint8Array;
  readonly devSignPub: Uint8Array;
  readonly writerPub: Uint8Array;
  readonly seq: number;
}

export interface ForkProof {
  /** What an `excuse` of the root names. The same for every proof of the same divergence. */
  readonly forkId: Uint8Array;
  /** One log, or the two that a device with two binds claims. */
  readonly logs: ReadonlyArray<ForkedLog>;
  /** What the proof shows of how those logs begin. */
  readonly binds: ReadonlyArray<Bind & Signed>;
}

const envelopeSignatureLabel = utf8ToBytes('sotto1/envelope-sig');
const signedSkeletonBytes = skeletonBytes - 64;

interface Skeleton {
  readonly bytes: Uint8Array;
  readonly mailbox: Uint8Array;
  readonly writerPub: Uint8Array;
  readonly seq: number;
  readonly prev: Uint8Array;
}

const readSkeleton = (bytes: Uint8Array): Skeleton | undefined => {
  if (bytes.length !== skeletonBytes || bytes[0] !== 1 || bytes[1] !== 1) return undefined;
  const seq = readU64be(bytes, 50);
  if (seq === undefined || seq >= limits.seqMax) return undefined;
  return {
    bytes,
    mailbox: bytes.subarray(2, 18),
    writerPub: bytes.subarray(18, 50),
    seq,
    prev: bytes.subarray(58, 90),
  };
};

const skeletonHash = ({ bytes }: Skeleton): Uint8Array => hash('sotto1/envelope', bytes);

/** The skeletons of one side, linked and of one writer; undefined if they are not. */
const readRun = (
  run: ReadonlyArray<Uint8Array>,
): { readonly first: Skeleton; readonly last: Skeleton } | undefined => {
  const skeletons: Skeleton[] = [];
  for (const bytes of run) {
    const skeleton = readSkeleton(bytes);
    if (skeleton === undefined) return undefined;
    const before = skeletons.at(-1);
    const isNext =
      before === undefined ||
      (skeleton.seq === before.seq + 1 &&
        equalBytes(skeleton.prev, skeletonHash(before)) &&
        equalBytes(skeleton.writerPub, before.writerPub) &&
        equalBytes(skeleton.mailbox, before.mailbox));
    if (!isNext) return undefined;
    skeletons.push(skeleton);
  }
  const [first, last] = [skeletons[0], skeletons.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
};

const forkIdOf = ({ epochId, devSignPub, writerPub, seq }: ForkedLog): Uint8Array =>
  hash('sotto1/fork', concatBytes(epochId, devSignPub, writerPub, u64be(seq)));

const readTwoRuns = (bind: Bind & Signed, body: ForkBody): ForkProof | undefined => {
  const [a, b] = [readRun(body.runA), readRun(body.runB)];
  if (a === undefined || b === undefined) return undefined;
  const isDivergence =
    equalBytes(a.first.writerPub, bind.writerPub) &&
    equalBytes(b.first.writerPub, bind.writerPub) &&
    equalBytes(a.first.mailbox, b.first.mailbox) &&
    a.first.seq === b.first.seq &&
    equalBytes(a.first.prev, b.first.prev) &&
    !equalBytes(a.first.bytes, b.first.bytes);
  if (!isDivergence) return undefined;
  const { epochId, devSignPub, writerPub } = bind;
  const log = { epochId, devSignPub, writerPub, seq: a.first.seq };
  return { forkId: forkIdOf(log), logs: [log], binds: [bind] };
};

/** Two beginnings of one log, or two logs of which a device may have one. */
const readTwoBinds = (bind: Bind & Signed, other: Bind & Signed): ForkProof | undefined => {
  const isTwice =
    equalBytes(bind.epochId, other.epochId) &&
    equalBytes(bind.devSignPub, other.devSignPub) &&
    !equalBytes(bind.signedBytes, other.signedBytes) &&
    (bind.incarnation === other.incarnation || equalBytes(bind.writerPub, other.writerPub));
  if (!isTwice) return undefined;
  const binds = [bind, other].sort(
    (a, b) => compareBytes(a.writerPub, b.writerPub) || compareBytes(a.signedBytes, b.signedBytes),
  );
  const logs = binds.map(({ epochId, devSignPub, writerPub }) => {
    return { epochId, devSignPub, writerPub, seq: 0 };
  });
  const [first] = logs;
  return first === undefined ? undefined : { forkId: forkIdOf(first), logs, binds };
};

/** [FK1] Total. What the proof says, if its signatures hold. */
export const readForkProof = (body: ForkBody): ForkProof | undefined => {
  const bind = decodeBind(body.bind);
  if (!bind.ok) return undefined;
  if (body.otherBind === undefined) return readTwoRuns(bind.value, body);
  const other = decodeBind(body.otherBind);
  const isBare = body.runA.length === 0 && body.runB.length === 0;
  return other.ok && isBare ? readTwoBinds(bind.value, other.value) : undefined;
};

const isSkeletonSigned = async (
  backend: CryptoBackend,
  bytes: Uint8Array | undefined,
): Promise<boolean> => {
  const skeleton = bytes === undefined ? undefined : readSkeleton(bytes);
  if (skeleton === undefined) return false;
  return verifySignature(backend, {
    publicKey: skeleton.writerPub,
    message: concatBytes(envelopeSignatureLabel, skeleton.bytes.subarray(0, signedSkeletonBytes)),
    signature: skeleton.bytes.subarray(signedSkeletonBytes),
  });
};

const isBindSigned = async (backend: CryptoBackend, bytes: Uint8Array): Promise<boolean> => {
  const bind = decodeBind(bytes);
  return bind.ok && (await verifyBind(backend, bind.value));
};

/** [FK2] True iff the device signed the bind (or both), and the writer the end of both runs. */
export const verifyForkSignatures = async (
  backend: CryptoBackend,
  body: ForkBody,
): Promise<boolean> => {
  if (!(await isBindSigned(backend, body.bind))) return false;
  if (body.otherBind !== undefined) return isBindSigned(backend, body.otherBind);
  return (
    (await isSkeletonSigned(backend, body.runA.at(-1))) &&
    (await isSkeletonSigned(backend, body.runB.at(-1)))
  );
};
