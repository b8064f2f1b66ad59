/**
 * Bytes of `/sotto/rendezvous/1` (PROTOCOL.md §8): under an opaque key a member leaves a sealed
 * blob at a relay and learns the blobs of the others. One request, one reply, on a stream that
 * stays open; the relay pushes nothing. All numbers are big-endian. Every decoder is total.
 *
 *   request  version u8=1 ‖ kind u8 (0 poll, 1 register) ‖ for register: count u16 ‖
 *            count × (key[32] ‖ length u16 ‖ blob)
 *   reply    version u8=1 ‖ status u8 ‖ day u32 ‖ count u16 ‖
 *            count × (key[32] ‖ peers u8 ‖ peers × (length u16 ‖ blob))
 *
 * `register` replaces what this peer had registered and is answered with all its keys; `poll` is
 * answered with the keys whose blobs changed since the last reply on this stream. Own blobs are
 * left out.
 */
import { assert } from '../../base/assert.ts';
import { concatBytes, readU16be, readU32be, toHex, u16be, u32be } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { Meeting } from '../port.ts';

export const rendezvousProtocol = '/sotto/rendezvous/1';
const version = 1;
export const meetingKeyBytes = 32;

/** Why a registration was not taken; `ok` otherwise. */
export type RendezvousStatus = 'ok' | 'no-reservation' | 'full' | 'malformed' | 'too-often';
const statuses: ReadonlyArray<RendezvousStatus> = [
  'ok',
  'no-reservation',
  'full',
  'malformed',
  'too-often',
];

export interface RendezvousRequest {
  /** Undefined: only ask. */
  readonly meetings: ReadonlyArray<Meeting> | undefined;
}

export interface MetBlobs {
  readonly key: Uint8Array;
  readonly blobs: ReadonlyArray<Uint8Array>;
}

export interface RendezvousReply {
  readonly status: RendezvousStatus;
  /** The relay's count of days since 1970. */
  readonly day: number;
  readonly met: ReadonlyArray<MetBlobs>;
}

const isBlobLength = (length: number): boolean =>
  length > 0 && length <= limits.meetingBlobBytesMax;

const encodeBlob = (blob: Uint8Array): Uint8Array => concatBytes(u16be(blob.length), blob);

export const encodeRequest = (request: RendezvousRequest): Uint8Array => {
  const { meetings } = request;
  if (meetings === undefined) return Uint8Array.of(version, 0);
  assert(meetings.length <= limits.meetingsPerRelayMax, 'meetings per relay are bounded');
  return concatBytes(
    Uint8Array.of(version, 1),
    u16be(meetings.length),
    ...meetings.flatMap(({ key, blob }) => {
      assert(key.length === meetingKeyBytes, 'a meeting key has 32 bytes');
      assert(isBlobLength(blob.length), 'a meeting blob has 1 to 512 bytes');
      return [key, encodeBlob(blob)];
    }),
  );
};

export const encodeReply = (reply: RendezvousReply): Uint8Array =>
  concatBytes(
    Uint8Array.of(version, statuses.indexOf(reply.status)),
    u32be(reply.day),
    u16be(reply.met.length),
    ...reply.met.flatMap(({ key, blobs }) => [
      key,
      Uint8Array.of(blobs.length),
      ...blobs.map(encodeBlob),
    ]),
  );

/** Bytes that one key takes in a reply: the relay counts before it answers. */
export const metBytes = (met: MetBlobs): number =>
  met.blobs.reduce((sum, blob) => sum + 2 + blob.length, meetingKeyBytes + 1);

/** A cursor that answers undefined past the end, so that no decoder has to count. */
const createReader = (bytes: Uint8Array) => {
  let at = 0;
  const take = (length: number): Uint8Array | undefined => {
    if (at + length > bytes.length) return undefined;
    at += length;
    return bytes.slice(at - length, at);
  };
  const number = (length: number, read: (bytes: Uint8Array, at: number) => number) => {
    const taken = take(length);
    return taken === undefined ? undefined : read(taken, 0);
  };
  return {
    take,
    u8: () => number(1, (taken) => taken[0] ?? 0),
    u16: () => number(2, readU16be),
    u32: () => number(4, readU32be),
    isAtEnd: () => at === bytes.length,
  };
};
type Reader = ReturnType<typeof createReader>;

const readBlob = (reader: Reader): Uint8Array | undefined => {
  const length = reader.u16();
  return length === undefined || !isBlobLength(length) ? undefined : reader.take(length);
};

/** Reads `count` things; undefined as soon as one of them is not there. */
const readMany = <T>(count: number, read: () => T | undefined): T[] | undefined => {
  const many: T[] = [];
  for (let i = 0; i < count; i++) {
    const one = read();
    if (one === undefined) return undefined;
    many.push(one);
  }
  return many;
};

const hasDuplicateKeys = (many: ReadonlyArray<{ readonly key: Uint8Array }>): boolean =>
  new Set(many.map(({ key }) => toHex(key))).size !== many.length;

/** [RZ1] Total. Keys appear once; nothing follows. */
export const decodeRequest = (bytes: Uint8Array): Result<RendezvousRequest, 'malformed'> => {
  const reader = createReader(bytes);
  const [readVersion, kind] = [reader.u8(), reader.u8()];
  if (readVersion !== version || (kind !== 0 && kind !== 1)) return err('malformed');
  if (kind === 0) return reader.isAtEnd() ? ok({ meetings: undefined }) : err('malformed');
  const count = reader.u16();
  if (count === undefined || count > limits.meetingsPerRelayMax) return err('malformed');
  const meetings = readMany(count, () => {
    const key = reader.take(meetingKeyBytes);
    const blob = key && readBlob(reader);
    return key && blob && { key, blob };
  });
  if (meetings === undefined || !reader.isAtEnd()) return err('malformed');
  return hasDuplicateKeys(meetings) ? err('malformed') : ok({ meetings });
};

/** [RZ1] Total. */
export const decodeReply = (bytes: Uint8Array): Result<RendezvousReply, 'malformed'> => {
  const reader = createReader(bytes);
  const readVersion = reader.u8();
  const status = statuses[reader.u8() ?? -1];
  const day = reader.u32();
  const count = reader.u16();
  if (readVersion !== version || status === undefined) return err('malformed');
  if (day === undefined || count === undefined) return err('malformed');
  if (count > limits.meetingsPerRelayMax) return err('malformed');
  const met = readMany(count, () => {
    const key = reader.take(meetingKeyBytes);
    const peers = reader.u8();
    if (key === undefined || peers === undefined) return undefined;
    if (peers > limits.meetingPeersPerKeyMax) return undefined;
    const blobs = readMany(peers, () => readBlob(reader));
    return blobs && { key, blobs };
  });
  if (met === undefined || !reader.isAtEnd() || hasDuplicateKeys(met)) return err('malformed');
  return ok({ status, day, met });
};
