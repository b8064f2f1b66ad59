import { hkdfSync } from 'node:crypto';
import nacl from 'tweetnacl';
import { beforeAll, describe, expect, test } from 'vitest';
import { equalBytes, toHex } from '../../../src/base/bytes.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import {
  appendIdentityEntry,
  decodeIdentityLog,
  encodeIdentityLog,
  type IdentityEntry,
  type IdentityLog,
  isForked,
  mergeLogs,
  prefixOf,
  readIdentityLog,
  rootSigner,
  verifyIdentityLog,
  verifyLogSignatures,
} from '../../../src/protocol/membership/identity.ts';
import { identityIdOf } from '../../../src/protocol/membership/identity-id.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { bytesNamed, extendLog } from '../../support/conversation.ts';

const backend = createNodeBackend();
let root: Signer;

const cert = (name: string): IdentityEntry => ({
  type: 'cert',
  devSignPub: bytesNamed(`device ${name}`),
  inboxPub: bytesNamed(`inbox ${name}`),
});
const revoke = (name: string): IdentityEntry => ({
  type: 'revoke',
  devSignPub: bytesNamed(`device ${name}`),
  reason: 'lost',
});

const logWith = async (...entries: IdentityEntry[]): Promise<IdentityLog> => {
  let log: IdentityLog | undefined;
  for (const entry of entries) log = await extendLog(root, log, entry);
  if (log === undefined) throw new Error('a log has entries');
  return log;
};

const isReadable = async (...entries: IdentityEntry[]): Promise<boolean> => {
  const first = await logWith(cert('first'));
  let log = first;
  for (const entry of entries) {
    const bytes = await appendIdentityEntry(root, log, entry);
    const longer = readIdentityLog({
      rootPub: root.publicKey,
      entries: [...log.entries, bytes],
    });
    if (!longer.ok) return false;
    log = longer.value;
  }
  return true;
};

beforeAll(async () => {
  root = await rootSigner(backend, bytesNamed('seed'));
});

describe('one log', () => {
  test('[ID1] says which devices were certified and which are revoked', async () => {
    const log = await logWith(cert('a'), cert('b'), revoke('a'));
    expect(equalBytes(log.identityId, identityIdOf(root.publicKey))).toBe(true);
    expect(log.devices.map(({ devSignPub }) => toHex(devSignPub))).toEqual([
      toHex(bytesNamed('device b')),
    ]);
    expect(log.certifiedKeys.size).toBe(2);
    expect([...log.revokedKeys]).toEqual([toHex(bytesNamed('device a'))]);
  });

  test('[ID1] a key has one life, and only a living device is revoked', async () => {
    expect(await isReadable(cert('a'), revoke('a'))).toBe(true);
    expect(await isReadable(cert('a'), cert('a'))).toBe(false);
    expect(await isReadable(cert('a'), revoke('a'), cert('a'))).toBe(false);
    expect(await isReadable(cert('a'), revoke('a'), revoke('a'))).toBe(false);
    expect(await isReadable(revoke('a'))).toBe(false);
  });

  test('[ID1] an excuse names a fork', async () => {
    const log = await logWith(cert('a'), { type: 'excuse', forkId: bytesNamed('fork') });
    expect([...log.excusedForks]).toEqual([toHex(bytesNamed('fork'))]);
  });

  test('[ID1] entries are linked: none may be missing, moved or from another log', async () => {
    const { entries } = await logWith(cert('a'), cert('b'), cert('c'));
    const [a, b, c] = entries;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three entries');
    const isLog = (...some: Uint8Array[]): boolean =>
      readIdentityLog({ rootPub: root.publicKey, entries: some }).ok;
    expect(isLog(a, b, c)).toBe(true);
    expect(isLog(a, b)).toBe(true);
    for (const bad of [[a, c], [b, c], [b, a, c], [a, a], []]) expect(isLog(...bad)).toBe(false);
    expect(readIdentityLog({ rootPub: bytesNamed('other'), entries }).ok).toBe(false);
    const short = { rootPub: root.publicKey.subarray(1), entries };
    expect(readIdentityLog(short).ok).toBe(false);
  });

  test('[ID1] a log has a bounded number of entries', async () => {
    let log = await logWith(cert('first'));
    for (let at = 1; at < limits.identityEntriesMax; at++) {
      log = await extendLog(root, log, cert(String(at)));
    }
    const bytes = await appendIdentityEntry(root, log, cert('one too many'));
    const entries = [...log.entries, bytes];
    expect(readIdentityLog({ rootPub: root.publicKey, entries }).ok).toBe(false);
    expect(decodeIdentityLog(encodeIdentityLog(log)).ok).toBe(true);
  });

  test('[ID2] every entry must be signed by the root', async () => {
    const log = await logWith(cert('a'), cert('b'));
    const verify = async (entries: ReadonlyArray<Uint8Array>): Promise<boolean> =>
      (await verifyIdentityLog(backend, { rootPub: root.publicKey, entries })).ok;
    expect(await verify(log.entries)).toBe(true);
    const [first, last] = log.entries;
    if (first === undefined || last === undefined) throw new Error('two entries');
    const mallory = await rootSigner(backend, bytesNamed('mallory'));
    const stranger: Signer = {
      publicKey: root.publicKey,
      sign: (message) => mallory.sign(message),
    };
    const forged = await appendIdentityEntry(stranger, log, cert('mallory'));
    expect(await verify([first, last, forged])).toBe(false);
    const flipped = last.slice();
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    expect(await verify([first, flipped])).toBe(false);
  });

  test('[ID1] [ID2] an entry that is none makes no log, and throws nothing', async () => {
    const { entries } = await logWith(cert('a'));
    const raw = { rootPub: root.publicKey, entries: [...entries, Uint8Array.of(1, 2, 3)] };
    expect(readIdentityLog(raw).ok).toBe(false);
    expect(await verifyLogSignatures(backend, raw)).toBe(false);
  });

  test('[ID1] the root key follows from the seed by its own label', () => {
    const seed = hkdfSync('sha512', bytesNamed('seed'), new Uint8Array(0), 'sotto1/root', 32);
    const { publicKey } = nacl.sign.keyPair.fromSeed(new Uint8Array(seed));
    expect(root.publicKey).toEqual(publicKey);
  });

  test('[ID4] bytes round-trip and hold nothing else', async () => {
    const log = await logWith(cert('a'), cert('b'));
    const bytes = encodeIdentityLog(log);
    const decoded = decodeIdentityLog(bytes);
    expect(decoded).toEqual({
      ok: true,
      value: { rootPub: log.rootPub, entries: log.entries },
    });
    expect(decodeIdentityLog(bytes.slice(0, -1)).ok).toBe(false);
    expect(decodeIdentityLog(Uint8Array.of(...bytes, 0)).ok).toBe(false);
  });
});

describe('several logs of one root', () => {
  test('[ID3] of prefixes the longest counts, in any order', async () => {
    const long = await logWith(cert('a'), cert('b'), cert('c'));
    const short = prefixOf(long, 1);
    if (short === undefined) throw new Error('there is a prefix');
    for (const logs of [
      [long, short],
      [short, long],
      [long, long],
    ]) {
      expect(mergeLogs(logs)).toEqual({ log: long, fork: undefined });
    }
    expect(isForked(long, short)).toBe(false);
  });

  test('[ID3] of forks the common prefix counts, and two heads prove it', async () => {
    const common = await logWith(cert('a'), cert('b'));
    const left = await extendLog(root, common, cert('left'));
    const longer = await extendLog(root, left, cert('longer'));
    const right = await extendLog(root, common, cert('right'));
    expect(isForked(left, right)).toBe(true);
    for (const logs of [
      [common, left, longer, right],
      [right, longer, common, left],
    ]) {
      const merged = mergeLogs(logs);
      expect(merged.log).toEqual(common);
      expect(merged.fork).toEqual({ a: longer, b: right });
    }
  });

  test('[ID3] of several forks the part counts that all of them share', async () => {
    const one = await logWith(cert('a'));
    const two = await extendLog(root, one, cert('b'));
    const long = await extendLog(root, await extendLog(root, two, cert('c')), cert('d'));
    const late = await extendLog(root, two, cert('late'));
    const early = await extendLog(root, one, cert('early'));
    for (const logs of [
      [long, late, early],
      [early, late, long],
    ]) {
      expect(mergeLogs(logs).log).toEqual(one);
    }
  });

  test('[ID3] of a fork at the first entry nothing counts', async () => {
    const merged = mergeLogs([await logWith(cert('a')), await logWith(cert('b'))]);
    expect(merged.log).toBeUndefined();
    expect(merged.fork).toBeDefined();
    expect(mergeLogs([])).toEqual({ log: undefined, fork: undefined });
  });
});
