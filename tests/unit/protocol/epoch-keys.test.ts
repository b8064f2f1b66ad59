import { createHash, createHmac, hkdfSync } from 'node:crypto';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { concatBytes, u32be, u64be, utf8ToBytes } from '../../../src/base/bytes.ts';
import {
  chainKey,
  deriveEpochKeys,
  ratchet,
  secretHash,
  writerSeed,
} from '../../../src/protocol/epochs/epoch-keys.ts';
import { mailboxIdOf } from '../../../src/protocol/mailbox.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { fixedBytes } from './fixtures.ts';

const epochId = fixedBytes('epoch id');
const secret = fixedBytes('epoch secret');
const deviceSecret = fixedBytes('device secret');
const devSignPub = fixedBytes('device key');
const empty = new Uint8Array(0);

/** RFC 5869 by node, not by our library. */
const oracleHkdf = (salt: Uint8Array, ikm: Uint8Array, ...info: ReadonlyArray<Uint8Array>) =>
  new Uint8Array(hkdfSync('sha512', ikm, salt, concatBytes(...info), 32));

const oracleHash = (label: string, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha512').update(`${label}\0`).update(bytes).digest()).slice(0, 32);

describe('epoch keys', () => {
  const keys = deriveEpochKeys(epochId, secret);
  const derive = (name: string) => oracleHkdf(epochId, secret, utf8ToBytes(`sotto1/${name}`));

  test('[EK1] each key is HKDF(epochId, secret, "sotto1/<name>")', () => {
    expect(keys.admitSeed).toEqual(derive('admit'));
    expect(keys.rdv).toEqual(derive('rdv'));
    expect(keys.rdvSeal).toEqual(derive('rdv-seal'));
    expect(keys.bind).toEqual(derive('bind'));
    expect(keys.ephemeral).toEqual(derive('ephemeral'));
    expect(keys.topic).toBe(Buffer.from(derive('topic')).toString('base64url'));
  });

  test('[EK2] the mailbox is named by the key that admits writers to it', () => {
    expect(keys.admitPub).toEqual(nacl.sign.keyPair.fromSeed(keys.admitSeed).publicKey);
    expect(keys.mailboxId).toEqual(oracleHash('sotto1/mailbox', keys.admitPub));
    expect(keys.mailboxId).toEqual(mailboxIdOf(keys.admitPub));
    expect(keys.mailbox16).toEqual(keys.mailboxId.slice(0, 16));
  });

  test('[EK1] no two epochs share anything', () => {
    const others = [
      deriveEpochKeys(fixedBytes('other epoch id'), secret),
      deriveEpochKeys(epochId, fixedBytes('other secret')),
    ];
    for (const other of others) {
      expect(other.topic).not.toBe(keys.topic);
      expect(other.mailboxId).not.toEqual(keys.mailboxId);
      expect(other.rdv).not.toEqual(keys.rdv);
      expect(other.bind).not.toEqual(keys.bind);
    }
  });

  test('[EK6] the secret hash has its own label', () => {
    expect(secretHash(secret)).toEqual(oracleHash('sotto1/secret', secret));
  });
});

describe('chains', () => {
  test('[EK3] one chain per device and incarnation', () => {
    for (const incarnation of [0, limits.incarnationsMax - 1]) {
      expect(chainKey({ epochId, secret, devSignPub, incarnation })).toEqual(
        oracleHkdf(epochId, secret, utf8ToBytes('sotto1/chain'), devSignPub, u32be(incarnation)),
      );
    }
  });

  test.each([-1, 0.5, limits.incarnationsMax])(
    '[EK3] there is no incarnation %d',
    (incarnation) => {
      expect(() => chainKey({ epochId, secret, devSignPub, incarnation })).toThrow('incarnation');
      expect(() => writerSeed({ deviceSecret, epochId, incarnation })).toThrow('incarnation');
    },
  );

  test('[EK4] each step gives the key of an entry and the chain key of the next', () => {
    let chain = chainKey({ epochId, secret, devSignPub, incarnation: 0 });
    for (const seq of [1, 2, 3]) {
      const step = new Uint8Array(createHmac('sha512', chain).update(u64be(seq)).digest());
      const { messageKey, next } = ratchet(chain, seq);
      expect(messageKey).toEqual(step.slice(0, 32));
      expect(next).toEqual(step.slice(32));
      chain = next;
    }
  });

  test('[EK4] the bind is not on the chain, and the chain ends with the log', () => {
    const chain = chainKey({ epochId, secret, devSignPub, incarnation: 0 });
    expect(() => ratchet(chain, 0)).toThrow('seq 1');
    expect(() => ratchet(chain, limits.seqMax)).toThrow('seq 1');
    expect(ratchet(chain, limits.seqMax - 1).next.length).toBe(32);
  });

  test('[EK4] keys handed out do not share memory: erasing one leaves the other', () => {
    const chain = chainKey({ epochId, secret, devSignPub, incarnation: 0 });
    const { messageKey, next } = ratchet(chain, 1);
    const kept = next.slice();
    messageKey.fill(0);
    expect(next).toEqual(kept);
    expect(next.buffer).not.toBe(messageKey.buffer);
  });

  test('[EK5] a writer seed needs the device secret and changes with epoch and incarnation', () => {
    const seed = writerSeed({ deviceSecret, epochId, incarnation: 1 });
    expect(seed).toEqual(
      oracleHkdf(empty, deviceSecret, utf8ToBytes('sotto1/writer'), epochId, u32be(1)),
    );
    expect(writerSeed({ deviceSecret, epochId, incarnation: 2 })).not.toEqual(seed);
    const other = fixedBytes('other epoch id');
    expect(writerSeed({ deviceSecret, epochId: other, incarnation: 1 })).not.toEqual(seed);
  });

  test('[EK1] [EK3] [EK4] [EK5] nothing is derived from a key or an id of another length', () => {
    const short = new Uint8Array(31);
    const chain = { epochId, secret, devSignPub, incarnation: 0 };
    const writer = { deviceSecret, epochId, incarnation: 0 };
    for (const derived of [
      () => deriveEpochKeys(short, secret),
      () => deriveEpochKeys(epochId, short),
      () => chainKey({ ...chain, epochId: short }),
      () => chainKey({ ...chain, secret: short }),
      () => chainKey({ ...chain, devSignPub: short }),
      () => ratchet(short, 1),
      () => writerSeed({ ...writer, deviceSecret: short }),
      () => writerSeed({ ...writer, epochId: short }),
    ]) {
      expect(derived).toThrow(/has 32 bytes/);
    }
  });
});
