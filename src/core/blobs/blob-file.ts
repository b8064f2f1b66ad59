/**
 * One file of one conversation on this device: which of its chunks are here, and where they lie. A
 * chunk counts once it was read back as it was sent; what is handed out, as plaintext or to a peer,
 * is checked by its id each time, and counts no longer where it does not fit.
 */
import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { ChunkCipher } from '../../crypto/chunk-cipher.ts';
import { isChunk, openChunk } from '../../protocol/blobs/chunks.ts';
import { chunkIdBytes } from '../../protocol/blobs/file-size.ts';
import { chunkOverheadBytes, layoutOf, type Layout } from '../../protocol/blobs/layout.ts';
import { blobIdOf, type Manifest } from '../../protocol/blobs/manifest.ts';
import { limits } from '../../protocol/limits.ts';
import type { BlobStore } from '../../storage/blobs/port.ts';
import type { StorageFailure } from '../../storage/port.ts';
import { Have } from './have.ts';

/** What this person wants of it: `auto` follows the rules of its conversation. */
export type BlobMode = 'auto' | 'fetch' | 'paused' | 'freed';

export interface BlobFileInput {
  readonly store: BlobStore;
  readonly cipher: ChunkCipher;
  readonly manifest: Manifest;
  /** Under which it lies in the store. */
  readonly name: string;
}

export type Taken = 'taken' | 'held' | 'bad' | 'unknown';

export class BlobFile {
  readonly id: Uint8Array;
  readonly idHex: string;
  readonly manifest: Manifest;
  readonly layout: Layout;
  readonly name: string;
  readonly have: Have;
  mode: BlobMode = 'auto';
  /** The rules say that it comes by itself. */
  isDue = false;
  /** Messages it goes with, by key. */
  readonly keys = new Set<string>();
  /** Own, and in no log yet. */
  isPending = false;
  /** [FT21] Other devices that last said they have all of it, in hex. */
  readonly holders = new Set<string>();
  /** Not written yet. */
  hasNewHolders = false;
  /** [MB21] Sealed here, and to be left in a mailbox for who is away. */
  isOwed = false;
  /** When a mailbox last took all of it. */
  leftAtMs: number | undefined;
  /** Of who sealed it: lets go of what was left there. */
  dropSecret: Uint8Array | undefined;
  /** Its record was not written since it changed. */
  isDirty = false;
  /** The last write found no room. */
  isOutOfSpace = false;
  /** [MB27] A mailbox is being asked for all that is missing. */
  isFromMailbox = false;
  readonly #input: BlobFileInput;
  /** Ids that an index names, once it was opened. */
  readonly #indexes = new Map<number, Uint8Array>();
  readonly #watchers = new Set<() => void>();

  constructor(input: BlobFileInput, bits?: Uint8Array) {
    this.#input = input;
    this.manifest = input.manifest;
    this.name = input.name;
    this.id = blobIdOf(input.manifest);
    this.idHex = toHex(this.id);
    this.layout = layoutOf(input.manifest);
    this.have = new Have(this.layout.slotCount, bits);
  }

  get isWhole(): boolean {
    return this.have.isWhole;
  }

  /** The file itself, whether or not its preview and its indexes are here. */
  get doneBytes(): number {
    const done = this.have.countFrom(this.layout.firstDataSlot) * limits.chunkBytes;
    return Math.min(done, this.manifest.sizeBytes);
  }

  get hasPreview(): boolean {
    return this.layout.hasPreview && this.have.has(0);
  }

  /** Undefined where the index that names it is not here. */
  async idOf(slot: number): Promise<Uint8Array | undefined> {
    const place = this.layout.idPlace(slot);
    const { root, preview } = this.manifest;
    if (place.in === 'preview') return preview?.id;
    const ids = place.in === 'manifest' ? root : await this.#index(place.in);
    return ids?.subarray(place.at * chunkIdBytes, (place.at + 1) * chunkIdBytes);
  }

  /** Whether it can be asked for: what names it is here. */
  isNamed(slot: number): boolean {
    const place = this.layout.idPlace(slot);
    return typeof place.in !== 'number' || this.have.has(place.in);
  }

  /** A chunk from somebody: checked, written and read back, and only then counted. */
  async take(slot: number, sealed: Uint8Array): Promise<Result<Taken, StorageFailure>> {
    if (this.have.has(slot)) return ok('held');
    const id = await this.idOf(slot);
    if (id === undefined) return ok('unknown');
    const isGood = await isChunk(this.#input.cipher, { layout: this.layout, slot }, { id, sealed });
    if (!isGood) return ok('bad');
    const written = await this.#input.store.write(this.name, [{ slot, bytes: sealed }]);
    if (!written.ok) {
      this.isOutOfSpace = written.error === 'disk-full';
      return written;
    }
    this.isOutOfSpace = false;
    this.have.add(slot);
    this.isDirty = true;
    for (const watcher of this.#watchers) watcher();
    return ok('taken');
  }

  /** Calls whenever one more chunk is here; the answer ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** [FT14] As it lies here, checked; undefined: it is not here, or not any more. */
  async sealedChunk(slot: number): Promise<Uint8Array | undefined> {
    if (!this.have.has(slot)) return undefined;
    const id = await this.idOf(slot);
    const byteCount = this.layout.plainBytes(slot) + chunkOverheadBytes;
    const read = await this.#input.store.read(this.name, slot, byteCount);
    if (!read.ok) return undefined; // a disk that fails for now has lost nothing yet
    const { cipher } = this.#input;
    const sealed = read.value;
    const isGood =
      id !== undefined &&
      sealed !== undefined &&
      (await isChunk(cipher, { layout: this.layout, slot }, { id, sealed }));
    if (isGood) return sealed;
    this.have.remove(slot);
    this.isDirty = true;
    return undefined;
  }

  async #plain(slot: number): Promise<Uint8Array | undefined> {
    const sealed = await this.sealedChunk(slot);
    const chunk = { keys: this.manifest, layout: this.layout, slot };
    return sealed && openChunk(this.#input.cipher, chunk, sealed);
  }

  async preview(): Promise<Uint8Array | undefined> {
    const { preview } = this.manifest;
    const plain = preview && (await this.#plain(0));
    return plain?.slice(0, preview?.sizeBytes);
  }

  /** [FT2] Plaintext from a byte on, as much of it as there is; undefined: a chunk of it is not here. */
  async read(fromByte: number, byteCount: number): Promise<Uint8Array | undefined> {
    assert(fromByte >= 0 && byteCount >= 0, 'a range is not negative');
    const end = Math.min(fromByte + byteCount, this.manifest.sizeBytes);
    const bytes = new Uint8Array(Math.max(0, end - fromByte));
    const { chunkBytes } = limits;
    for (let at = Math.floor(fromByte / chunkBytes); at * chunkBytes < end; at++) {
      const plain = await this.#plain(this.layout.firstDataSlot + at);
      if (plain === undefined) return undefined;
      const from = Math.max(fromByte, at * chunkBytes);
      const to = Math.min(end, (at + 1) * chunkBytes);
      bytes.set(plain.subarray(from - at * chunkBytes, to - at * chunkBytes), from - fromByte);
    }
    return bytes;
  }

  /** [FT9] Takes the file off the disk, and leaves its preview. */
  async free(): Promise<Result<undefined, StorageFailure>> {
    const preview = await this.#sealedPreview();
    for (let slot = 0; slot < this.layout.slotCount; slot++) this.have.remove(slot);
    this.#indexes.clear();
    this.isDirty = true;
    const removed = await this.#input.store.remove(this.name);
    if (!removed.ok || preview === undefined) return removed;
    const written = await this.take(0, preview);
    return written.ok ? ok(undefined) : written;
  }

  /** What is here is on disk: a record may say so. */
  sync(): Promise<Result<undefined, StorageFailure>> {
    return this.#input.store.sync(this.name);
  }

  noteHolder(deviceHex: string, hasAll: boolean): void {
    if (this.holders.has(deviceHex) === hasAll) return;
    if (hasAll) this.holders.add(deviceHex);
    else this.holders.delete(deviceHex);
    this.hasNewHolders = true;
  }

  remove(): Promise<Result<undefined, StorageFailure>> {
    return this.#input.store.remove(this.name);
  }

  #sealedPreview(): Promise<Uint8Array | undefined> {
    return this.layout.hasPreview ? this.sealedChunk(0) : Promise.resolve(undefined);
  }

  async #index(slot: number): Promise<Uint8Array | undefined> {
    const known = this.#indexes.get(slot);
    if (known !== undefined) return known;
    const ids = await this.#plain(slot);
    if (ids !== undefined) this.#indexes.set(slot, ids);
    return ids;
  }
}
