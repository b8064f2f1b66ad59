/** [RP1] The Yjs client id of a writer (PROTOCOL §6). */
import { concatBytes, utf8ToBytes } from '../base/bytes.ts';
import { sha512 } from '../crypto/hash.ts';

const label = utf8ToBytes('sotto1/cid');
const separator = Uint8Array.of(0);

/**
 * `u64be(SHA-512("sotto1/cid" ‖ 0 ‖ writerPub)[0..8]) >> 11`: 53 bits, what a JavaScript number
 * holds exactly. Two keys with one id can be made on purpose (about 2^27 tries): log.ts keeps such
 * writers in documents of their own.
 */
export const cid = (writerPub: Uint8Array): number => {
  const digest = sha512(concatBytes(label, separator, writerPub));
  const view = new DataView(digest.buffer, digest.byteOffset, 8);
  return Number(view.getBigUint64(0) >> 11n);
};
