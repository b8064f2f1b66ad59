/**
 * Records at rest, sealed. Every value is `nonce ‖ secretbox(SK, [key, value])`: the record's own
 * key is inside, so that two records cannot be swapped. Record keys are a short structural prefix
 * and HMACs of ids, so that nothing readable lies in the database.
 */
import { concatBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { hmacSha512 } from '../../crypto/kdf.ts';
import { secretboxOpen, secretboxSeal } from '../../crypto/secretbox.ts';
import type { RandomDep } from '../../platform/port.ts';
import {
  anyValue,
  decodeOwn,
  encodeCanonical,
  textUpTo,
  tupleOf,
  type CborValue,
} from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { RecordValue, Storage, StorageFailure, Write } from '../../storage/port.ts';

/** A record's own key and its value. */
const readSealed = tupleOf(textUpTo(512), anyValue);

/** Of the record of another kind that is about the same. */
export const siblingKey = (key: string, prefix: string): string =>
  `${prefix}${key.slice(key.indexOf('/'))}`;

const nonceBytes = 24;
const nameBytes = 20;

/** Where the second copy of a record lies. */
const copyKey = (key: string): string => `~${key}`;

/** Ids and record prefixes that together name a record. */
export type RecordName = readonly [prefix: string, ...ids: ReadonlyArray<Uint8Array>];

export interface VaultListing {
  readonly values: ReadonlyArray<CborValue>;
  /** Of each value. */
  readonly keys: ReadonlyArray<string>;
  /** Records whose seal does not open: torn or flipped; their keys, left untouched. */
  readonly damaged: ReadonlyArray<string>;
}

export class Vault {
  readonly #storage: Storage;
  readonly #random: RandomDep['random'];
  readonly #storageKey: Uint8Array;
  readonly #nameKey: Uint8Array;
  /** A start asks for each of some ten records by the same id. */
  readonly #opaques = new WeakMap<Uint8Array, string>();

  constructor(deps: { storage: Storage } & RandomDep, storageKey: Uint8Array) {
    this.#storage = deps.storage;
    this.#random = deps.random;
    this.#storageKey = storageKey;
    this.#nameKey = hmacSha512(storageKey, Uint8Array.of(1)).subarray(0, 32);
  }

  /** An opaque name for an id: the same here for ever, meaningless without SK. */
  opaque(id: Uint8Array): string {
    const known = this.#opaques.get(id);
    if (known !== undefined) return known;
    const name = toHex(hmacSha512(this.#nameKey, id).subarray(0, nameBytes));
    this.#opaques.set(id, name);
    return name;
  }

  key([prefix, ...ids]: RecordName): string {
    return [prefix, ...ids.map((id) => this.opaque(id))].join('/');
  }

  seal(name: RecordName, value: CborValue): Write {
    const key = this.key(name);
    const nonce = this.#random.bytes(nonceBytes);
    const plaintext = encodeCanonical([key, value]);
    const box = secretboxSeal({ key: this.#storageKey, nonce, plaintext });
    return { key, value: concatBytes(nonce, box) };
  }

  /** The same under two keys, for what nobody else can give back and whose loss ends a conversation. */
  sealTwice(name: RecordName, value: CborValue): ReadonlyArray<Write> {
    const write = this.seal(name, value);
    return [write, { ...write, key: copyKey(write.key) }];
  }

  /** Of what was sealed once. */
  remove(name: RecordName): Write {
    return { key: this.key(name), value: undefined };
  }

  /** Of everything at and below a name, copies too. */
  async removals(name: RecordName): Promise<Result<ReadonlyArray<Write>, StorageFailure>> {
    const key = this.key(name);
    const keys = [key, copyKey(key)];
    for (const prefix of [`${key}/`, copyKey(`${key}/`)]) {
      const listed = await this.#storage.list(prefix);
      if (!listed.ok) return listed;
      for (const [below] of listed.value) keys.push(below);
    }
    return ok(keys.map((gone) => ({ key: gone, value: undefined })));
  }

  async read(
    name: RecordName,
  ): Promise<Result<CborValue | undefined, StorageFailure | 'damaged-record'>> {
    const key = this.key(name);
    const stored = await this.#storage.get(key);
    if (!stored.ok) return stored;
    const opened = stored.value === undefined ? ok(undefined) : this.#open(key, stored.value);
    if (opened.ok && opened.value !== undefined) return opened;
    const copy = await this.#storage.get(copyKey(key));
    if (!copy.ok || copy.value === undefined) return opened;
    const saved = this.#open(key, copy.value);
    return saved.ok ? saved : opened;
  }

  /** All records of one kind by their keys, without their copies; what does not open is left out. */
  async byKey(prefix: string): Promise<Result<ReadonlyMap<string, CborValue>, StorageFailure>> {
    const listed = await this.#storage.list(`${prefix}/`);
    if (!listed.ok) return listed;
    const opened = listed.value.flatMap(([key, stored]) => {
      const value = this.#open(key, stored);
      return value.ok ? [[key, value.value] as const] : [];
    });
    return ok(new Map(opened));
  }

  /** Everything below a name, in an order that only depends on the names. */
  async list(name: RecordName): Promise<Result<VaultListing, StorageFailure>> {
    const prefix = `${this.key(name)}/`;
    const [listed, copied] = await Promise.all([
      this.#storage.list(prefix),
      this.#storage.list(copyKey(prefix)),
    ]);
    if (!listed.ok) return listed;
    if (!copied.ok) return copied;
    const copies = new Map(copied.value.map(([key, stored]) => [key.slice(1), stored]));
    const stored = new Map([...copies, ...listed.value]);
    const values: CborValue[] = [];
    const keys: string[] = [];
    const damaged: string[] = [];
    const repairs: Write[] = [];
    for (const [key, value] of [...stored].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const opened = this.#open(key, value);
      const copy = copies.get(key);
      const saved = opened.ok || copy === undefined ? opened : this.#open(key, copy);
      if (saved.ok) {
        values.push(saved.value);
        keys.push(key);
      } else damaged.push(key);
      if (saved.ok && !opened.ok) repairs.push({ key, value: copy });
    }
    // Where it fails the next start does it.
    if (repairs.length > 0) await this.#storage.commit(repairs);
    return ok({ values, keys, damaged });
  }

  commit(writes: ReadonlyArray<Write>): Promise<Result<undefined, StorageFailure>> {
    return this.#storage.commit(writes);
  }

  #open(key: string, stored: RecordValue): Result<CborValue, 'damaged-record'> {
    if (!(stored instanceof Uint8Array)) return err('damaged-record');
    const nonce = stored.subarray(0, nonceBytes);
    const box = stored.subarray(nonceBytes);
    if (nonce.length !== nonceBytes) return err('damaged-record');
    const plaintext = secretboxOpen({ key: this.#storageKey, nonce, box });
    if (plaintext === undefined) return err('damaged-record');
    const decoded = decodeOwn(plaintext, { bytesMax: limits.recordBytesMax });
    const sealed = decoded.ok ? readSealed(decoded.value) : undefined;
    return sealed?.[0] === key ? ok(sealed[1]) : err('damaged-record');
  }
}

/** Wraps and unwraps SK under a slot's key: `nonce ‖ secretbox(slot key, SK)`. */
export const wrapStorageKey = (
  slotKey: Uint8Array,
  nonce: Uint8Array,
  storageKey: Uint8Array,
): Uint8Array => concatBytes(nonce, secretboxSeal({ key: slotKey, nonce, plaintext: storageKey }));

export const unwrapStorageKey = (
  slotKey: Uint8Array,
  wrapped: Uint8Array,
): Result<Uint8Array, 'damaged-record'> => {
  const opened = secretboxOpen({
    key: slotKey,
    nonce: wrapped.subarray(0, nonceBytes),
    box: wrapped.subarray(nonceBytes),
  });
  return opened?.length === 32 ? ok(opened) : err('damaged-record');
};
