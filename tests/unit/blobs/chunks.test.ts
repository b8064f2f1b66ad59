import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { createNobleCipher } from '../../../src/crypto/chunk-cipher-noble.ts';
import { createSubtleCipher } from '../../../src/crypto/chunk-cipher.ts';
import { chunkIdOf, isChunk, openChunk, sealChunk } from '../../../src/protocol/blobs/chunks.ts';
import { Layout } from '../../../src/protocol/blobs/layout.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { fixedBytes } from '../protocol/fixtures.ts';

const keys = { key: fixedBytes('key'), prefix: fixedBytes('prefix', 4) };
const ciphers = [
  ['noble', createNobleCipher()],
  ['WebCrypto', createSubtleCipher(crypto.subtle)],
] as const;

const layouts = [0, 65_536, 65_537, 1 << 20, 1 << 21, 140 << 20].flatMap((sizeBytes) =>
  [undefined, 900].map((previewBytes) => new Layout({ sizeBytes, previewBytes })),
);

describe('the layout of a file', () => {
  test('[BL2] no two slots of a file share a nonce', () => {
    for (const layout of layouts) {
      const nonces = new Set<string>();
      for (let slot = 0; slot < layout.slotCount; slot++) {
        nonces.add(toHex(layout.nonceOf(keys.prefix, slot)));
      }
      expect(nonces.size).toBe(layout.slotCount);
    }
  });

  test('[BL8] every chunk is named once: by the manifest, or by an index above it', () => {
    for (const layout of layouts) {
      const named = new Set<string>();
      for (let slot = 0; slot < layout.slotCount; slot++) {
        const { in: parent, at } = layout.idPlace(slot);
        named.add(`${String(parent)}/${String(at)}`);
        const isAbove =
          typeof parent !== 'number' ||
          (parent < slot && (at + 1) * 32 <= layout.plainBytes(parent));
        if (!isAbove) expect.fail(`slot ${String(slot)} is named by no index before it`);
      }
      expect(named.size).toBe(layout.slotCount);
    }
  });

  test('[BL8] what is sent of a file tells its size to one part in eight', () => {
    for (let sizeBytes = 1; sizeBytes < limits.fileBytesMax; sizeBytes = sizeBytes * 3 + 1) {
      const { paddedBytes } = new Layout({ sizeBytes, previewBytes: undefined });
      expect(paddedBytes).toBeGreaterThanOrEqual(sizeBytes);
      expect(paddedBytes).toBeLessThanOrEqual(Math.max(1024, sizeBytes * 1.125));
    }
    const sizes = [40_000, 40_500, 40_900].map(
      (sizeBytes) => new Layout({ sizeBytes, previewBytes: undefined }),
    );
    expect(new Set(sizes.map(({ paddedBytes }) => paddedBytes)).size).toBe(1);
  });
});

describe.each(ciphers)('a chunk sealed by %s', (_, cipher) => {
  const layout = new Layout({ sizeBytes: 100_000, previewBytes: 900 });
  const at = (slot: number) => ({ keys, layout, slot });

  test('[BL4] opens to what it was, with zeros after it', async () => {
    const sealed = await sealChunk(cipher, at(0), fixedBytes('preview', 900));
    const opened = await openChunk(cipher, at(0), sealed);
    expect(opened?.subarray(0, 900)).toEqual(fixedBytes('preview', 900));
    expect(opened?.subarray(900).every((byte) => byte === 0)).toBe(true);
  });

  test('[BL4] is no other chunk: not cut, not changed, not of another place', async () => {
    const sealed = await sealChunk(cipher, at(1), fixedBytes('data', 65_536));
    const id = await chunkIdOf(cipher, sealed);
    const changed = sealed.slice();
    changed[70] = (changed[70] ?? 0) ^ 1;
    expect(await isChunk(cipher, at(1), { id, sealed })).toBe(true);
    expect(await isChunk(cipher, at(1), { id, sealed: changed })).toBe(false);
    expect(await isChunk(cipher, at(1), { id, sealed: sealed.subarray(1) })).toBe(false);
    expect(await isChunk(cipher, at(2), { id, sealed })).toBe(false);
    expect(await openChunk(cipher, at(1), changed)).toBeUndefined();
    const otherLayout = new Layout({ sizeBytes: 70_000, previewBytes: undefined });
    expect(await openChunk(cipher, { keys, layout: otherLayout, slot: 1 }, sealed)).toBeUndefined();
  });

  test('[CR14] is the same bytes by every cipher', async () => {
    const sealed = await sealChunk(cipher, at(2), fixedBytes('data', 500));
    for (const [, other] of ciphers) {
      expect(await sealChunk(other, at(2), fixedBytes('data', 500))).toEqual(sealed);
      expect(await chunkIdOf(other, sealed)).toEqual(await chunkIdOf(cipher, sealed));
    }
  });
});
