/**
 * What a chunk of a file costs in cryptography: by the platform as the app does it, by tweetnacl and
 * by the portable code that stands in where a page has no WebCrypto. The same bytes for all three, in
 * Node and in a page.
 */
import nacl from 'tweetnacl';
import { createNobleCipher } from '../../../src/crypto/chunk-cipher-noble.ts';
import type { ChunkCipher } from '../../../src/crypto/chunk-cipher.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { perSecond, type Work } from './crypto-work.ts';

export interface ChunkContest {
  readonly measures: string;
  readonly platform: Work;
  readonly tweetnacl: Work;
  readonly noble: Work;
}

/** Megabytes of plaintext a second. */
export type ChunkScore = Readonly<Record<Exclude<keyof ChunkContest, 'measures'>, number>>;

/** A chunk that no machine could have guessed: `getRandomValues` gives so much at once. */
const chunk = (): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(limits.chunkBytes));

const noHead = new Uint8Array(0);

const mustOpen = async (opened: ReturnType<ChunkCipher['open']>): Promise<void> => {
  if ((await opened) === undefined) throw new Error('not so: the chunk opens');
};

export const createChunkContests = async (
  platform: ChunkCipher,
): Promise<ReadonlyArray<ChunkContest>> => {
  const noble = createNobleCipher();
  const plaintext = chunk();
  const key = crypto.getRandomValues(new Uint8Array(32));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const longNonce = crypto.getRandomValues(new Uint8Array(nacl.secretbox.nonceLength));
  const box = await platform.seal({ key, nonce, plaintext });
  const naclBox = nacl.secretbox(plaintext, longNonce, key);
  return [
    {
      measures: 'seal',
      platform: () => platform.seal({ key, nonce, plaintext }),
      tweetnacl: () => nacl.secretbox(plaintext, longNonce, key),
      noble: () => noble.seal({ key, nonce, plaintext }),
    },
    {
      measures: 'open',
      platform: () => mustOpen(platform.open({ key, nonce, box })),
      tweetnacl: () => {
        if (nacl.secretbox.open(naclBox, longNonce, key) === null) throw new Error('not so');
      },
      noble: () => mustOpen(noble.open({ key, nonce, box })),
    },
    {
      measures: 'name (SHA-512)',
      platform: () => platform.sha512(noHead, box),
      tweetnacl: () => nacl.hash(box),
      noble: () => noble.sha512(noHead, box),
    },
  ];
};

const megabytesPerSecond = async (work: Work, forMs: number): Promise<number> =>
  ((await perSecond(work, forMs)) * limits.chunkBytes) / 1_000_000;

/** One round: each piece of work, by all three in turn. */
export const playChunks = async (
  contests: ReadonlyArray<ChunkContest>,
  forMs: number,
): Promise<ReadonlyArray<ChunkScore>> => {
  const scores: ChunkScore[] = [];
  for (const { platform, tweetnacl, noble } of contests) {
    scores.push({
      platform: await megabytesPerSecond(platform, forMs),
      tweetnacl: await megabytesPerSecond(tweetnacl, forMs),
      noble: await megabytesPerSecond(noble, forMs),
    });
  }
  return scores;
};
