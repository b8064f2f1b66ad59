/** What somebody holds of one writer's log: a state vector's entry plus the hash of the last entry. */
import { bytesOf, intIn, tupleOf, type CborValue, type Read } from './cbor.ts';
import { limits } from './limits.ts';

export interface Row {
  readonly writerPub: Uint8Array;
  readonly nextSeq: number;
  readonly headHash: Uint8Array;
}

const readFields = tupleOf(bytesOf(32), intIn(1, limits.seqMax), bytesOf(32));

export const readRow: Read<Row> = (value) => {
  const fields = readFields(value);
  return fields && { writerPub: fields[0], nextSeq: fields[1], headHash: fields[2] };
};

export const rowToCbor = ({ writerPub, nextSeq, headHash }: Row): CborValue => [
  writerPub,
  nextSeq,
  headHash,
];
