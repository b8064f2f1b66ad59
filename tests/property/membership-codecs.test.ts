/** Decoders of identity logs, control ops, links and welcomes against whatever strangers send. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Signer } from '../../src/crypto/backend.ts';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import { type CborValue, decodeCanonical, encodeCanonical } from '../../src/protocol/cbor.ts';
import {
  decodeIdentityLog,
  encodeIdentityLog,
  type IdentityLog,
  readIdentityLogBytes,
  rootSigner,
  verifyLogSignatures,
} from '../../src/protocol/membership/identity.ts';
import {
  decodeInviteLink,
  decodeJoinRequest,
  encodeInviteLink,
  encodeJoinRequest,
} from '../../src/protocol/invites/invite.ts';
import {
  type ControlOp,
  decodeOp,
  signOp,
  verifyOpSignature,
} from '../../src/protocol/membership/ops.ts';
import { signRecord } from '../../src/protocol/signed-record.ts';
import {
  decodeWelcome,
  decodeWelcomePart,
  encodeWelcome,
  encodeWelcomePart,
  joinWelcomes,
  splitWelcome,
} from '../../src/protocol/invites/welcome.ts';
import { bytesNamed, extendLog, fakeSigner } from '../support/conversation.ts';
import { createRandomGraph, createRandomPeople, shuffled } from '../support/random-ops.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const backend = createNodeBackend();
const signatureBytes = 64;
let device: Signer;
let log: IdentityLog;
let signedOp: ControlOp;
let randomOps: ReadonlyArray<ControlOp>;

beforeAll(async () => {
  device = await backend.signerFromSeed(bytesNamed('device'));
  const root = await rootSigner(backend, bytesNamed('root'));
  const inboxPub = bytesNamed('inbox');
  const cert = { type: 'cert', devSignPub: device.publicKey, inboxPub } as const;
  log = await extendLog(root, undefined, cert);
  signedOp = await signOp({
    deviceSigner: device,
    convId: bytesNamed('conversation'),
    parents: [bytesNamed('parent')],
    depth: 1,
    identityId: log.identityId,
    body: { type: 'identity', identityLog: encodeIdentityLog(log), name: 'Ana' },
  });
  const people = await createRandomPeople();
  const graphs = await Promise.all([1, 2, 3].map((seed) => createRandomGraph(seed, people)));
  randomOps = graphs.flatMap(({ ops }) => ops);
});

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice();
  copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

test('[OP4] every bit flip of an op is malformed or not verified', async () => {
  let decodedCount = 0;
  for (let bit = 0; bit < signedOp.bytes.length * 8; bit++) {
    const decoded = decodeOp(flipped(signedOp.bytes, bit));
    if (!decoded.ok) continue;
    decodedCount += 1;
    expect(await verifyOpSignature(backend, decoded.value)).toBe(false);
  }
  expect(decodedCount).toBeGreaterThan(100);
});

test('[ID2] every bit flip of an identity log is malformed or not verified', async () => {
  const bytes = encodeIdentityLog(log);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const read = readIdentityLogBytes(flipped(bytes, bit));
    if (read !== undefined) expect(await verifyLogSignatures(backend, read)).toBe(false);
  }
});

/** The value with one place in it replaced. */
const damaged = (value: CborValue, place: number, by: CborValue): CborValue => {
  let left = place;
  const walk = (here: CborValue): CborValue => {
    if (left-- === 0) return by;
    if (Array.isArray(here)) return (here as ReadonlyArray<CborValue>).map(walk);
    if (typeof here !== 'object' || here === null || here instanceof Uint8Array) return here;
    return Object.fromEntries(Object.entries(here).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value);
};

const odd = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.constantFrom('', 'x', 'create', '__proto__', 'constructor'),
  fc.uint8Array({ maxLength: 64 }),
  fc.constant<CborValue>([]),
  fc.constant<CborValue>({}),
);

describe('[OP2] decodeOp is total', () => {
  test('over ops of every kind with one field that is something else', async () => {
    const signer = fakeSigner('mallory');
    let okCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat({ max: 40 }), odd, async (at, place, by) => {
        const op = randomOps[at % randomOps.length];
        const payload = op?.bytes.subarray(0, -signatureBytes) ?? new Uint8Array(0);
        const value = decodeCanonical(payload, { bytesMax: payload.length });
        if (!value.ok) throw new Error('an op is CBOR');
        const record = damaged(value.value, place, by);
        const bytes = await signRecord(signer, { label: 'sotto1/op-sig', record });
        const decoded = decodeOp(bytes);
        if (decoded.ok) okCount += 1;
        else expect(decoded.error).toBe('malformed-op');
      }),
      { numRuns: 2000 },
    );
    expect(okCount).toBeGreaterThan(10);
    expect(okCount).toBeLessThan(1900);
  });

  test('over cut, prolonged and spliced ops', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (at, other, cut) => {
        const [a, b] = [randomOps[at % randomOps.length], randomOps[other % randomOps.length]];
        if (a === undefined || b === undefined) throw new Error('there are ops');
        const head = a.bytes.subarray(0, cut % a.bytes.length);
        const spliced = Uint8Array.of(...head, ...b.bytes.subarray(cut % b.bytes.length));
        expect(decodeOp(head).ok).toBe(false);
        expect(typeof decodeOp(spliced).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});

const decoders: ReadonlyArray<[string, (bytes: Uint8Array) => { readonly ok: boolean }]> = [
  ['decodeOp', decodeOp],
  ['decodeIdentityLog', decodeIdentityLog],
  ['decodeWelcome', decodeWelcome],
];

test.each(decoders)('%s is total over arbitrary bytes', (_, decode) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(decode(bytes).ok).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

const payloadDecoders: ReadonlyArray<[string, (value: CborValue) => { readonly ok: boolean }]> = [
  ['decodeJoinRequest', decodeJoinRequest],
  ['decodeWelcomePart', decodeWelcomePart],
  ['decodeWelcome', (value) => decodeWelcome(encodeCanonical(value))],
];

test.each(payloadDecoders)('%s is total over values with one odd place', (_, decode) => {
  const welcome = {
    ops: [signedOp.bytes],
    inviteOp: signedOp.bytes,
    inviterLog: encodeIdentityLog(log),
    epochId: log.head,
    seals: [],
    olderSeals: [],
    relays: ['relay'],
    bundles: [{ devSignPub: log.head, bundle: Uint8Array.of(1) }],
  };
  const parts = splitWelcome(encodeWelcome(welcome));
  const part = parts.ok ? parts.value[0] : undefined;
  const request = encodeJoinRequest({
    identityLog: encodeIdentityLog(log),
    devSignPub: device.publicKey,
    prekeyBundles: [],
    name: 'Ana',
    nonce: new Uint8Array(16),
    proof: new Uint8Array(64),
  });
  const samples = [
    { v: 1, ...welcome },
    request,
    part === undefined ? null : encodeWelcomePart(part),
  ];
  expect(samples.filter((sample) => decode(sample).ok).length).toBe(1);
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat({ max: 12 }), odd, (sample, place, by) => {
      expect(typeof decode(damaged(sample, place, by)).ok).toBe('boolean');
    }),
    { numRuns: 1000 },
  );
});

test('[WE3] [WE5] whatever is split joins again, and nothing else does', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 200_000 }), (seed, length) => {
      const random = createSeededRandom(seed);
      const bytes = Uint8Array.from({ length: length + 1 }, (_, at) => (at * 7 + seed) % 256);
      const parts = splitWelcome(bytes);
      if (!parts.ok) throw new Error('it fits');
      expect(joinWelcomes(shuffled(random, parts.value))).toEqual([bytes]);
      expect(joinWelcomes(parts.value.slice(1))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('[IN3] decodeInviteLink is total, and takes nothing but links', () => {
  const link = encodeInviteLink('https://sotto.example/', {
    kind: 'direct',
    secret: bytesNamed('secret'),
    inviterRootHash: log.identityId,
    relays: [],
    expiresAtMs: 1,
    isOpen: false,
  });
  const text = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 300 }),
    fc.base64String({ maxLength: 200 }).map((code) => `https://sotto.example/#/i/${code}`),
    fc.tuple(fc.nat({ max: link.length }), fc.string()).map(([at, inserted]) => {
      const hasChanged = inserted.trim() !== '' && at > 'https://sotto.example/#/i/'.length;
      return hasChanged && at < link.length - 1
        ? `${link.slice(0, at)}!${inserted}${link.slice(at)}`
        : link.slice(0, -2);
    }),
  );
  fc.assert(
    fc.property(text, (pasted) => {
      expect(decodeInviteLink(pasted).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});
