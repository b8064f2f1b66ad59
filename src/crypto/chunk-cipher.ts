/**
 * Sealing of file chunks: AES-256-GCM and SHA-512, since platforms do both in machine code: row
 * SEALFILE of `npm run bench` holds them against tweetnacl and the portable code. Each adapter gives
 * the same bytes.
 */
import type { MaybePromise } from '../base/result.ts';

export interface ChunkKey {
  /** 32 bytes, of one file. */
  readonly key: Uint8Array;
  /** 12 bytes, never twice under one key. */
  readonly nonce: Uint8Array;
}

export interface ChunkCipher {
  /** As long as the plaintext and 16 bytes. */
  seal(input: ChunkKey & { readonly plaintext: Uint8Array }): MaybePromise<Uint8Array>;
  /** Undefined when it was not sealed under this key and nonce, or was changed since. */
  open(input: ChunkKey & { readonly box: Uint8Array }): MaybePromise<Uint8Array | undefined>;
  /** Of both as one. */
  sha512(head: Uint8Array, bytes: Uint8Array): MaybePromise<Uint8Array>;
}

interface Algorithm {
  readonly name: 'AES-GCM';
  readonly iv: Uint8Array<ArrayBuffer>;
}

/** As much of WebCrypto as is used: Node has it, too. */
export interface SubtleChunks<Key> {
  importKey(
    format: 'raw',
    key: Uint8Array<ArrayBuffer>,
    algorithm: 'AES-GCM',
    isExtractable: false,
    usages: ('encrypt' | 'decrypt')[],
  ): Promise<Key>;
  encrypt(algorithm: Algorithm, key: Key, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  decrypt(algorithm: Algorithm, key: Key, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  digest(algorithm: 'SHA-512', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/** WebCrypto takes no shared memory: bytes of our own. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    : new Uint8Array(bytes);

/**
 * Joins two in memory that is used again: WebCrypto takes a copy of what it is given before it
 * answers, and for chunks new memory costs more than the hash.
 */
const createJoiner = () => {
  let room = new Uint8Array(0);
  return (head: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    const length = head.length + bytes.length;
    if (room.length < length) room = new Uint8Array(length);
    room.set(head);
    room.set(bytes, head.length);
    return room.subarray(0, length);
  };
};

export const createSubtleCipher = <Key>(subtle: SubtleChunks<Key>): ChunkCipher => {
  const join = createJoiner();
  const keyFor = (key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<Key> =>
    subtle.importKey('raw', own(key), 'AES-GCM', false, [usage]);
  return {
    seal: async ({ key, nonce, plaintext }) => {
      const sealing = await keyFor(key, 'encrypt');
      const algorithm = { name: 'AES-GCM', iv: own(nonce) } as const;
      return new Uint8Array(await subtle.encrypt(algorithm, sealing, own(plaintext)));
    },
    open: async ({ key, nonce, box }) => {
      const opening = await keyFor(key, 'decrypt');
      const algorithm = { name: 'AES-GCM', iv: own(nonce) } as const;
      try {
        return new Uint8Array(await subtle.decrypt(algorithm, opening, own(box)));
      } catch {
        return undefined; // WebCrypto throws on a tag that does not fit
      }
    },
    sha512: async (head, bytes) =>
      new Uint8Array(await subtle.digest('SHA-512', join(head, bytes))),
  };
};
