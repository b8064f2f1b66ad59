/**
 * What a message costs in cryptography, ours and bare, the same in Node and in a page. One piece of
 * work is done in batches that run at once, as the gate and the journal do theirs.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import nacl from 'tweetnacl';
import type { CryptoBackend, Signer } from '../../../src/crypto/backend.ts';
import { createNobleBackend } from '../../../src/crypto/noble.ts';
import { verifySignature } from '../../../src/crypto/signature.ts';
import { decodeEnvelope, verifyEnvelope } from '../../../src/protocol/envelope.ts';
import { openEnvelope, sealEnvelope } from '../../../src/protocol/envelope-box.ts';
import { encodeBody } from '../../../src/protocol/body.ts';

const batchSize = 32;
const textBytes = 256;

/** Each does one piece of work and fails when its result is wrong. */
export type Work = () => unknown;

/** Operations in a second of wall time, over about this long. */
export const perSecond = async (work: Work, forMs: number): Promise<number> => {
  const startedMs = performance.now();
  let done = 0;
  let tookMs = 0;
  while (tookMs < forMs) {
    const batch: unknown[] = [];
    for (let i = 0; i < batchSize; i++) batch.push(work());
    await Promise.all(batch);
    done += batchSize;
    tookMs = performance.now() - startedMs;
  }
  return (1000 * done) / tookMs;
};

const bytes = (length: number, first: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (first + 7 * i) & 0xff);

const must = (condition: boolean, sentence: string): void => {
  if (!condition) throw new Error(`not so: ${sentence}`);
};

/** A text of 256 bytes as an entry: what is sealed, signed, verified and opened. */
const createEntryWork = async (backend: CryptoBackend) => {
  const writer: Signer = await backend.signerFromSeed(bytes(32, 1));
  const messageKey = bytes(32, 2);
  const input = {
    mailbox: bytes(16, 3),
    writer,
    seq: 1,
    prev: bytes(32, 4),
    nonce: bytes(24, 5),
    messageKey,
    body: encodeBody({
      type: 'text',
      mid: bytes(16, 6),
      lamport: 2,
      sentAt: 1_800_000_000_000,
      deps: { entries: [], vectorHash: bytes(32, 7) },
      payload: { text: 'x'.repeat(textBytes) },
    }),
  };
  const sealed = await sealEnvelope(input);
  const seal: Work = () => sealEnvelope(input);
  const open: Work = async () => {
    const decoded = decodeEnvelope(sealed);
    if (!decoded.ok) throw new Error(decoded.error);
    must(await verifyEnvelope(backend, decoded.value), 'the entry is validly signed');
    must(openEnvelope(decoded.value, messageKey).ok, 'the entry opens');
  };
  return { seal, open, sealed };
};

/** The same bytes signed and sealed by the platform and tweetnacl, with nothing of ours around it. */
const createBareWork = async (subtle: SubtleCrypto, sealed: Uint8Array) => {
  const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  const message = Uint8Array.from(sealed);
  const signature = await subtle.sign('Ed25519', pair.privateKey, message);
  const [key, nonce] = [bytes(32, 8), bytes(24, 9)];
  const box = nacl.secretbox(message, nonce, key);
  const verify: Work = async () => {
    must(
      await subtle.verify('Ed25519', pair.publicKey, signature, message),
      'the platform verifies its signature',
    );
  };
  return {
    verify,
    seal: (): unknown => {
      nacl.secretbox(message, nonce, key);
      return subtle.sign('Ed25519', pair.privateKey, message);
    },
    open: (): unknown => {
      must(nacl.secretbox.open(box, nonce, key) !== null, 'the box opens');
      return verify();
    },
  };
};

export interface Contest {
  readonly measures: string;
  readonly against: string;
  readonly aim?: string;
  readonly ours: Work;
  readonly theirs: Work;
}

/** `backend` is the platform's own; noble's, the fallback, is measured beside it. */
export const createContests = async (
  backend: CryptoBackend,
  subtle: SubtleCrypto,
): Promise<ReadonlyArray<Contest>> => {
  const entry = await createEntryWork(backend);
  const bare = await createBareWork(subtle, entry.sealed);
  const message = entry.sealed;
  const pair = nacl.sign.keyPair.fromSeed(bytes(32, 10));
  const signature = nacl.sign.detached(message, pair.secretKey);
  const { publicKey } = pair;
  const noble = createNobleBackend();
  const verifyOver = (over: CryptoBackend): Work => {
    const check = (isValid: boolean): void => {
      must(isValid, `${over.name} verifies a good signature`);
    };
    return () => {
      const answer = verifySignature(over, { publicKey, message, signature });
      return answer instanceof Promise ? answer.then(check) : check(answer);
    };
  };
  const naclVerify: Work = () => {
    must(nacl.sign.detached.verify(message, signature, publicKey), 'tweetnacl verifies');
  };
  const nobleVerify: Work = () => {
    must(ed25519.verify(signature, message, publicKey, { zip215: false }), 'noble verifies');
  };
  const strict = 'verify (strict profile)';
  return [
    {
      measures: strict,
      against: 'bare WebCrypto verify',
      aim: '≥ 0.8×',
      ours: verifyOver(backend),
      theirs: bare.verify,
    },
    {
      measures: strict,
      against: 'tweetnacl verify',
      aim: '≥ 10×',
      ours: verifyOver(backend),
      theirs: naclVerify,
    },
    {
      measures: 'verify, fallback without WebCrypto',
      against: 'noble verify',
      ours: verifyOver(noble),
      theirs: nobleVerify,
    },
    {
      measures: 'seal and sign an entry, text of 256 B',
      against: 'bare secretbox + WebCrypto sign',
      ours: entry.seal,
      theirs: bare.seal,
    },
    {
      measures: 'verify and open an entry, text of 256 B',
      against: 'bare secretbox + WebCrypto verify',
      ours: entry.open,
      theirs: bare.open,
    },
  ];
};

export interface Score {
  readonly ours: number;
  readonly theirs: number;
}

/** One round: each contest, ours and theirs in turn. */
export const playRound = async (
  contests: ReadonlyArray<Contest>,
  forMs: number,
): Promise<ReadonlyArray<Score>> => {
  const scores: Score[] = [];
  for (const { ours, theirs } of contests) {
    scores.push({ ours: await perSecond(ours, forMs), theirs: await perSecond(theirs, forMs) });
  }
  return scores;
};
