/** One chunk: sealed under its file's key at its place, named by its bytes. */
import { concatBytes, equalBytes, utf8ToBytes } from '../../base/bytes.ts';
import type { ChunkCipher } from '../../crypto/chunk-cipher.ts';
import { chunkIdBytes } from './file-size.ts';
import { chunkOverheadBytes, type Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';

const label = concatBytes(utf8ToBytes('sotto1/chunk'), Uint8Array.of(0));

/** `H("sotto1/chunk", ciphertext)`. */
export const chunkIdOf = async (cipher: ChunkCipher, sealed: Uint8Array): Promise<Uint8Array> => {
  const digest = await cipher.sha512(label, sealed);
  return digest.slice(0, chunkIdBytes);
};

export interface ChunkOf {
  readonly keys: Pick<Manifest, 'key' | 'prefix'>;
  readonly layout: Layout;
  readonly slot: number;
}

/** Padded with zeros to what the slot holds. */
export const sealChunk = async (
  cipher: ChunkCipher,
  { keys, layout, slot }: ChunkOf,
  bytes: Uint8Array,
): Promise<Uint8Array> => {
  const plaintext = new Uint8Array(layout.plainBytes(slot));
  plaintext.set(bytes);
  return cipher.seal({ key: keys.key, nonce: layout.nonceOf(keys.prefix, slot), plaintext });
};

/** [BL4] Exactly the bytes that the id names; a chunk of another place does not open here. */
export const isChunk = async (
  cipher: ChunkCipher,
  { layout, slot }: Pick<ChunkOf, 'layout' | 'slot'>,
  { id, sealed }: { readonly id: Uint8Array; readonly sealed: Uint8Array },
): Promise<boolean> =>
  sealed.length === layout.plainBytes(slot) + chunkOverheadBytes &&
  equalBytes(await chunkIdOf(cipher, sealed), id);

export const openChunk = async (
  cipher: ChunkCipher,
  { keys, layout, slot }: ChunkOf,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> =>
  cipher.open({ key: keys.key, nonce: layout.nonceOf(keys.prefix, slot), box: sealed });
