/**
 * Control ops: the signed, content-addressed acts from which membership is computed
 * (PROTOCOL §3). An op is `canonical CBOR ‖ 64-byte device signature`, kept as received; it stands
 * apart from the entry that carried it.
 *
 * Decoding says what an op claims; `verifyOpSignature` says that its signers claim it. Only ops that
 * passed both go into an `OpSet` (op-set.ts).
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, equalBytes, isZero, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import {
  anyValue,
  arrayUpTo,
  bytesOf,
  type CborMap,
  encodeCanonical,
  naturalOf,
  oneOf,
  recordOf,
} from '../cbor.ts';
import { type ForkProof, readForkProof, verifyForkSignatures } from './fork.ts';
import { type IdentityLog, readIdentityLogBytes, verifyLogSignatures } from './identity.ts';
import { inviteIdOf, verifyJoinProof } from '../invites/join-proof.ts';
import { limits } from '../limits.ts';
import { type CreateBody, type OpBody, readOpBody } from './op-bodies.ts';
import { decodeSigned, type Signed, signRecord, verifySigned } from '../signed-record.ts';

export type * from './op-bodies.ts';

const version = 1;
const opLabel = 'sotto1/op-sig';
export const zeroId: Uint8Array = new Uint8Array(32);

export interface ControlOp extends Signed {
  readonly opId: Uint8Array;
  /** As received, signature included; never encoded again. */
  readonly bytes: Uint8Array;
  /** Of the conversation it belongs to; of a `create` the one it makes. */
  readonly convId: Uint8Array;
  /** Strictly ascending; none for a `create`. */
  readonly parents: ReadonlyArray<Uint8Array>;
  /** One more than the deepest parent's; 0 for a `create`. */
  readonly depth: number;
  readonly identityId: Uint8Array;
  readonly devSignPub: Uint8Array;
  readonly body: OpBody;
  /** The identity log in an `add`, `join` or `identity`, read. */
  readonly carriedLog: IdentityLog | undefined;
  /** What a `fork` proves. */
  readonly forkProof: ForkProof | undefined;
}

/** Bodies are plain data in exactly their wire shape; the encoder checks every value. */
const toWire = (body: OpBody): CborMap => body as unknown as CborMap;

/** [OP1] A conversation is named by what its `create` says, so two who create it meet in one. */
export const convIdOf = (body: CreateBody): Uint8Array =>
  hash('sotto1/conv', encodeCanonical(toWire(body)));

export const opIdOf = (bytes: Uint8Array): Uint8Array => hash('sotto1/op', bytes);

// ---------------------------------------------------------------- decoding

const readFields = recordOf({
  v: oneOf(version),
  convId: bytesOf(32),
  parents: arrayUpTo(limits.parentsMax, bytesOf(32)),
  depth: naturalOf,
  identityId: bytesOf(32),
  devSignPub: bytesOf(32),
  body: anyValue,
});

const isAscending = (ids: ReadonlyArray<Uint8Array>): boolean =>
  ids.every((id, at) => {
    const before = ids[at - 1];
    return before === undefined || compareBytes(before, id) < 0;
  });

interface Position {
  readonly convId: Uint8Array;
  readonly parents: ReadonlyArray<Uint8Array>;
  readonly depth: number;
}

/** A `create` is a root and names no conversation; everything else hangs below one. */
const isPlaced = (body: OpBody, { convId, parents, depth }: Position): boolean =>
  body.type === 'create'
    ? isZero(convId) && parents.length === 0 && depth === 0
    : !isZero(convId) && parents.length > 0 && depth > 0 && isAscending(parents);

interface Carried {
  readonly carriedLog: IdentityLog | undefined;
  readonly forkProof: ForkProof | undefined;
}

const carriesNothing: Carried = { carriedLog: undefined, forkProof: undefined };

/** What the body carries and whether it agrees with the rest of the op; undefined: it does not. */
const readCarried = (
  body: OpBody,
  author: { readonly identityId: Uint8Array; readonly devSignPub: Uint8Array },
): Carried | undefined => {
  switch (body.type) {
    case 'create': {
      const { conversation } = body;
      return conversation.kind !== 'direct' || isAscending(conversation.identityIds)
        ? carriesNothing
        : undefined;
    }
    case 'invite':
      return equalBytes(body.inviteId, inviteIdOf(body.invPub)) ? carriesNothing : undefined;
    case 'fork': {
      const forkProof = readForkProof(body);
      return forkProof && { carriedLog: undefined, forkProof };
    }
    case 'identity': {
      const carriedLog = readIdentityLogBytes(body.identityLog);
      return carriedLog && { carriedLog, forkProof: undefined };
    }
    case 'add': {
      const carriedLog = readIdentityLogBytes(body.identityLog);
      const isTheirs = carriedLog && equalBytes(carriedLog.identityId, body.identityId);
      return isTheirs ? { carriedLog, forkProof: undefined } : undefined;
    }
    case 'join': {
      const carriedLog = readIdentityLogBytes(body.identityLog);
      const isOwn =
        carriedLog &&
        equalBytes(carriedLog.identityId, author.identityId) &&
        carriedLog.devices.some((device) => equalBytes(device.devSignPub, author.devSignPub)) &&
        equalBytes(body.inviteId, inviteIdOf(body.invPub));
      return isOwn ? { carriedLog, forkProof: undefined } : undefined;
    }
    default:
      return carriesNothing;
  }
};

/** [OP2] Total: structure and the sense of each field; no signatures, no other op. */
export const decodeOp = (input: Uint8Array): Result<ControlOp, 'malformed-op'> => {
  const bytes = new Uint8Array(input); // stands alone: never keeps a whole network frame alive
  const decoded = decodeSigned(bytes, { bytesMax: limits.opBytesMax, read: readFields });
  if (decoded === undefined) return err('malformed-op');
  const { record: fields, signed } = decoded;
  const body = readOpBody(fields.body);
  if (body === undefined || !isPlaced(body, fields)) return err('malformed-op');
  const carried = readCarried(body, fields);
  if (carried === undefined) return err('malformed-op');
  const { parents, depth, identityId, devSignPub } = fields;
  const convId = body.type === 'create' ? convIdOf(body) : fields.convId;
  const position = { convId, parents, depth };
  const author = { identityId, devSignPub };
  return ok({ opId: opIdOf(bytes), bytes, ...position, ...author, body, ...carried, ...signed });
};

// ---------------------------------------------------------------- signing

export interface OpInput extends Position {
  readonly deviceSigner: Signer;
  readonly identityId: Uint8Array;
  readonly body: OpBody;
}

/** [OP3] Makes an op that decodes and verifies. `convId` is zeros for a `create`. */
export const signOp = async (input: OpInput): Promise<ControlOp> => {
  const { deviceSigner, convId, depth, identityId, body } = input;
  const bytes = await signRecord(deviceSigner, {
    label: opLabel,
    record: {
      v: version,
      convId,
      parents: [...input.parents].sort(compareBytes),
      depth,
      identityId,
      devSignPub: deviceSigner.publicKey,
      body: toWire(body),
    },
  });
  const op = decodeOp(bytes);
  assert(op.ok, `an own op is well-formed: ${body.type}`);
  return op.value;
};

/**
 * [OP4] True iff every signature in the op holds: its device's, those of the identity log it
 * carries, a join's proof, a fork's evidence. Whether the device may speak is the resolver's.
 */
export const verifyOpSignature = async (
  backend: CryptoBackend,
  op: ControlOp,
): Promise<boolean> => {
  const publicKey = op.devSignPub;
  if (!(await verifySigned(backend, { label: opLabel, publicKey, signed: op }))) return false;
  const { body, carriedLog, identityId, devSignPub } = op;
  if (carriedLog !== undefined && !(await verifyLogSignatures(backend, carriedLog))) return false;
  if (body.type === 'join') {
    const { inviteId, invPub, proof, nonce } = body;
    return verifyJoinProof(backend, { inviteId, invPub, proof, nonce, identityId, devSignPub });
  }
  return body.type !== 'fork' || verifyForkSignatures(backend, body);
};

/** The key under which maps hold an op, an identity or a device. */
export const keyOf = (id: Uint8Array): string => toHex(id);
