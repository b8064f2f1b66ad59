/** Yjs V1 updates by hand: also those that no honest replica writes. */
import * as encoding from 'lib0/encoding';
import { toHex } from '../../src/base/bytes.ts';
import type { Envelope } from '../../src/protocol/envelope.ts';
import { cid } from '../../src/replication/writer-id.ts';

export type WriteStruct = (encoder: encoding.Encoder) => void;

export interface CraftedClient {
  readonly client: number;
  readonly clock: number;
  readonly structs: ReadonlyArray<WriteStruct>;
  /** Claimed, where it is not the true one. */
  readonly count?: number;
}

export interface Deletion {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

export const craftUpdate = (
  clients: ReadonlyArray<CraftedClient>,
  deletions: ReadonlyArray<Deletion> = [],
): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clients.length);
  for (const { client, clock, structs, count } of clients) {
    encoding.writeVarUint(encoder, count ?? structs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    for (const write of structs) write(encoder);
  }
  encoding.writeVarUint(encoder, deletions.length);
  for (const { client, clock, length } of deletions) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarUint(encoder, length);
  }
  return encoding.toUint8Array(encoder);
};

interface Id {
  readonly client: number;
  readonly clock: number;
}

export interface CraftedItem {
  readonly content: Uint8Array;
  readonly ref?: number; // 3 is binary
  readonly origin?: Id;
  readonly rightOrigin?: Id;
  readonly rootName?: string;
  readonly parentId?: Id;
  readonly parentSub?: string;
}

export const item =
  ({ content, ref = 3, origin, rightOrigin, ...rest }: CraftedItem): WriteStruct =>
  (encoder) => {
    const { rootName, parentId, parentSub } = rest;
    const flags = (origin ? 0x80 : 0) | (rightOrigin ? 0x40 : 0) | (parentSub ? 0x20 : 0);
    encoding.writeUint8(encoder, ref | flags);
    for (const id of [origin, rightOrigin]) {
      if (!id) continue;
      encoding.writeVarUint(encoder, id.client);
      encoding.writeVarUint(encoder, id.clock);
    }
    if (!origin && !rightOrigin) {
      encoding.writeVarUint(encoder, parentId ? 0 : 1);
      if (parentId) {
        encoding.writeVarUint(encoder, parentId.client);
        encoding.writeVarUint(encoder, parentId.clock);
      } else {
        encoding.writeVarString(encoder, rootName ?? '');
      }
      if (parentSub) encoding.writeVarString(encoder, parentSub);
    }
    encoding.writeVarUint8Array(encoder, content);
  };

/** GC is 0, Skip is 10. */
export const lengthStruct =
  (ref: number, length: number): WriteStruct =>
  (encoder) => {
    encoding.writeUint8(encoder, ref);
    encoding.writeVarUint(encoder, length);
  };

/** As honest replicas write it. */
export const entry = ({ writerPub, seq, bytes }: Envelope): WriteStruct =>
  item(
    seq === 0
      ? { content: bytes, rootName: toHex(writerPub) }
      : { content: bytes, origin: { client: cid(writerPub), clock: seq - 1 } },
  );
