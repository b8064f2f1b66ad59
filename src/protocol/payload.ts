/**
 * Payloads of the body types that keep a conversation going; what people write is in
 * content-payloads.ts. A payload that does not read is
 * withheld, like an unknown type; its entry stays in the log.
 */
import { assert } from '../base/assert.ts';
import { arrayUpTo, bytesOf, bytesUpTo, recordOf, textUpTo, tupleOf } from './cbor.ts';
import type { CborValue, Read } from './cbor.ts';
import type { MessageName } from './content-payloads.ts';
import { limits } from './limits.ts';

/** `profile`: what the author wants to be called here. */
export interface NamePayload {
  readonly name: string;
}

/** `receipt`: read of each named author up to this message. */
export interface ReceiptPayload {
  readonly read: ReadonlyArray<MessageName>;
}

/** `ops`: control ops and identity logs as received, for those who lack them. */
export interface OpsPayload {
  readonly ops: ReadonlyArray<Uint8Array>;
  readonly identityLogs: ReadonlyArray<Uint8Array>;
}

/** [PL1] Total, like all readers here. */
export const readName: Read<NamePayload> = recordOf({ name: textUpTo(limits.nameBytesMax) });
export const encodeName = ({ name }: NamePayload): CborValue => ({ name });

const readReceiptRecord = recordOf({
  read: arrayUpTo(limits.readMarksMax, tupleOf(bytesOf(32), bytesOf(16))),
});

export const readReceipt: Read<ReceiptPayload> = (value) => {
  const record = readReceiptRecord(value);
  return record && { read: record.read.map(([identityId, mid]) => ({ identityId, mid })) };
};
export const encodeReceipt = ({ read }: ReceiptPayload): CborValue => ({
  read: read.map(({ identityId, mid }) => [identityId, mid]),
});

/** `control`: the bytes of one signed op. */
export const readControl: Read<Uint8Array> = bytesUpTo(limits.opBytesMax);
export const encodeControl = (op: Uint8Array): CborValue => op;

const readBlobs = arrayUpTo(limits.opsPerPayloadMax, bytesUpTo(limits.opsPayloadBytesMax));
const readOpsRecord = recordOf({ ops: readBlobs, identityLogs: readBlobs });

const sizeOf = (items: ReadonlyArray<Uint8Array>): number =>
  items.reduce((sum, item) => sum + item.length, 0);

const isWithinLimits = ({ ops, identityLogs }: OpsPayload): boolean =>
  ops.length + identityLogs.length <= limits.opsPerPayloadMax &&
  sizeOf(ops) + sizeOf(identityLogs) <= limits.opsPayloadBytesMax;

/** [PL2] At most 24 KiB of ops and logs together, and so many items. */
export const readOps: Read<OpsPayload> = (value) => {
  const record = readOpsRecord(value);
  return record !== undefined && isWithinLimits(record) ? record : undefined;
};
export const encodeOps = (payload: OpsPayload): CborValue => {
  assert(isWithinLimits(payload), 'an ops payload is within its limits');
  return { ops: payload.ops, identityLogs: payload.identityLogs };
};

/** [PL3] Everything in as few payloads as fit in order, ops first; none for nothing. */
export const packOps = ({ ops, identityLogs }: OpsPayload): ReadonlyArray<OpsPayload> => {
  const packed: { ops: Uint8Array[]; identityLogs: Uint8Array[] }[] = [];
  let bytes = 0;
  const add = (kind: 'ops' | 'identityLogs', item: Uint8Array): void => {
    assert(item.length <= limits.opsPayloadBytesMax, 'one op or log fits in a payload');
    let last = packed.at(-1);
    const count = last === undefined ? 0 : last.ops.length + last.identityLogs.length;
    const isFull =
      count >= limits.opsPerPayloadMax || bytes + item.length > limits.opsPayloadBytesMax;
    if (last === undefined || isFull) {
      last = { ops: [], identityLogs: [] };
      packed.push(last);
      bytes = 0;
    }
    last[kind].push(item);
    bytes += item.length;
  };
  for (const op of ops) add('ops', op);
  for (const log of identityLogs) add('identityLogs', log);
  return packed;
};
