/**
 * What `tests/vectors/sotto1.json` holds: inputs and outcomes of the protocol, all in hex, for
 * whoever writes Sotto a second time. Computed here from fixed inputs; written by
 * write-sotto1-vectors.ts.
 */
import { toHex, utf8ToBytes } from '../../src/base/bytes.ts';
import { agreementKeyPair } from '../../src/crypto/agreement.ts';
import { encodeBody } from '../../src/protocol/body.ts';
import { entryHash, skeletonOf } from '../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { encodeBind } from '../../src/protocol/epochs/bind.ts';
import {
  chainKey,
  deriveEpochKeys,
  ratchet,
  secretHash,
  writerSeed,
} from '../../src/protocol/epochs/epoch-keys.ts';
import { createPrekey } from '../../src/protocol/epochs/prekey.ts';
import { recipientsDigest, sealSecret } from '../../src/protocol/epochs/seal.ts';
import { deriveInvite, historySeedOf } from '../../src/protocol/invites/invite.ts';
import { encodeText } from '../../src/protocol/content-payloads.ts';
import {
  backend,
  envelopeOf,
  fixedBytes,
  fixedRandom,
  fixedSigner,
} from '../unit/protocol/fixtures.ts';
import { resolverVectors } from './sotto1-resolver-vectors.ts';

const epochId = fixedBytes('vector epoch');
const secret = fixedBytes('vector secret');
const deviceSecret = fixedBytes('vector device secret');
const texts = ['', 'hello', 'Grüße 👋 from the second entry', 'x'.repeat(5000)];

const prekeySecret = {
  x25519Seed: fixedBytes('vector x25519'),
  kemSeed: fixedBytes('vector kem', 64),
};

const bundleOf = async () =>
  createPrekey({
    secret: prekeySecret,
    deviceSigner: await fixedSigner('vector device'),
    createdAtMs: 1_700_000_000_000,
  });

const keyScheduleVectors = async () => {
  const { publicKey } = await fixedSigner('vector device');
  const cases = [];
  for (const incarnation of [0, 7]) {
    const keys = deriveEpochKeys(epochId, secret);
    const seed = writerSeed({ deviceSecret, epochId, incarnation });
    const chain = chainKey({ epochId, secret, devSignPub: publicKey, incarnation });
    const messageKeys: Uint8Array[] = [];
    let key = chain;
    for (let seq = 1; seq <= 3; seq++) {
      const { messageKey, next } = ratchet(key, seq);
      messageKeys.push(messageKey);
      key = next;
    }
    cases.push({
      epochId: toHex(epochId),
      secret: toHex(secret),
      deviceSecret: toHex(deviceSecret),
      devSignPub: toHex(publicKey),
      incarnation,
      admitSeed: toHex(keys.admitSeed),
      admitPub: toHex(keys.admitPub),
      mailboxId: toHex(keys.mailboxId),
      topic: keys.topic,
      rdv: toHex(keys.rdv),
      rdvSeal: toHex(keys.rdvSeal),
      bind: toHex(keys.bind),
      ephemeral: toHex(keys.ephemeral),
      secretHash: toHex(secretHash(secret)),
      chain: toHex(chain),
      messageKeys: messageKeys.map(toHex),
      writerSeed: toHex(seed),
      writerPub: toHex((await backend.signerFromSeed(seed)).publicKey),
    });
  }
  return cases;
};

/** One log: its bind and a text in each following entry. */
const logVector = async () => {
  const keys = deriveEpochKeys(epochId, secret);
  const device = await fixedSigner('vector device');
  const writer = await backend.signerFromSeed(
    writerSeed({ deviceSecret, epochId, incarnation: 0 }),
  );
  const bind = await encodeBind(
    {
      epochId,
      devSignPub: device.publicKey,
      incarnation: 0,
      writerPub: writer.publicKey,
      closes: [],
      prekeyBundle: await bundleOf(),
    },
    device,
  );
  const entries = [];
  let prev: Uint8Array = new Uint8Array(32);
  let chain = chainKey({ epochId, secret, devSignPub: device.publicKey, incarnation: 0 });
  for (let seq = 0; seq <= texts.length; seq++) {
    const text = texts[seq - 1];
    const step = seq === 0 ? { messageKey: keys.bind, next: chain } : ratchet(chain, seq);
    const deps = { entries: [], vectorHash: fixedBytes(`vector of ${String(seq)}`) };
    const body =
      text === undefined
        ? bind
        : encodeBody({
            type: 'text',
            mid: fixedBytes(`vector mid ${String(seq)}`, 16),
            lamport: 1000 + seq,
            sentAt: 1_700_000_000_000 + seq,
            deps,
            payload: encodeText({ text }),
          });
    const bytes = await sealEnvelope({
      mailbox: keys.mailbox16,
      writer,
      seq,
      prev,
      nonce: fixedBytes(`vector nonce ${String(seq)}`, 24),
      messageKey: step.messageKey,
      body,
    });
    const envelope = envelopeOf(bytes);
    prev = entryHash(envelope);
    chain = step.next;
    const said = text === undefined ? {} : { text: toHex(utf8ToBytes(text)) };
    const skeleton = toHex(skeletonOf(envelope));
    entries.push({ bytes: toHex(bytes), hash: toHex(prev), skeleton, body: toHex(body), ...said });
  }
  const devSignPub = toHex(device.publicKey);
  return { epochId: toHex(epochId), secret: toHex(secret), devSignPub, incarnation: 0, entries };
};

const sealVectors = async () => {
  const { publicKey: devSignPub } = await fixedSigner('vector device');
  const inboxSeed = fixedBytes('vector inbox');
  const bundle = await bundleOf();
  const inboxPub = agreementKeyPair(inboxSeed).publicKey;
  const cases = [];
  for (const [name, prekey, isHybrid] of [
    ['to a prekey, with ML-KEM', bundle, true],
    ['to a prekey, without ML-KEM', bundle, false],
    ['to an inbox key', undefined, true],
  ] as const) {
    const recipients = [{ devSignPub, inboxPub, prekey }];
    const input = { epochId, secret, recipients, isHybrid };
    const [seal] = await sealSecret(backend, fixedRandom(`vector seal ${name}`), input);
    cases.push({
      name,
      epochId: toHex(epochId),
      ephemeralPub: toHex(seal?.ephemeralPub ?? epochId),
      box: toHex(seal?.boxes[0] ?? epochId),
      bundle: toHex(bundle),
      devSignPub: toHex(devSignPub),
      x25519Seed: toHex(prekeySecret.x25519Seed),
      kemSeed: toHex(prekeySecret.kemSeed),
      inboxSeed: toHex(inboxSeed),
      inboxPub: toHex(inboxPub),
      secretHash: toHex(secretHash(secret)),
      secret: toHex(secret),
    });
  }
  return cases;
};

const inviteVector = async () => {
  const linkSecret = fixedBytes('vector link');
  const { inviteId, invPub, pseudoSecret, boxSeed } = await deriveInvite(backend, linkSecret);
  return {
    secret: toHex(linkSecret),
    inviteId: toHex(inviteId),
    invPub: toHex(invPub),
    pseudoSecret: toHex(pseudoSecret),
    boxSeed: toHex(boxSeed),
    historySeed: toHex(historySeedOf(linkSecret)),
  };
};

const digestVector = () => {
  const devices = ['b', 'c', 'a'].map((name) => fixedBytes(`vector ${name}`));
  return { devices: devices.map(toHex), digest: toHex(recipientsDigest(devices)) };
};

export const computeVectors = async () => ({
  about:
    'Sotto protocol 1: src/protocol/SPEC.md. Bytes are in hex; ids and lists are explained in tests/README.md.',
  keySchedule: await keyScheduleVectors(),
  log: await logVector(),
  seals: await sealVectors(),
  recipients: digestVector(),
  invite: await inviteVector(),
  resolver: await resolverVectors(),
});

export type Vectors = Awaited<ReturnType<typeof computeVectors>>;
