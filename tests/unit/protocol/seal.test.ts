import { createHash, hkdfSync } from 'node:crypto';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import nacl from 'tweetnacl';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, isZero, utf8ToBytes } from '../../../src/base/bytes.ts';
import { agreementKeyPair } from '../../../src/crypto/agreement.ts';
import { encodeCanonical, type CborValue } from '../../../src/protocol/cbor.ts';
import { encodeBody } from '../../../src/protocol/body.ts';
import { secretHash } from '../../../src/protocol/epochs/epoch-keys.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { createPrekey, prekeyId, type PrekeySecret } from '../../../src/protocol/epochs/prekey.ts';
import {
  decodeSeal,
  encodeSeal,
  openSealBox,
  recipientsDigest,
  sealSecret,
  type OpenSealInput,
  type Seal,
  type SealRecipient,
} from '../../../src/protocol/epochs/seal.ts';
import {
  backend,
  everyBitFlip,
  fixedBytes,
  fixedRandom,
  fixedSigner,
  flipBit,
} from './fixtures.ts';

interface Device {
  readonly recipient: SealRecipient;
  readonly inboxSeed: Uint8Array;
  readonly prekeys: ReadonlyArray<{ readonly secret: PrekeySecret; readonly bundle: Uint8Array }>;
}

const epochId = fixedBytes('epoch id');
const secret = fixedBytes('epoch secret');
const smallOrder = new Uint8Array(32);
const plainBoxBytes = 56;
const hybridBoxBytes = 1144;

const setupDevice = async (name: string, hasPrekey = true): Promise<Device> => {
  const signer = await fixedSigner(name);
  const inboxSeed = fixedBytes(`${name} inbox`);
  const keys = {
    x25519Seed: fixedBytes(`${name} x25519`),
    kemSeed: fixedBytes(`${name} kem`, 64),
  };
  const bundle = await createPrekey({ secret: keys, deviceSigner: signer, createdAtMs: 1 });
  return {
    recipient: {
      devSignPub: signer.publicKey,
      inboxPub: agreementKeyPair(inboxSeed).publicKey,
      prekey: hasPrekey ? bundle : undefined,
    },
    inboxSeed,
    prekeys: hasPrekey ? [{ secret: keys, bundle }] : [],
  };
};

const seal = (devices: ReadonlyArray<{ recipient: SealRecipient }>, isHybrid = true) =>
  sealSecret(backend, fixedRandom('seal'), {
    epochId,
    secret,
    recipients: devices.map(({ recipient }) => recipient),
    isHybrid,
  });

const boxOf = (seals: ReadonlyArray<Seal>, index: number): Uint8Array =>
  seals.flatMap(({ boxes }) => boxes)[index] ?? new Uint8Array(0);

const inputFor = (device: Device, seals: ReadonlyArray<Seal>, index: number): OpenSealInput => ({
  epochId,
  secretHash: secretHash(secret),
  ephemeralPub: seals[0]?.ephemeralPub ?? smallOrder,
  box: boxOf(seals, index),
  prekeys: device.prekeys,
  inboxSeed: device.inboxSeed,
});

let alice: Device;
let bob: Device;
let carol: Device; // has no prekey yet

beforeAll(async () => {
  alice = await setupDevice('alice');
  bob = await setupDevice('bob');
  carol = await setupDevice('carol', false);
});

describe('sealing', () => {
  test('[SE2] each device opens its own box, with a prekey or without', async () => {
    const devices = [alice, bob, carol];
    for (const isHybrid of [true, false]) {
      const seals = await seal(devices, isHybrid);
      for (const [index, device] of devices.entries()) {
        const opened = await openSealBox(backend, inputFor(device, seals, index));
        expect(opened).toEqual({ ok: true, value: secret });
      }
    }
  });

  test('[SE2] a box is hybrid where it can be, and names its prekey', async () => {
    const { prekey } = alice.recipient;
    const hybrid = await seal([alice, carol]);
    expect(boxOf(hybrid, 0).length).toBe(hybridBoxBytes);
    expect(boxOf(hybrid, 0).subarray(0, 8)).toEqual(prekeyId(prekey ?? smallOrder));
    expect(boxOf(hybrid, 1).length).toBe(plainBoxBytes);
    expect(isZero(boxOf(hybrid, 1).subarray(0, 8))).toBe(true);
    const plain = await seal([alice], false);
    expect(boxOf(plain, 0).length).toBe(plainBoxBytes);
    expect(boxOf(plain, 0).subarray(0, 8)).toEqual(prekeyId(prekey ?? smallOrder));
  });

  test('[SE2] the box key is that of the formula, rebuilt here without our code', async () => {
    const oracleHash = (label: string, bytes: Uint8Array) =>
      new Uint8Array(createHash('sha512').update(`${label}\0`).update(bytes).digest()).slice(0, 32);
    const [keys] = alice.prekeys;
    const seals = await seal([alice, carol]);
    const ephemeralPub = seals[0]?.ephemeralPub ?? smallOrder;
    const open = (box: Uint8Array, ikm: Uint8Array, ...info: ReadonlyArray<Uint8Array>) => {
      const label = utf8ToBytes('sotto1/seal');
      const key = hkdfSync('sha512', ikm, epochId, concatBytes(label, ephemeralPub, ...info), 32);
      return nacl.secretbox.open(box.subarray(-48), new Uint8Array(24), new Uint8Array(key));
    };

    const toAlice = boxOf(seals, 0);
    const ciphertext = toAlice.subarray(8, 8 + 1088);
    const { secretKey } = ml_kem768.keygen(keys?.secret.kemSeed);
    const seed = keys?.secret.x25519Seed ?? smallOrder;
    const shared = concatBytes(
      nacl.scalarMult(seed, ephemeralPub),
      ml_kem768.decapsulate(ciphertext, secretKey),
    );
    const aliceInfo = [nacl.scalarMult.base(seed), oracleHash('sotto1/seal-ct', ciphertext)];
    expect(open(toAlice, shared, ...aliceInfo)).toEqual(secret);

    const { inboxSeed, recipient } = carol;
    const inboxShared = nacl.scalarMult(inboxSeed, ephemeralPub);
    expect(open(boxOf(seals, 1), inboxShared, recipient.inboxPub)).toEqual(secret);
  });

  test('[SE2] many devices travel in seals of at most 24 boxes that fit in a body', async () => {
    const devices = Array.from({ length: 50 }, () => alice);
    const seals = await seal(devices);
    expect(seals.map(({ first }) => first)).toEqual([0, 24, 48]);
    expect(seals.map(({ boxes }) => boxes.length)).toEqual([24, 24, 2]);
    for (const part of seals) {
      expect(part.ephemeralPub).toEqual(seals[0]?.ephemeralPub);
      const body = encodeBody({
        type: 'seal',
        mid: fixedBytes('mid', 16),
        lamport: Number.MAX_SAFE_INTEGER,
        sentAt: Number.MAX_SAFE_INTEGER,
        deps: {
          entries: Array.from({ length: limits.depsMax }, () => ({
            writerPub: smallOrder,
            seq: limits.seqMax - 1,
            hash8: new Uint8Array(8),
          })),
          vectorHash: smallOrder,
        },
        payload: encodeSeal(part),
      });
      expect(body.length).toBeLessThanOrEqual(limits.bodyBytesMax);
    }
    const last = await openSealBox(backend, inputFor(alice, seals, 49));
    expect(last).toEqual({ ok: true, value: secret });
  });

  test('[SE2] the device that seals has an empty box, and the others keep their places', async () => {
    const recipients = [alice.recipient, undefined, carol.recipient];
    const input = { epochId, secret, recipients, isHybrid: false };
    const seals = await sealSecret(backend, fixedRandom('seal'), input);
    expect(seals.flatMap(({ boxes }) => boxes.map((box) => box.length))).toEqual([56, 0, 56]);
    const opened = await openSealBox(backend, inputFor(carol, seals, 2));
    expect(opened).toEqual({ ok: true, value: secret });
  });

  test('[SE2] a secret of another length, or too many devices, are the program’s mistake', async () => {
    const everybody = Array.from({ length: limits.devicesMax }, () => undefined);
    const input = { epochId, secret, recipients: everybody, isHybrid: false };
    const sealWith = (change: Partial<typeof input>) =>
      sealSecret(backend, fixedRandom('seal'), { ...input, ...change });
    expect((await sealWith({})).flatMap(({ boxes }) => boxes)).toHaveLength(limits.devicesMax);
    await expect(sealWith({ recipients: [...everybody, undefined] })).rejects.toThrow('devices');
    await expect(sealWith({ epochId: epochId.subarray(1) })).rejects.toThrow('32 bytes');
    await expect(sealWith({ secret: secret.subarray(1) })).rejects.toThrow('32 bytes');
  });

  test('[SE2] nobody to seal to is no seal', async () => {
    expect(await seal([])).toEqual([]);
  });

  test('[SE2] the ephemeral key is fresh for each sealing', async () => {
    const random = fixedRandom('two sealings');
    const input = { epochId, secret, recipients: [alice.recipient], isHybrid: false };
    const first = await sealSecret(backend, random, input);
    const second = await sealSecret(backend, random, input);
    expect(first[0]?.ephemeralPub).not.toEqual(second[0]?.ephemeralPub);
    expect(boxOf(first, 0).subarray(8)).not.toEqual(boxOf(second, 0).subarray(8));
  });

  test('[SE2] attack 10: a device that publishes keys of small order harms only itself', async () => {
    const signer = await fixedSigner('mallory');
    const lowBundle = async (record: Record<string, CborValue>): Promise<Uint8Array> => {
      const signedBytes = encodeCanonical({ v: 1, createdAtMs: 1, ...record });
      const message = concatBytes(utf8ToBytes('sotto1/prekey-sig'), signedBytes);
      return concatBytes(signedBytes, await signer.sign(message));
    };
    const kemPub = ml_kem768.keygen(fixedBytes('kem', 64)).publicKey;
    const x25519Pub = agreementKeyPair(fixedBytes('x')).publicKey;
    const { inboxPub } = bob.recipient;
    const devSignPub = signer.publicKey;
    const low = await lowBundle({ x25519Pub: smallOrder, kemPub });
    const badKem = await lowBundle({ x25519Pub, kemPub: new Uint8Array(1184).fill(0xff) });
    const seals = await seal([
      { recipient: { devSignPub, inboxPub, prekey: low } },
      { recipient: { devSignPub, inboxPub, prekey: badKem } },
      { recipient: { devSignPub, inboxPub, prekey: Uint8Array.of(1) } },
      { recipient: { devSignPub, inboxPub: smallOrder, prekey: low } },
      { recipient: { devSignPub, inboxPub: smallOrder, prekey: undefined } },
      alice,
    ]);
    // A bad prekey falls back to the inbox; without a good inbox there is an empty box.
    const lengths = seals.flatMap(({ boxes }) => boxes.map((box) => box.length));
    expect(lengths).toEqual([56, 56, 56, 0, 0, hybridBoxBytes]);
    const opened = await openSealBox(backend, inputFor(bob, seals, 0));
    expect(opened).toEqual({ ok: true, value: secret });
    const alices = await openSealBox(backend, inputFor(alice, seals, 5));
    expect(alices).toEqual({ ok: true, value: secret });
  });
});

describe('opening', () => {
  const errorOf = async (input: OpenSealInput) => {
    const opened = await openSealBox(backend, input);
    return opened.ok ? 'opened' : opened.error;
  };

  test('[SE3] a box for another device is not ours', async () => {
    const seals = await seal([alice, carol]);
    expect(await errorOf(inputFor(bob, seals, 0))).toBe('not-for-us');
    expect(await errorOf(inputFor(bob, seals, 1))).toBe('bad-box');
  });

  test('[SE3] an erased prekey opens nothing any more', async () => {
    const seals = await seal([alice]);
    expect(await errorOf({ ...inputFor(alice, seals, 0), prekeys: [] })).toBe('not-for-us');
  });

  test('[SE3] a secret that the epoch op does not promise is refused', async () => {
    const seals = await seal([alice]);
    const input = { ...inputFor(alice, seals, 0), secretHash: secretHash(fixedBytes('other')) };
    expect(await errorOf(input)).toBe('wrong-secret');
  });

  test('[SE3] a box is bound to its epoch and its ephemeral key', async () => {
    const input = inputFor(alice, await seal([alice]), 0);
    expect(await errorOf({ ...input, epochId: fixedBytes('other epoch') })).toBe('bad-box');
    const other = agreementKeyPair(fixedBytes('other')).publicKey;
    expect(await errorOf({ ...input, ephemeralPub: other })).toBe('bad-box');
    expect(await errorOf({ ...input, ephemeralPub: smallOrder })).toBe('bad-box');
  });

  test('[SE3] no bit of a box can be changed, and no length makes it throw', async () => {
    const plain = inputFor(carol, await seal([carol]), 0);
    for (const box of everyBitFlip(plain.box)) {
      expect(await errorOf({ ...plain, box })).not.toBe('opened');
    }
    const hybrid = inputFor(alice, await seal([alice]), 0);
    for (let bit = 0; bit < hybrid.box.length * 8; bit += 61) {
      expect(await errorOf({ ...hybrid, box: flipBit(hybrid.box, bit) })).not.toBe('opened');
    }
    for (const length of [0, 8, 55, 57, 1143, 1145]) {
      expect(await errorOf({ ...hybrid, box: new Uint8Array(length) })).toBe('bad-box');
    }
    expect(await errorOf({ ...hybrid, box: new Uint8Array(hybridBoxBytes) })).toBe('bad-box');
  });

  test('[SE3] nothing can be put into a box without spoiling it', async () => {
    const input = inputFor(carol, await seal([carol]), 0);
    for (const extraBytes of [1, hybridBoxBytes - plainBoxBytes]) {
      const extra = new Uint8Array(extraBytes);
      const box = concatBytes(input.box.subarray(0, 8), extra, input.box.subarray(8));
      expect(await errorOf({ ...input, box })).toBe('bad-box');
    }
  });
});

describe('payload', () => {
  test('[SE4] a seal comes back as it was', async () => {
    for (const part of await seal([alice, carol])) {
      expect(decodeSeal(encodeSeal(part))).toEqual({ ok: true, value: part });
    }
  });

  test('[SE4] what a field may be has limits', async () => {
    const [part] = await seal([carol]);
    const isDecoded = (change: Record<string, CborValue>) =>
      decodeSeal({ ...(encodeSeal(part as Seal) as Record<string, CborValue>), ...change }).ok;
    const box = new Uint8Array(plainBoxBytes);
    expect(isDecoded({})).toBe(true);
    expect(isDecoded({ first: limits.devicesMax - 1 })).toBe(true);
    expect(isDecoded({ first: limits.devicesMax })).toBe(false);
    expect(isDecoded({ boxes: Array.from({ length: limits.sealBoxesMax }, () => box) })).toBe(true);
    expect(isDecoded({ boxes: Array.from({ length: limits.sealBoxesMax + 1 }, () => box) })).toBe(
      false,
    );
    expect(isDecoded({ boxes: [new Uint8Array(0)] })).toBe(true);
    expect(isDecoded({ boxes: [new Uint8Array(57)] })).toBe(false);
    expect(isDecoded({ ephemeralPub: new Uint8Array(31) })).toBe(false);
    expect(decodeSeal(null)).toEqual({ ok: false, error: 'malformed-seal' });
  });
});

test('[SE1] recipients are a set: their digest does not depend on the order given', () => {
  const keys = ['a', 'b', 'c'].map((name) => fixedBytes(name));
  const digest = recipientsDigest(keys);
  expect(recipientsDigest([...keys].reverse())).toEqual(digest);
  expect(recipientsDigest(keys.slice(1))).not.toEqual(digest);
  expect(recipientsDigest([])).toHaveLength(32);
});
