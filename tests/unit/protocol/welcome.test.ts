import { beforeAll, describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/base/bytes.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { encodeCanonical } from '../../../src/protocol/cbor.ts';
import {
  encodeIdentityLog,
  type IdentityLog,
  rootSigner,
} from '../../../src/protocol/membership/identity.ts';
import { identityIdOf } from '../../../src/protocol/membership/identity-id.ts';
import { deriveInvite } from '../../../src/protocol/invites/invite.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { type OpBody, signOp, zeroId } from '../../../src/protocol/membership/ops.ts';
import {
  convIdIn,
  decodeWelcome,
  decodeWelcomePart,
  encodeWelcome,
  encodeWelcomePart,
  joinWelcomes,
  splitWelcome,
  verifyWelcomeInvite,
  type Welcome,
  type WelcomePart,
} from '../../../src/protocol/invites/welcome.ts';
import { bytesNamed, extendLog, inviteBody } from '../../support/conversation.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { shuffled } from '../../support/random-ops.ts';

const backend = createNodeBackend();
const seal = {
  epochId: bytesNamed('epoch'),
  ephemeralPub: bytesNamed('ephemeral'),
  first: 0,
  boxes: [new Uint8Array(56)],
};

let log: IdentityLog;
let invPub: Uint8Array;
let welcome: Welcome;

const inviterFrom = async (name: string) => {
  const device = await backend.signerFromSeed(bytesNamed(`${name} device`));
  const root = await rootSigner(backend, bytesNamed(`${name} root`));
  const inboxPub = bytesNamed('inbox');
  const devSignPub = device.publicKey;
  const cert = { type: 'cert', devSignPub, inboxPub } as const;
  const own = await extendLog(root, undefined, cert);
  const sign = async (body: OpBody, identityId = own.identityId): Promise<Uint8Array> => {
    const convId = bytesNamed('conversation');
    const parents = [bytesNamed('parent')];
    const op = await signOp({ deviceSigner: device, convId, parents, depth: 1, identityId, body });
    return op.bytes;
  };
  return { log: own, sign, cert, root };
};

beforeAll(async () => {
  const alice = await inviterFrom('alice');
  const invite = await deriveInvite(backend, bytesNamed('secret'));
  ({ log } = alice);
  ({ invPub } = invite);
  const { inviteId } = invite;
  const inviteOp = await alice.sign(inviteBody('', { invPub, inviteId }));
  welcome = {
    ops: [inviteOp, bytesNamed('another op')],
    inviteOp,
    inviterLog: encodeIdentityLog(log),
    epochId: seal.epochId,
    seals: [seal],
    olderSeals: [{ ...seal, epochId: bytesNamed('older') }],
    relays: ['/dns4/relay.example/tcp/443/wss'],
    bundles: [{ devSignPub: bytesNamed('device'), bundle: Uint8Array.of(1) }],
  };
});

const partsOf = (bytes: Uint8Array): ReadonlyArray<WelcomePart> => {
  const parts = splitWelcome(bytes);
  if (!parts.ok) throw new Error('it fits');
  return parts.value;
};

describe('the whole', () => {
  test('[WE1] round-trips', () => {
    expect(decodeWelcome(encodeWelcome(welcome))).toEqual({ ok: true, value: welcome });
  });

  test('[WE1] what is not a welcome is refused', () => {
    const bytes = encodeWelcome(welcome);
    for (const bad of [bytes.slice(1), bytes.slice(0, -1), new Uint8Array(0)]) {
      expect(decodeWelcome(bad)).toEqual({ ok: false, error: 'malformed-welcome' });
    }
    expect(decodeWelcome(encodeCanonical({ v: 2 })).ok).toBe(false);
  });

  test('[WE2] is believed from the inviter of the link only', async () => {
    const expected = { invPub, inviterRootHash: identityIdOf(log.rootPub) };
    const verified = await verifyWelcomeInvite(backend, welcome, expected);
    expect(verified.ok && equalBytes(verified.value.inviterLog.head, log.head)).toBe(true);

    const mallory = await inviterFrom('mallory');
    const { inviteId } = await deriveInvite(backend, bytesNamed('secret'));
    const body = inviteBody('', { invPub, inviteId });
    const forgeries: ReadonlyArray<Pick<Welcome, 'inviteOp' | 'inviterLog'>> = [
      // Mallory’s own op, under her own name, and under Alice’s.
      { inviteOp: await mallory.sign(body), inviterLog: encodeIdentityLog(mallory.log) },
      { inviteOp: await mallory.sign(body), inviterLog: welcome.inviterLog },
      { inviteOp: await mallory.sign(body, log.identityId), inviterLog: welcome.inviterLog },
      { inviteOp: welcome.inviteOp, inviterLog: encodeIdentityLog(mallory.log) },
      { inviteOp: welcome.inviteOp.slice(0, -1), inviterLog: welcome.inviterLog },
      { inviteOp: welcome.inviteOp, inviterLog: welcome.inviterLog.slice(1) },
    ];
    const alice = await inviterFrom('alice');
    const mallorysAlice = await extendLog(mallory.root, mallory.log, alice.cert);
    // Mallory certifies herself in Alice’s log, without Alice’s root.
    const stranger = { publicKey: log.rootPub, sign: () => new Uint8Array(64) };
    const unsigned = await extendLog(stranger, log, mallory.cert);
    const flipped = welcome.inviteOp.slice();
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    const subtler: typeof forgeries = [
      {
        inviteOp: await alice.sign(body, mallory.log.identityId),
        inviterLog: welcome.inviterLog,
      },
      { inviteOp: welcome.inviteOp, inviterLog: encodeIdentityLog(mallorysAlice) },
      {
        inviteOp: await mallory.sign(body, log.identityId),
        inviterLog: encodeIdentityLog(unsigned),
      },
      { inviteOp: flipped, inviterLog: welcome.inviterLog },
    ];
    for (const forgery of [...forgeries, ...subtler]) {
      expect(await verifyWelcomeInvite(backend, forgery, expected)).toEqual({
        ok: false,
        error: 'not-from-inviter',
      });
    }
    const otherLink = { ...expected, invPub: bytesNamed('another invite') };
    expect((await verifyWelcomeInvite(backend, welcome, otherLink)).ok).toBe(false);
    const notInvite = await alice.sign({ type: 'invite-revoke', inviteId });
    const confused = { ...welcome, inviteOp: notInvite };
    expect((await verifyWelcomeInvite(backend, confused, expected)).ok).toBe(false);
  });
});

test('[WE1] names the conversation that its operations make', async () => {
  const { sign } = await inviterFrom('alice');
  const create = {
    type: 'create',
    conversation: { kind: 'self', identityId: log.identityId },
  } as const;
  const device = await backend.signerFromSeed(bytesNamed('alice device'));
  const root = { convId: zeroId, parents: [], depth: 0, identityId: log.identityId };
  const made = await signOp({ deviceSigner: device, ...root, body: create });
  const others = [bytesNamed('no op'), await sign({ type: 'merge' })];
  expect(convIdIn([...others, made.bytes])).toEqual(made.convId);
  expect(convIdIn(others)).toBeUndefined();
});

describe('parts', () => {
  const big = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) % 251);

  test('[WE3] fit into entries and join in any order, repeated and mixed with others', () => {
    const random = createSeededRandom(1);
    const parts = partsOf(big);
    const others = partsOf(big.slice(1));
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      const encoded = encodeCanonical(encodeWelcomePart(part));
      expect(encoded.length).toBeLessThanOrEqual(limits.opsPayloadBytesMax);
      expect(decodeWelcomePart(encodeWelcomePart(part))).toEqual({ ok: true, value: part });
    }
    for (let round = 0; round < 20; round++) {
      const mixed = shuffled(random, [...parts, ...parts, ...others.slice(1)]);
      expect(joinWelcomes(mixed)).toEqual([big]);
    }
    expect(joinWelcomes(shuffled(random, [...parts, ...others])).length).toBe(2);
  });

  test('[WE5] without its last part a welcome is not there', () => {
    expect(joinWelcomes(partsOf(big).slice(1))).toEqual([]);
    expect(joinWelcomes([])).toEqual([]);
  });

  test('[WE3] an empty and a small welcome have few parts, one too big none', () => {
    expect(partsOf(new Uint8Array(1)).length).toBe(1);
    const chunk = partsOf(big)[0]?.bytes.length ?? 0;
    expect(partsOf(big.slice(0, chunk)).length).toBe(1);
    expect(splitWelcome(new Uint8Array(limits.invitePartsMax * chunk)).ok).toBe(true);
    expect(splitWelcome(new Uint8Array(limits.invitePartsMax * chunk + 1))).toEqual({
      ok: false,
      error: 'welcome-too-big',
    });
  });

  test('[WE4] a hostile part is bad by itself and spoils no other', () => {
    const [first, second] = partsOf(big);
    if (first === undefined || second === undefined) throw new Error('there are parts');
    const hostile: ReadonlyArray<WelcomePart> = [
      { ...first, bytes: second.bytes },
      { ...first, index: 1 },
      { ...first, index: limits.invitePartsMax - 1 },
      { ...first, hashes: first.hashes.slice(1) },
      { ...first, hashes: Uint8Array.of(...first.hashes, 0) },
      { ...first, hashes: new Uint8Array(0) },
      { ...first, hashes: new Uint8Array(32 * (limits.invitePartsMax + 1)) },
      { ...first, bytes: new Uint8Array(limits.opsPayloadBytesMax) },
    ];
    for (const part of hostile) {
      expect(decodeWelcomePart(encodeWelcomePart(part))).toEqual({
        ok: false,
        error: 'malformed-welcome-part',
      });
    }
    expect(decodeWelcomePart({ ...first, more: 1 }).ok).toBe(false);
    expect(decodeWelcomePart(null).ok).toBe(false);
  });
});
