/**
 * Meeting at a relay (PROTOCOL §8): members register under a key that changes every day, and leave
 * a sealed note of how they are reached. The relay can link who shares a key for a day; it reads
 * nothing, and all notes are of one size.
 */
import { assert } from '../base/assert.ts';
import { concatBytes, isZero, readU16be, u16be, u32be } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { hmacSha512 } from '../crypto/kdf.ts';
import { secretboxOpen, secretboxOverheadBytes, secretboxSeal } from '../crypto/secretbox.ts';
import { arrayUpTo, decodeAs, encodeCanonical, naturalOf, recordOf, textUpTo } from './cbor.ts';
import { limits } from './limits.ts';

const nonceBytes = 24;
const lengthBytes = 2;
const plaintextBytes = limits.meetingBlobBytesMax - nonceBytes - secretboxOverheadBytes;

/** A libp2p node of one session; never in a log entry, never in a link. */
export interface PeerRecord {
  readonly peerId: string;
  /** Where it holds a reservation, best first. */
  readonly relays: ReadonlyArray<string>;
  /** Where it listens by itself, as its person set it up; most do nowhere. */
  readonly direct?: ReadonlyArray<string>;
  readonly expiresAtMs: number;
}

/** [RV1] `HMAC(rdv, u32be(day))[0..32]`; `day` is the relay's count of days since 1970. */
export const rendezvousKey = (rdv: Uint8Array, day: number): Uint8Array => {
  assert(rdv.length === 32, 'a rendezvous key has 32 bytes');
  return hmacSha512(rdv, u32be(day)).slice(0, 32);
};

const encodeRecord = ({ peerId, relays, direct, expiresAtMs }: PeerRecord): Uint8Array =>
  encodeCanonical({ peerId, relays, expiresAtMs, ...(direct === undefined ? {} : { direct }) });

const readRecord = recordOf(
  {
    peerId: textUpTo(limits.peerIdBytesMax),
    relays: arrayUpTo(limits.relaysMax, textUpTo(limits.relayAddressBytesMax)),
    expiresAtMs: naturalOf,
  },
  { direct: arrayUpTo(limits.directAddressesMax, textUpTo(limits.directAddressBytesMax)) },
);

/**
 * [RV2] `nonce ‖ secretbox(u16 length ‖ CBOR ‖ zeros)`, always 512 bytes. Addresses that do not fit
 * are left out, the last first: the record is found at each of its relays anyway.
 */
export const sealPeerRecord = (
  rdvSeal: Uint8Array,
  nonce: Uint8Array,
  record: PeerRecord,
): Uint8Array => {
  let relays = record.relays.slice(0, limits.relaysMax);
  let encoded = encodeRecord({ ...record, relays });
  while (encoded.length + lengthBytes > plaintextBytes && relays.length > 0) {
    relays = relays.slice(0, -1);
    encoded = encodeRecord({ ...record, relays });
  }
  assert(encoded.length + lengthBytes <= plaintextBytes, 'a peer id fits in a meeting blob');
  const plaintext = new Uint8Array(plaintextBytes);
  plaintext.set(concatBytes(u16be(encoded.length), encoded));
  return concatBytes(nonce, secretboxSeal({ key: rdvSeal, nonce, plaintext }));
};

/** [RV3] Total. Whoever shares the epoch may have written it: a hint where to dial, no identity. */
export const openPeerRecord = (
  rdvSeal: Uint8Array,
  blob: Uint8Array,
): Result<PeerRecord, 'bad-peer-record'> => {
  if (blob.length !== limits.meetingBlobBytesMax) return err('bad-peer-record');
  const plaintext = secretboxOpen({
    key: rdvSeal,
    nonce: blob.subarray(0, nonceBytes),
    box: blob.subarray(nonceBytes),
  });
  if (plaintext === undefined) return err('bad-peer-record');
  const end = lengthBytes + readU16be(plaintext, 0);
  if (end > plaintextBytes || !isZero(plaintext.subarray(end))) return err('bad-peer-record');
  const record = decodeAs(plaintext.subarray(lengthBytes, end), {
    bytesMax: plaintextBytes,
    read: readRecord,
  });
  return record === undefined ? err('bad-peer-record') : ok(record);
};
