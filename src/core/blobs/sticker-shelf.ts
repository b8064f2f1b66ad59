/**
 * Stickers of this device: each picture sealed among the files, once, whatever packs name it, and a
 * record for each pack. What no pack names any more goes. Nobody else knows what is kept here.
 */
import { fromHex, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { createSerialQueue } from '../../base/serial-queue.ts';
import { encodeManifest, readManifest, type Manifest } from '../../protocol/blobs/manifest.ts';
import { arrayUpTo, bytesOf, bytesUpTo, recordOf, textUpTo, tupleOf } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import {
  encodePack,
  isStickerPicture,
  packIdOf,
  readPack,
  stickerIdOf,
  type PackFault,
  type Sticker,
  type StickerPack,
} from '../../protocol/stickers.ts';
import { isStickerWord } from '../../protocol/sticker-message.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { FileData } from '../api-attachments.ts';
import type { PackView } from '../api-stickers.ts';
import { BlobFile } from './blob-file.ts';
import type { ShelfDeps } from './blob-shelf.ts';
import { draftManifest, sealFile, type SealFailure } from './seal-file.ts';

export type KeepFailure = PackFault | SealFailure | 'too-many' | 'busy';

const storeNameBytes = 20;
/** Of those that were collected one by one: a pack without a hash, since it grows. */
const collectedId = '';

const readKept = recordOf({ manifest: readManifest, name: textUpTo(2 * storeNameBytes) });
const readKeptPack = recordOf({
  id: bytesUpTo(32),
  name: textUpTo(limits.nameBytesMax),
  stickers: arrayUpTo(
    limits.stickersCollectedMax,
    tupleOf(bytesOf(32), textUpTo(limits.emojiBytesMax)),
  ),
});

const dataOf = (bytes: Uint8Array): FileData => ({
  size: bytes.length,
  slice: (from, to) => dataOf(bytes.subarray(from, to)),
  arrayBuffer: () => Promise.resolve(new Uint8Array(bytes).buffer),
});

const bytesOfHex = (hex: string): Uint8Array => {
  const bytes = fromHex(hex);
  return bytes.ok ? bytes.value : new Uint8Array(0);
};

export class StickerShelf {
  readonly #deps: ShelfDeps;
  readonly #packs = new Map<string, PackView>();
  /** By the id of the sticker. */
  readonly #files = new Map<string, BlobFile>();
  readonly #queue = createSerialQueue(limits.stickerSavesWaitingMax);
  /** Being written, and in no record yet. */
  readonly #unrecorded = new Set<string>();

  constructor(deps: ShelfDeps) {
    this.#deps = deps;
  }

  /** What does not read is forgotten, as if it had never been kept. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const files = await this.#deps.vault.list(['st']);
    if (!files.ok) return files;
    const packs = await this.#deps.vault.list(['sp']);
    if (!packs.ok) return packs;
    const named = new Map<string, BlobFile>();
    for (const value of files.value.values) {
      const kept = readKept(value);
      // The name of the manifest is the sticker's: see #seal.
      if (kept !== undefined) named.set(kept.manifest.name, this.#whole(kept.manifest, kept.name));
    }
    for (const value of packs.value.values) {
      const pack = readKeptPack(value);
      if (pack === undefined) continue;
      const stickers = pack.stickers.map(([id, word]) => ({ id: toHex(id), word }));
      const id = toHex(pack.id);
      const here = stickers.filter((sticker) => named.has(sticker.id));
      this.#packs.set(id, { id, name: pack.name, stickers: here });
      for (const sticker of here) {
        const file = named.get(sticker.id);
        if (file !== undefined) this.#files.set(sticker.id, file);
      }
    }
    return ok(undefined);
  }

  /** Of files in the store that are ours. */
  names(): ReadonlyArray<string> {
    return [...[...this.#files.values()].map(({ name }) => name), ...this.#unrecorded];
  }

  packs(): ReadonlyArray<PackView> {
    return [...this.#packs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async picture(id: string): Promise<Uint8Array | undefined> {
    const file = this.#files.get(id);
    return file?.read(0, file.manifest.sizeBytes);
  }

  /** [SK3] A pack from its file. */
  async keepFile(bytes: Uint8Array): Promise<Result<string, KeepFailure>> {
    const pack = readPack(bytes);
    if (!pack.ok) return pack;
    const packId = toHex(packIdOf(bytes));
    return this.#one(() => this.#keep(packId, pack.value));
  }

  keepPack(pack: StickerPack): Promise<Result<string, KeepFailure>> {
    return this.keepFile(encodePack(pack));
  }

  /** Among those that were collected, the newest first. */
  async keepOne(sticker: Sticker): Promise<Result<string, KeepFailure>> {
    if (!isStickerWord(sticker.word)) return err('bad-name');
    if (!isStickerPicture(sticker.picture)) return err('not-a-sticker');
    return this.#one(() => this.#keep(collectedId, { name: '', stickers: [sticker] }));
  }

  /** As it is given away; undefined: a picture of it does not read any more. */
  async packFile(packId: string): Promise<Uint8Array | undefined> {
    const pack = this.#packs.get(packId);
    if (pack === undefined || packId === collectedId) return undefined;
    const stickers: Sticker[] = [];
    for (const { id, word } of pack.stickers) {
      const picture = await this.picture(id);
      if (picture === undefined) return undefined;
      stickers.push({ word, picture });
    }
    return encodePack({ name: pack.name, stickers });
  }

  remove(packId: string): Promise<Result<string, KeepFailure>> {
    return this.#one(async () => {
      const { vault } = this.#deps;
      const left = [...this.#packs.values()].filter(({ id }) => id !== packId);
      const named = new Set(left.flatMap(({ stickers }) => stickers.map(({ id }) => id)));
      const gone = [...this.#files].filter(([id]) => !named.has(id));
      const removed = await vault.commit([
        vault.remove(['sp', bytesOfHex(packId)]),
        ...gone.map(([id]) => vault.remove(['st', bytesOfHex(id)])),
      ]);
      if (!removed.ok) return removed;
      this.#packs.delete(packId);
      for (const [id, file] of gone) {
        this.#files.delete(id);
        await file.remove(); // what a failure leaves is swept at the next start
      }
      return ok(packId);
    });
  }

  /** One after another: two that bring the same sticker keep it once. */
  async #one<T>(task: () => Promise<Result<T, KeepFailure>>): Promise<Result<T, KeepFailure>> {
    const run = await this.#queue.run(task);
    return run.ok ? run.value : err('busy');
  }

  async #keep(packId: string, pack: StickerPack): Promise<Result<string, KeepFailure>> {
    const before = this.#packs.get(packId);
    const added = new Map(pack.stickers.map((one) => [toHex(stickerIdOf(one.picture)), one]));
    const fresh = [...added].filter(([id]) => !this.#files.has(id));
    const stickers = [...added].map(([id, { word }]) => ({ id, word }));
    const others = packId === collectedId ? (before?.stickers ?? []) : [];
    const kept = {
      id: packId,
      name: pack.name,
      stickers: [...stickers, ...others.filter(({ id }) => !added.has(id))],
    };
    if (!this.#hasRoomFor(kept, fresh)) return err('too-many');
    const sealed = await this.#sealAll(fresh);
    if (!sealed.ok) return sealed;
    const committed = await this.#deps.vault.commit([
      ...[...sealed.value].map(([id, file]) => this.#fileRecord(id, file)),
      this.#packRecord(kept),
    ]);
    if (!committed.ok) {
      await this.#discard([...sealed.value.values()]);
      return committed;
    }
    this.#packs.set(packId, kept);
    for (const [id, file] of sealed.value) {
      this.#files.set(id, file);
      this.#unrecorded.delete(file.name);
    }
    return ok(packId);
  }

  #hasRoomFor(pack: PackView, fresh: ReadonlyArray<readonly [string, Sticker]>): boolean {
    const held = [...this.#files.values()].reduce((sum, one) => sum + one.manifest.sizeBytes, 0);
    const more = fresh.reduce((sum, [, { picture }]) => sum + picture.length, 0);
    const isKnown = this.#packs.has(pack.id);
    return (
      held + more <= limits.stickersKeptBytesMax &&
      (isKnown || this.#packs.size < limits.stickerPacksMax) &&
      pack.stickers.length <= limits.stickersCollectedMax
    );
  }

  async #sealAll(
    fresh: ReadonlyArray<readonly [string, Sticker]>,
  ): Promise<Result<ReadonlyMap<string, BlobFile>, KeepFailure>> {
    const sealed = new Map<string, BlobFile>();
    for (const [id, { picture }] of fresh) {
      const file = await this.#seal(id, picture);
      if (!file.ok) {
        await this.#discard([...sealed.values()]);
        return file;
      }
      sealed.set(id, file.value);
    }
    return ok(sealed);
  }

  async #seal(id: string, picture: Uint8Array): Promise<Result<BlobFile, SealFailure>> {
    const { random, store, cipher } = this.#deps;
    const name = toHex(random.bytes(storeNameBytes));
    this.#unrecorded.add(name);
    const data = dataOf(picture);
    const shape = { kind: 'file' } as const;
    const draft = draftManifest(random, {
      ...{ name: id, mediaType: 'image/webp', data, shape, preview: undefined },
    });
    const manifest = await sealFile(
      { store, cipher, name, onProgress: () => undefined, isCancelled: () => false },
      draft,
      { data, preview: undefined },
    );
    if (manifest.ok) return ok(this.#whole(manifest.value, name));
    await store.remove(name);
    this.#unrecorded.delete(name);
    return manifest;
  }

  async #discard(files: ReadonlyArray<BlobFile>): Promise<void> {
    for (const file of files) {
      await file.remove(); // what a failure leaves is swept at the next start
      this.#unrecorded.delete(file.name);
    }
  }

  #whole(manifest: Manifest, name: string): BlobFile {
    const { store, cipher } = this.#deps;
    const file = new BlobFile({ store, cipher, manifest, name });
    for (let slot = 0; slot < file.layout.slotCount; slot++) file.have.add(slot);
    return file;
  }

  #fileRecord(id: string, { manifest, name }: BlobFile): Write {
    const value = { manifest: encodeManifest(manifest), name };
    return this.#deps.vault.seal(['st', bytesOfHex(id)], value);
  }

  #packRecord({ id, name, stickers }: PackView): Write {
    return this.#deps.vault.seal(['sp', bytesOfHex(id)], {
      id: bytesOfHex(id),
      name,
      stickers: stickers.map((one) => [bytesOfHex(one.id), one.word]),
    });
  }
}
