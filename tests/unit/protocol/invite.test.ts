import { beforeAll, describe, expect, test } from 'vitest';
import { equalBytes, toBase64url, toHex, utf8ToBytes } from '../../../src/base/bytes.ts';
import { agreementKeyPair } from '../../../src/crypto/agreement.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { hash } from '../../../src/crypto/hash.ts';
import type { CborValue } from '../../../src/protocol/cbor.ts';
import {
  encodeIdentityLog,
  type IdentityLog,
  identityLogBytesMax,
  rootSigner,
} from '../../../src/protocol/membership/identity.ts';
import { identityIdOf } from '../../../src/protocol/membership/identity-id.ts';
import {
  decodeInviteLink,
  decodeJoinRequest,
  deriveInvite,
  encodeInviteLink,
  encodeJoinRequest,
  historyPubOf,
  historySeedOf,
  type InviteLink,
  joinProof,
  type JoinRequest,
  verifyJoinRequest,
} from '../../../src/protocol/invites/invite.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { bytesNamed, extendLog } from '../../support/conversation.ts';

const backend = createNodeBackend();
const page = 'https://sotto.example/';

const link: InviteLink = {
  kind: 'group',
  secret: bytesNamed('secret'),
  inviterRootHash: bytesNamed('root'),
  relays: ['/dns4/relay.example/tcp/443/wss', '/ip4/192.0.2.1/udp/9090/webrtc-direct'],
  expiresAtMs: 1_800_000_000_000,
  isOpen: true,
};

const codeOf = (text: string): string => text.slice(text.indexOf('#/i/') + 4);

/** A link of any content with a checksum that holds. */
const linkOf = (payload: Uint8Array): string => {
  const checksum = hash('sotto1/invite-link', payload).slice(0, 4);
  return `${page}#/i/${toBase64url(Uint8Array.of(...payload, ...checksum))}`;
};

const payloadOf = (changes: Readonly<Record<number, number>> = {}): Uint8Array => {
  const payload = new Uint8Array(75);
  payload[0] = 1;
  for (const [at, value] of Object.entries(changes)) payload[Number(at)] = value;
  return payload;
};

describe('links', () => {
  test('[IN2] [IN3] round-trip in all their forms', () => {
    for (const kind of ['direct', 'group'] as const) {
      for (const isOpen of [true, false]) {
        for (const relays of [[], link.relays]) {
          const made = { ...link, kind, isOpen, relays };
          expect(decodeInviteLink(encodeInviteLink(page, made))).toEqual({ ok: true, value: made });
        }
      }
    }
  });

  test('[IN2] the secret is in the fragment only, and a full link is short', () => {
    const relays = Array.from({ length: limits.relaysPerInviteMax }, () =>
      'r'.repeat(limits.relayAddressBytesMax - 1),
    );
    const text = encodeInviteLink(page, { ...link, relays });
    expect(text.startsWith(`${page}#/i/`)).toBe(true);
    expect(text.length).toBeLessThan(limits.linkCharsMax);
    expect(decodeInviteLink(text)).toEqual({ ok: true, value: { ...link, relays } });
  });

  test('[IN2] a link that does not read is the program’s mistake', () => {
    const relay = 'r'.repeat(limits.relayAddressBytesMax);
    const relays = Array.from({ length: limits.relaysPerInviteMax + 1 }, () => 'r');
    const short = new Uint8Array(31);
    const make = (change: Partial<InviteLink>) => () =>
      encodeInviteLink(page, { ...link, ...change });
    expect(make({ relays: [relay] })).toThrow('relay address');
    expect(make({ relays })).toThrow('few relays');
    expect(make({ secret: short })).toThrow('32 bytes');
    expect(make({ inviterRootHash: short })).toThrow('32 bytes');
  });

  const whole = encodeInviteLink(page, link);
  test.each([
    ['the fragment', whole.slice(page.length)],
    ['the fragment without its mark', whole.slice(page.length + 1)],
    ['white space around', `\n\t  ${whole} \r\n`],
    ['white space around it', `  ${whole.slice(page.length + 1)}\n`],
    ['words after it', `${whole} see you there`],
    ['words around', `Join our choir: ${whole} – see you there!`],
    ['a full stop after', `${whole}.`],
    ['brackets around', `(${whole})`],
    ['a mail program’s line breaks', whole.replace(/(.{72})/gu, '$1\r\n  ')],
    ['another page', whole.replace(page, 'http://127.0.0.1:5173/app/?x=1')],
  ])('[IN3] found with %s', (_, text) => {
    expect(decodeInviteLink(text)).toEqual({ ok: true, value: link });
  });

  test.each([
    ['nothing', ''],
    ['another link', 'https://sotto.example/#/c/abc'],
    ['no code', `${page}#/i/`],
    ['not base64url', `${page}#/i/!!!`],
    ['truncated', whole.slice(0, -1)],
    ['cut in half', whole.slice(0, whole.length / 2)],
    ['longer than any link', `${' x'.repeat(3 * limits.linkCharsMax)}${whole}`],
    ['nothing but a checksum', linkOf(new Uint8Array(0))],
    ['version 0', linkOf(payloadOf({ 0: 0 }))],
    ['a kind that is none', linkOf(payloadOf({ 1: 4 }))],
    ['too short', linkOf(payloadOf().slice(0, 74))],
    ['relays that are not there', linkOf(payloadOf({ 74: 1 }))],
    ['more relays than may be', linkOf(Uint8Array.of(...payloadOf({ 74: 4 }), 0, 0, 0, 0))],
    ['bytes left over', linkOf(Uint8Array.of(...payloadOf(), 0))],
    ['a relay that is no text', linkOf(Uint8Array.of(...payloadOf({ 74: 1 }), 1, 0xff))],
    ['a time beyond numbers', linkOf(payloadOf({ 66: 0xff }))],
  ])('[IN3] mangled: %s', (_, text) => {
    expect(decodeInviteLink(text)).toEqual({ ok: false, error: 'mangled' });
  });

  test('[IN3] every single wrong character is noticed', () => {
    const code = codeOf(whole);
    for (let at = 0; at < code.length; at++) {
      const wrong = code[at] === 'A' ? 'B' : 'A';
      const damaged = `${page}#/i/${code.slice(0, at)}${wrong}${code.slice(at + 1)}`;
      expect(decodeInviteLink(damaged)).toEqual({ ok: false, error: 'mangled' });
    }
  });

  test('[IN3] a link of a later version says so, unless it is damaged', () => {
    const later = linkOf(Uint8Array.of(2, ...utf8ToBytes('whatever comes')));
    expect(decodeInviteLink(later)).toEqual({ ok: false, error: 'newer-version' });
    const withWords = decodeInviteLink(`${later} see you there`);
    expect(withWords).toEqual({ ok: false, error: 'newer-version' });
    expect(decodeInviteLink(later.slice(0, -1))).toEqual({ ok: false, error: 'mangled' });
  });
});

test('[IN1] everything follows from the secret, each part from its own label', async () => {
  const derived = await deriveInvite(backend, link.secret);
  expect(await deriveInvite(backend, link.secret)).toMatchObject({
    inviteId: derived.inviteId,
    pseudoSecret: derived.pseudoSecret,
    boxSeed: derived.boxSeed,
  });
  const parts = [derived.inviteId, derived.invPub, derived.pseudoSecret, derived.boxSeed];
  expect(new Set([...parts, link.secret].map(toHex)).size).toBe(5);
  expect(equalBytes(derived.invSigner.publicKey, derived.invPub)).toBe(true);
  // Known answers: a changed byte here strands every link that is out in the world.
  expect(parts.map(toHex)).toMatchInlineSnapshot(`
    [
      "a97e20efe36f80bcf1e8461c7f2028db57e02c0796449d804e752c9896424236",
      "f7643e9d43542ba7ffe045d5a41155df60d3d0e61bda3d6a73077d3e620492b7",
      "54dfb8abe8e011f6c57101859b2866e71f1a1628b3285bcdb6e2c55caeb43086",
      "88e23f92d765acd70c8c04584b448442349f3d65b6964afacff6a8e4d924d6ca",
    ]
  `);
});

test('[HI3] what a link shares is sealed to a key that follows from its secret alone', () => {
  expect(historyPubOf(link.secret)).toEqual(agreementKeyPair(historySeedOf(link.secret)).publicKey);
  expect(toHex(historySeedOf(link.secret))).toMatchInlineSnapshot(
    `"ec11e8e354c253c09abf9ca23eb1f87ee8179988d5229ff47dcc7f6ef4277a6a"`,
  );
});

describe('join requests', () => {
  let request: JoinRequest;
  let invPub: Uint8Array;
  let log: IdentityLog;

  beforeAll(async () => {
    const invite = await deriveInvite(backend, link.secret);
    ({ invPub } = invite);
    const device = await backend.signerFromSeed(bytesNamed('device'));
    const root = await rootSigner(backend, bytesNamed('root seed'));
    const devSignPub = device.publicKey;
    const inboxPub = bytesNamed('inbox');
    log = await extendLog(root, undefined, { type: 'cert', devSignPub, inboxPub });
    const nonce = new Uint8Array(16);
    const { inviteId, invSigner } = invite;
    const { identityId } = log;
    request = {
      identityLog: encodeIdentityLog(log),
      devSignPub,
      prekeyBundles: [{ devSignPub, bundle: Uint8Array.of(1, 2) }],
      name: 'Ana',
      nonce,
      proof: await joinProof(invSigner, { inviteId, identityId, devSignPub, nonce }),
    };
  });

  test('[IN7] round-trip, and name who asks', async () => {
    expect(decodeJoinRequest(encodeJoinRequest(request))).toEqual({ ok: true, value: request });
    const verified = await verifyJoinRequest(backend, request, invPub);
    expect(verified.ok && equalBytes(verified.value.identityId, log.identityId)).toBe(true);
    expect(equalBytes(identityIdOf(log.rootPub), log.identityId)).toBe(true);
  });

  test('[IN7] what a field may be has limits', () => {
    const wire = encodeJoinRequest(request) as Record<string, CborValue>;
    const isDecoded = (change: Record<string, CborValue>) =>
      decodeJoinRequest({ ...wire, ...change }).ok;
    const bundleOf = (length: number) => ({
      devSignPub: request.devSignPub,
      bundle: new Uint8Array(length),
    });
    const bundles = (count: number) => Array.from({ length: count }, () => bundleOf(1));
    for (const [fits, isOver] of [
      [{ name: 'x'.repeat(limits.nameBytesMax) }, { name: 'x'.repeat(limits.nameBytesMax + 1) }],
      [
        { prekeyBundles: bundles(limits.bundlesPerOpMax) },
        { prekeyBundles: bundles(limits.bundlesPerOpMax + 1) },
      ],
      [
        { prekeyBundles: [bundleOf(limits.prekeyBundleBytesMax)] },
        { prekeyBundles: [bundleOf(limits.prekeyBundleBytesMax + 1)] },
      ],
      [
        { identityLog: new Uint8Array(identityLogBytesMax) },
        { identityLog: new Uint8Array(identityLogBytesMax + 1) },
      ],
      [{}, { nonce: new Uint8Array(15) }],
      [{}, { proof: new Uint8Array(63) }],
      [{}, { devSignPub: new Uint8Array(31) }],
      [{}, { more: 1 }],
    ]) {
      expect([isDecoded(fits ?? {}), isDecoded(isOver ?? {})]).toEqual([true, false]);
    }
  });

  test('[IN7] a log that its root did not sign, or that names another device, is refused', async () => {
    const { inviteId, invSigner } = await deriveInvite(backend, link.secret);
    const { nonce } = request;
    const entries = log.entries.map((bytes) => bytes.slice());
    entries.at(-1)?.fill(0, -1);
    const unsigned = { ...request, identityLog: encodeIdentityLog({ ...log, entries }) };
    expect((await verifyJoinRequest(backend, unsigned, invPub)).ok).toBe(false);
    const devSignPub = bytesNamed('a device that nobody certified');
    const claim = { inviteId, identityId: log.identityId, devSignPub, nonce };
    const strange = { ...request, devSignPub, proof: await joinProof(invSigner, claim) };
    expect((await verifyJoinRequest(backend, strange, invPub)).ok).toBe(false);
  });

  test('[IN7] any device of the log may ask', async () => {
    const { inviteId, invSigner } = await deriveInvite(backend, link.secret);
    const devSignPub = bytesNamed('second device');
    const root = await rootSigner(backend, bytesNamed('root seed'));
    const cert = { type: 'cert', devSignPub, inboxPub: bytesNamed('inbox') } as const;
    const longer = await extendLog(root, log, cert);
    const { nonce } = request;
    const claim = { inviteId, identityId: log.identityId, devSignPub, nonce };
    const proof = await joinProof(invSigner, claim);
    const identityLog = encodeIdentityLog(longer);
    const asked = { ...request, identityLog, devSignPub, proof };
    expect((await verifyJoinRequest(backend, asked, invPub)).ok).toBe(true);
  });

  test('[IN7] [attack 20] a proof for somebody else, another device or another link is refused', async () => {
    const otherRoot = await rootSigner(backend, bytesNamed('mallory'));
    const { devSignPub } = request;
    const otherLog = await extendLog(otherRoot, undefined, {
      type: 'cert',
      devSignPub,
      inboxPub: bytesNamed('inbox'),
    });
    const refused: ReadonlyArray<Partial<JoinRequest>> = [
      { identityLog: encodeIdentityLog(otherLog) },
      { identityLog: Uint8Array.of(1) },
      { devSignPub: bytesNamed('elsewhere') },
      { nonce: bytesNamed('nonce').slice(0, 16) },
      { proof: new Uint8Array(64) },
    ];
    for (const change of refused) {
      expect((await verifyJoinRequest(backend, { ...request, ...change }, invPub)).ok).toBe(false);
    }
    expect((await verifyJoinRequest(backend, request, bytesNamed('other invite'))).ok).toBe(false);
  });
});
