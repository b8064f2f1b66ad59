import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import {
  encodeChain,
  readChain,
  wholeChain,
  withoutEntries,
  type Chain,
  type Stub,
} from '../../../src/core/epochs/chain.ts';
import { Keyring } from '../../../src/core/epochs/keyring.ts';
import { ratchet } from '../../../src/protocol/epochs/epoch-keys.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { fixedBytes } from '../protocol/fixtures.ts';

const first = fixedBytes('chain');
const owner = { devSignPub: fixedBytes('device'), incarnation: 2 };
const stub: Stub = { type: 'text', mid: fixedBytes('mid', 16), lamport: 7, sentAt: -1 };

/** Message keys of seq 1 to `count`. */
const keysOf = (count: number): ReadonlyMap<number, Uint8Array> => {
  const keys = new Map<number, Uint8Array>();
  let chain = first;
  for (let seq = 1; seq <= count; seq++) {
    const step = ratchet(chain, seq);
    keys.set(seq, step.messageKey);
    chain = step.next;
  }
  return keys;
};

/** Every message key that follows from what is left, by any way there is. */
const derivable = ({ kept, key, fromSeq }: Chain, count: number): ReadonlySet<string> => {
  const found = new Set([...kept.values()].map(toHex));
  const starts = [[fromSeq, key] as const, ...[...kept].map(([seq, at]) => [seq, at] as const)];
  for (const [from, start] of starts) {
    let chain = start;
    for (let seq = from; seq <= count; seq++) {
      const step = ratchet(chain, seq);
      found.add(toHex(step.messageKey));
      chain = step.next;
    }
  }
  return found;
};

const eraseAll = (chain: Chain, batches: ReadonlyArray<ReadonlyArray<number>>): Chain =>
  batches.reduce((left, seqs) => withoutEntries(left, new Set(seqs), () => stub), chain);

const count = 24;
const seqs = fc.array(fc.array(fc.integer({ min: 1, max: count }), { maxLength: 6 }));

describe('a chain in which entries were erased', () => {
  test('[ER1] derives every key but theirs, whatever is erased in whatever order', () => {
    const keys = keysOf(count);
    fc.assert(
      fc.property(seqs, (batches) => {
        const gone = new Set(batches.flat());
        const left = derivable(eraseAll(wholeChain(first), batches), count);
        for (const [seq, key] of keys) expect(left.has(toHex(key))).toBe(!gone.has(seq));
      }),
    );
  });

  test('[ER1] is stored and read back as it is', () => {
    fc.assert(
      fc.property(seqs, (batches) => {
        const chain = eraseAll(wholeChain(first), batches);
        expect(readChain(encodeChain(owner, chain))).toEqual({ ...owner, chain });
      }),
    );
  });

  test('[ER1] shows each key once, and keeps what is not to be erased', () => {
    const keys = keysOf(5);
    const seen: number[] = [];
    const left = withoutEntries(wholeChain(first), new Set([2, 4]), (seq, key) => {
      expect(key).toEqual(keys.get(seq));
      seen.push(seq);
      return seq === 2 ? stub : undefined;
    });
    expect(seen).toEqual([2, 4]);
    expect([...left.erased.keys()]).toEqual([2]);
    expect(left.kept.get(4)).toEqual(keys.get(4));
  });

  test('[ER1] a record that is not whole is none', () => {
    const chain = eraseAll(wholeChain(first), [[3]]);
    const record = encodeChain(owner, chain) as { kept: Uint8Array };
    expect(readChain({ ...record, kept: record.kept.slice(32) })).toBeUndefined();
    expect(readChain({ ...record, fromSeq: 3 })).toBeUndefined();
  });
});

describe('a keyring', () => {
  const epochId = fixedBytes('epoch');
  const devices = [fixedBytes('device'), fixedBytes('another')];

  test('[ER2] without its secret has the same keys and every chain that may begin', () => {
    const whole = new Keyring({ epochId, secret: fixedBytes('secret') });
    const punctured = new Keyring({ epochId, left: whole.without(devices, []) });
    expect(punctured.secret).toBeUndefined();
    expect(punctured.keys).toEqual(whole.keys);
    for (const devSignPub of devices) {
      for (let incarnation = 0; incarnation < limits.incarnationsMax; incarnation++) {
        const log = { devSignPub, incarnation };
        expect(punctured.chainOf(log)).toEqual(whole.chainOf(log));
      }
    }
    expect(
      punctured.chainOf({ devSignPub: fixedBytes('stranger'), incarnation: 0 }),
    ).toBeUndefined();
  });

  test('[ER2] forgets the secret: its bytes are overwritten', () => {
    const secret = fixedBytes('secret');
    const keyring = new Keyring({ epochId, secret });
    const before = keyring.keys;
    keyring.replace(keyring.without(devices, []));
    expect(keyring.secret).toBeUndefined();
    expect(secret.every((byte) => byte === 0)).toBe(true);
    expect(keyring.keys).toEqual(before);
  });
});
