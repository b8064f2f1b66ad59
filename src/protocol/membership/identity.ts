/**
 * The identity log: which devices speak for a person (PROTOCOL §2). The root key signs its entries
 * and nothing else; each entry names the one before it, so two logs of one root are prefixes of one
 * another or a portable proof that the root key was copied.
 *
 * An entry is `canonical CBOR ‖ 64-byte root signature`. Reading (structure, links, meaning) is
 * separate from verifying signatures, so that the resolver stays synchronous.
 */
import { compareBytes, equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type MaybePromise, type Result } from '../../base/result.ts';
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import { hkdf } from '../../crypto/kdf.ts';
import {
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  decodeAs,
  encodeCanonical,
  oneOf,
  type Read,
  recordOf,
} from '../cbor.ts';
import { limits } from '../limits.ts';
import { identityIdOf } from './identity-id.ts';
import { decodeSigned, signRecord, verifySigned } from '../signed-record.ts';

const version = 1;
const entryBytesMax = 512;
const entryLabel = 'sotto1/identity-entry-sig';

export type RevokeReason = 'lost' | 'retired' | 'compromised';

export interface CertEntry {
  readonly type: 'cert';
  readonly devSignPub: Uint8Array;
  readonly inboxPub: Uint8Array;
}

export interface RevokeEntry {
  readonly type: 'revoke';
  readonly devSignPub: Uint8Array;
  readonly reason: RevokeReason;
}

/** Takes a device back after a `fork` (see `forkIdOf` in fork.ts). */
export interface ExcuseEntry {
  readonly type: 'excuse';
  readonly forkId: Uint8Array;
}

export type IdentityEntry = CertEntry | RevokeEntry | ExcuseEntry;

export interface CertifiedDevice {
  readonly devSignPub: Uint8Array;
  readonly inboxPub: Uint8Array;
}

export interface IdentityLog {
  readonly rootPub: Uint8Array;
  readonly identityId: Uint8Array;
  /** As signed; the log's only wire form. */
  readonly entries: ReadonlyArray<Uint8Array>;
  /** What the next entry names as the one before it. */
  readonly head: Uint8Array;
  /** Certified and not revoked, in the order of their certificates. */
  readonly devices: ReadonlyArray<CertifiedDevice>;
  /** Every device ever certified. A revoked one stays: its earlier acts stay its own. */
  readonly certifiedKeys: ReadonlySet<string>;
  readonly revokedKeys: ReadonlySet<string>;
  readonly excusedForks: ReadonlySet<string>;
}

/** The root key of the recovery phrase's 32 bytes. It signs only the identity log. */
export const rootSigner = (backend: CryptoBackend, rootSeed: Uint8Array): MaybePromise<Signer> =>
  backend.signerFromSeed(hkdf({ ikm: rootSeed, info: 'sotto1/root' }));

// ---------------------------------------------------------------- one entry

const readCert = recordOf({
  type: oneOf('cert'),
  devSignPub: bytesOf(32),
  inboxPub: bytesOf(32),
});
const readRevoke = recordOf({
  type: oneOf('revoke'),
  devSignPub: bytesOf(32),
  reason: oneOf('lost', 'retired', 'compromised'),
});
const readExcuse = recordOf({ type: oneOf('excuse'), forkId: bytesOf(32) });
const readEntry: Read<IdentityEntry> = (value) =>
  readCert(value) ?? readRevoke(value) ?? readExcuse(value);
const readLinkedEntry = recordOf({ v: oneOf(version), prev: bytesOf(32), entry: readEntry });

const entryHash = (bytes: Uint8Array): Uint8Array => hash('sotto1/identity-entry', bytes);

const decodeEntry = (bytes: Uint8Array) =>
  decodeSigned(bytes, { bytesMax: entryBytesMax, read: readLinkedEntry });

/** The next entry of a log, signed. `log` is undefined for the first. */
export const appendIdentityEntry = (
  root: Signer,
  log: IdentityLog | undefined,
  entry: IdentityEntry,
): MaybePromise<Uint8Array> =>
  signRecord(root, {
    label: entryLabel,
    record: { v: version, prev: log?.head ?? identityIdOf(root.publicKey), entry: { ...entry } },
  });

// ---------------------------------------------------------------- the whole log

export interface RawIdentityLog {
  readonly rootPub: Uint8Array;
  readonly entries: ReadonlyArray<Uint8Array>;
}

interface Fold {
  head: Uint8Array;
  readonly devices: Map<string, CertifiedDevice>;
  readonly certifiedKeys: Set<string>;
  readonly revokedKeys: Set<string>;
  readonly excusedForks: Set<string>;
}

/** False where the entry makes no sense after those before it: the log is bad, not the entry. */
const applyEntry = (fold: Fold, entry: IdentityEntry): boolean => {
  if (entry.type === 'excuse') {
    fold.excusedForks.add(toHex(entry.forkId));
    return true;
  }
  const key = toHex(entry.devSignPub);
  if (entry.type === 'cert') {
    // A key has one life: a revoked key that came back would revive what its thief signed.
    if (fold.certifiedKeys.has(key)) return false;
    fold.certifiedKeys.add(key);
    fold.devices.set(key, { devSignPub: entry.devSignPub, inboxPub: entry.inboxPub });
    return true;
  }
  fold.revokedKeys.add(key);
  return fold.devices.delete(key);
};

/**
 * [ID1] Total. Structure, links and sense of a log; its signatures are `verifyIdentityLog`'s.
 * A log has at least one entry, and the first is a certificate (nothing else makes sense there).
 */
export const readIdentityLog = ({
  rootPub,
  entries,
}: RawIdentityLog): Result<IdentityLog, 'bad-identity-log'> => {
  if (rootPub.length !== 32 || entries.length === 0) return err('bad-identity-log');
  if (entries.length > limits.identityEntriesMax) return err('bad-identity-log');
  const identityId = identityIdOf(rootPub);
  const fold: Fold = {
    head: identityId,
    devices: new Map(),
    certifiedKeys: new Set(),
    revokedKeys: new Set(),
    excusedForks: new Set(),
  };
  for (const bytes of entries) {
    const linked = decodeEntry(bytes)?.record;
    if (linked === undefined || !equalBytes(linked.prev, fold.head)) return err('bad-identity-log');
    if (!applyEntry(fold, linked.entry)) return err('bad-identity-log');
    fold.head = entryHash(bytes);
  }
  const { head, certifiedKeys, revokedKeys, excusedForks } = fold;
  const devices = [...fold.devices.values()];
  return ok({
    rootPub,
    identityId,
    entries,
    head,
    devices,
    certifiedKeys,
    revokedKeys,
    excusedForks,
  });
};

/** [ID2] True iff the root signed every entry. */
export const verifyLogSignatures = async (
  backend: CryptoBackend,
  log: RawIdentityLog,
): Promise<boolean> => {
  for (const bytes of log.entries) {
    const signed = decodeEntry(bytes)?.signed;
    const publicKey = log.rootPub;
    const isSigned =
      signed !== undefined &&
      (await verifySigned(backend, { label: entryLabel, publicKey, signed }));
    if (!isSigned) return false;
  }
  return true;
};

/** [ID1] [ID2] A log that can be relied on. */
export const verifyIdentityLog = async (
  backend: CryptoBackend,
  raw: RawIdentityLog,
): Promise<Result<IdentityLog, 'bad-identity-log'>> => {
  const log = readIdentityLog(raw);
  if (!log.ok) return log;
  return (await verifyLogSignatures(backend, raw)) ? log : err('bad-identity-log');
};

// ---------------------------------------------------------------- bytes

const readRawLog = recordOf({
  v: oneOf(version),
  root: bytesOf(32),
  entries: arrayUpTo(limits.identityEntriesMax, bytesUpTo(entryBytesMax)),
});

export const identityLogBytesMax = limits.identityEntriesMax * (entryBytesMax + 3) + 64;

export const encodeIdentityLog = ({ rootPub, entries }: RawIdentityLog): Uint8Array =>
  encodeCanonical({ v: version, root: rootPub, entries });

/** Total. */
export const decodeIdentityLog = (bytes: Uint8Array): Result<RawIdentityLog, 'malformed'> => {
  const raw = decodeAs(bytes, { bytesMax: identityLogBytesMax, read: readRawLog });
  return raw === undefined ? err('malformed') : ok({ rootPub: raw.root, entries: raw.entries });
};

/** Decodes and reads in one step: what a control op carries. */
export const readIdentityLogBytes = (bytes: Uint8Array): IdentityLog | undefined => {
  const raw = decodeIdentityLog(bytes);
  const log = raw.ok ? readIdentityLog(raw.value) : undefined;
  return log?.ok === true ? log.value : undefined;
};

// ---------------------------------------------------------------- several logs of one root

const sharedLength = (a: IdentityLog, b: IdentityLog): number => {
  const shorter = Math.min(a.entries.length, b.entries.length);
  for (let at = 0; at < shorter; at++) {
    const [left, right] = [a.entries[at], b.entries[at]];
    if (left === undefined || right === undefined || !equalBytes(left, right)) return at;
  }
  return shorter;
};

/** [ID3] True iff neither log is a prefix of the other: the root key signed two histories. */
export const isForked = (a: IdentityLog, b: IdentityLog): boolean =>
  sharedLength(a, b) < Math.min(a.entries.length, b.entries.length);

export interface MergedLogs {
  /** The longest log; of a fork the common prefix. Undefined: not even the first entry agrees. */
  readonly log: IdentityLog | undefined;
  /** Two heads that are not prefixes of one another: shown to people, carried anywhere. */
  readonly fork: { readonly a: IdentityLog; readonly b: IdentityLog } | undefined;
}

/** [ID3] What several logs of one root say together. The order of `logs` does not matter. */
export const mergeLogs = (logs: ReadonlyArray<IdentityLog>): MergedLogs => {
  const sorted = [...logs].sort(
    (a, b) => b.entries.length - a.entries.length || compareBytes(a.head, b.head),
  );
  const longest = sorted[0];
  if (longest === undefined) return { log: undefined, fork: undefined };
  const forked = sorted.filter((log) => isForked(longest, log));
  const other = forked[0];
  if (other === undefined) return { log: longest, fork: undefined };
  // All pairs of logs agree at least as far as each agrees with the longest.
  const length = Math.min(...forked.map((log) => sharedLength(longest, log)));
  return { log: prefixOf(longest, length), fork: { a: longest, b: other } };
};

/** The first `length` entries as a log of their own; undefined for none. */
export const prefixOf = (log: IdentityLog, length: number): IdentityLog | undefined => {
  if (length >= log.entries.length) return log;
  const prefix = readIdentityLog({ rootPub: log.rootPub, entries: log.entries.slice(0, length) });
  return prefix.ok ? prefix.value : undefined;
};
