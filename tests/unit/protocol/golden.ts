/** The wire formats over fixed inputs. The bytes are in golden.json; the inputs are here. */
import { toHex, utf8ToBytes } from '../../../src/base/bytes.ts';
import { agreementKeyPair } from '../../../src/crypto/agreement.ts';
import { encodeBind } from '../../../src/protocol/epochs/bind.ts';
import { encodeBody, type Body } from '../../../src/protocol/body.ts';
import { encodeCanonical, type CborValue } from '../../../src/protocol/cbor.ts';
import { entryHash, skeletonOf } from '../../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../../src/protocol/envelope-box.ts';
import {
  chainKey,
  deriveEpochKeys,
  ratchet,
  secretHash,
  writerSeed,
} from '../../../src/protocol/epochs/epoch-keys.ts';
import {
  encodeEdit,
  encodePin,
  encodePoll,
  encodeReaction,
  encodeRedact,
  encodeSettings,
  encodeText,
  encodeVote,
} from '../../../src/protocol/content-payloads.ts';
import {
  encodeControl,
  encodeName,
  encodeOps,
  encodeReceipt,
} from '../../../src/protocol/payload.ts';
import { createPrekey, prekeyId } from '../../../src/protocol/epochs/prekey.ts';
import { rendezvousKey, sealPeerRecord } from '../../../src/protocol/rendezvous.ts';
import { encodeSeal, recipientsDigest, sealSecret } from '../../../src/protocol/epochs/seal.ts';
import { backend, envelopeOf, fixedBytes, fixedRandom, fixedSigner } from './fixtures.ts';

const epochId = fixedBytes('epoch id');
const secret = fixedBytes('epoch secret');
const deviceSecret = fixedBytes('device secret');
const noHash = new Uint8Array(32);

const bodyWith = (type: string, payload: CborValue): Body => ({
  type,
  mid: fixedBytes('mid', 16),
  lamport: 1_000_000,
  sentAt: 1_700_000_000_000,
  deps: {
    entries: [{ writerPub: fixedBytes('dep writer'), seq: 300, hash8: fixedBytes('dep hash', 8) }],
    vectorHash: fixedBytes('vector hash'),
  },
  payload,
});

const keySchedule = async (): Promise<Record<string, Uint8Array>> => {
  const keys = deriveEpochKeys(epochId, secret);
  const device = await fixedSigner('device');
  const chain = chainKey({ epochId, secret, devSignPub: device.publicKey, incarnation: 2 });
  const { messageKey, next } = ratchet(chain, 1);
  return {
    'epoch admitSeed': keys.admitSeed,
    'epoch admitPub': keys.admitPub,
    'epoch mailboxId': keys.mailboxId,
    'epoch topic': utf8ToBytes(keys.topic),
    'epoch rdv': keys.rdv,
    'epoch rdvSeal': keys.rdvSeal,
    'epoch bind': keys.bind,
    'epoch ephemeral': keys.ephemeral,
    'epoch secretHash': secretHash(secret),
    'chain key': chain,
    'chain message key': messageKey,
    'chain next': next,
    'writer seed': writerSeed({ deviceSecret, epochId, incarnation: 2 }),
    'rendezvous key': rendezvousKey(keys.rdv, 20_000),
    'peer record': sealPeerRecord(keys.rdvSeal, fixedBytes('nonce', 24), {
      peerId: '12D3KooWFixed',
      relays: ['/dns4/relay.example/tcp/443/wss/p2p/12D3KooWRelay'],
      expiresAtMs: 1_700_000_000_000,
    }),
  };
};

const bodies = (): Record<string, Uint8Array> => ({
  'body text': encodeBody(bodyWith('text', encodeText({ text: 'Grüße 👋' }))),
  'payload profile': encodeCanonical(encodeName({ name: 'Ana' })),
  'payload receipt': encodeCanonical(
    encodeReceipt({ read: [{ identityId: fixedBytes('ana'), mid: fixedBytes('mid', 16) }] }),
  ),
  'payload control': encodeCanonical(encodeControl(fixedBytes('op', 40))),
  'payload ops': encodeCanonical(
    encodeOps({ ops: [fixedBytes('op', 40)], identityLogs: [fixedBytes('log', 20)] }),
  ),
});

const contents = (): Record<string, Uint8Array> => {
  const of = { identityId: fixedBytes('ana'), mid: fixedBytes('mid', 16) };
  const text = {
    text: '@Ana @all',
    mentions: [
      { name: 'Ana', identityId: of.identityId },
      { name: 'all', identityId: undefined },
    ],
    reply: of,
    thread: of,
    isForwarded: true,
    timerMs: 86_400_000,
    location: { latE7: 525_200_000, lonE7: -1_234_567 },
    card: { identityId: of.identityId, name: 'Ana' },
  } as const;
  const poll = { question: 'When?', options: ['now', 'later'], isMultiple: true };
  return {
    'payload text': encodeCanonical(encodeText(text)),
    'payload poll': encodeCanonical(encodePoll({ ...poll, isAnonymous: false })),
    'payload edit': encodeCanonical(encodeEdit({ of, text: 'better' })),
    'payload redact': encodeCanonical(encodeRedact({ of })),
    'payload reaction': encodeCanonical(encodeReaction({ of, emoji: '👍', isOn: true })),
    'payload vote': encodeCanonical(encodeVote({ of, choices: [0, 1] })),
    'payload pin': encodeCanonical(encodePin({ of, isOn: false })),
    'payload settings': encodeCanonical(encodeSettings({ timerMs: 60_000 })),
  };
};

const log = async (): Promise<Record<string, Uint8Array>> => {
  const keys = deriveEpochKeys(epochId, secret);
  const device = await fixedSigner('device');
  const writer = await backend.signerFromSeed(
    writerSeed({ deviceSecret, epochId, incarnation: 0 }),
  );
  const bundle = await createPrekey({
    secret: { x25519Seed: fixedBytes('x25519'), kemSeed: fixedBytes('kem', 64) },
    deviceSigner: device,
    createdAtMs: 1_700_000_000_000,
  });
  const bind = await encodeBind(
    {
      epochId,
      devSignPub: device.publicKey,
      incarnation: 0,
      writerPub: writer.publicKey,
      closes: [{ writerPub: fixedBytes('old writer'), seq: 41, hash: fixedBytes('old hash') }],
      prekeyBundle: bundle,
    },
    device,
  );
  const shared = { mailbox: keys.mailbox16, writer };
  const first = await sealEnvelope({
    ...shared,
    seq: 0,
    prev: noHash,
    nonce: fixedBytes('nonce 0', 24),
    messageKey: keys.bind,
    body: bind,
  });
  const firstHash = entryHash(envelopeOf(first));
  const chain = chainKey({ epochId, secret, devSignPub: device.publicKey, incarnation: 0 });
  const second = await sealEnvelope({
    ...shared,
    seq: 1,
    prev: firstHash,
    nonce: fixedBytes('nonce 1', 24),
    messageKey: ratchet(chain, 1).messageKey,
    body: encodeBody(bodyWith('text', encodeText({ text: 'hello' }))),
  });
  return {
    'prekey bundle': bundle,
    'prekey id': prekeyId(bundle),
    bind,
    'envelope 0': first,
    'envelope 0 hash': firstHash,
    'envelope 1': second,
    'envelope 1 skeleton': skeletonOf(envelopeOf(second)),
    'envelope 1 hash': entryHash(envelopeOf(second)),
  };
};

const seals = async (prekey: Uint8Array): Promise<Record<string, Uint8Array>> => {
  const { publicKey: devSignPub } = await fixedSigner('device');
  const inboxPub = agreementKeyPair(fixedBytes('inbox')).publicKey;
  const recipients = [
    { devSignPub, inboxPub, prekey },
    { devSignPub, inboxPub, prekey: undefined },
  ];
  const sealed = async (isHybrid: boolean): Promise<Uint8Array> => {
    const input = { epochId, secret, recipients, isHybrid };
    const parts = await sealSecret(backend, fixedRandom('golden seal'), input);
    return encodeCanonical(parts.map(encodeSeal));
  };
  return {
    'recipients digest': recipientsDigest([fixedBytes('b'), fixedBytes('a')]),
    'seal hybrid': await sealed(true),
    'seal plain': await sealed(false),
  };
};

/** Name → hex. */
export const computeGolden = async (): Promise<Readonly<Record<string, string>>> => {
  const entries = await log();
  const values = {
    ...(await keySchedule()),
    ...bodies(),
    ...contents(),
    ...entries,
    ...(await seals(entries['prekey bundle'] ?? noHash)),
  };
  return Object.fromEntries(Object.entries(values).map(([name, bytes]) => [name, toHex(bytes)]));
};
