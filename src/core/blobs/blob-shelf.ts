/**
 * All files of all conversations on this device: their records at rest, which messages they go with,
 * and their end when none of those is left. A file goes only when each message that named it is known
 * to be gone: a message that is not here now may come back with its log.
 */
import { fromHex, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { ChunkCipher } from '../../crypto/chunk-cipher.ts';
import type { Random } from '../../platform/port.ts';
import { haveBytesMax } from '../../protocol/blobs/blob-frames.ts';
import { encodeManifest, readManifest, type Manifest } from '../../protocol/blobs/manifest.ts';
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  naturalOf,
  oneOf,
  recordOf,
  textUpTo,
} from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { dropSecretBytes } from '../../protocol/mailbox-chunks.ts';
import type { BlobStore } from '../../storage/blobs/port.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import { nameOfKey } from '../conversation/content/message-names.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Vault } from '../vault/vault.ts';
import { BlobFile } from './blob-file.ts';
import { idHexOf } from './blob-states.ts';

const nameBytes = 20;
const keysMax = 64;
const holdersMax = 64;

const readRecord = recordOf(
  {
    manifest: readManifest,
    name: textUpTo(2 * nameBytes),
    bits: bytesUpTo(haveBytesMax),
    mode: oneOf('auto', 'fetch', 'paused', 'freed'),
    isPending: booleanOf,
    keys: arrayUpTo(keysMax, textUpTo(limits.messageKeyBytesMax)),
  },
  {
    isOwed: booleanOf,
    leftAtMs: naturalOf,
    dropSecret: bytesOf(dropSecretBytes),
    holders: arrayUpTo(holdersMax, bytesOf(32)),
  },
);

export interface ShelfDeps {
  readonly vault: Vault;
  readonly store: BlobStore;
  readonly cipher: ChunkCipher;
  readonly random: Random;
}

type Done = Promise<Result<undefined, StorageFailure>>;
/** Of one conversation, by id in hex. */
type Shelf = Map<string, BlobFile>;

export class BlobShelf {
  readonly #deps: ShelfDeps;
  readonly #shelves = new Map<string, Shelf>();
  /** Names in the store that are being written and have no record yet. */
  readonly #unrecorded = new Set<string>();

  constructor(deps: ShelfDeps) {
    this.#deps = deps;
  }

  newName(): string {
    const name = toHex(this.#deps.random.bytes(nameBytes));
    this.#unrecorded.add(name);
    return name;
  }

  files({ scopeId }: Pick<Conversation, 'scopeId'>): ReadonlyArray<BlobFile> {
    return [...(this.#shelves.get(scopeId)?.values() ?? [])];
  }

  file({ scopeId }: Pick<Conversation, 'scopeId'>, idHex: string): BlobFile | undefined {
    return this.#shelves.get(scopeId)?.get(idHex);
  }

  /** Its records; what does not read is fetched again, as if it had never come. */
  async load(conversation: Conversation): Done {
    const stored = await this.#deps.vault.list(['b', conversation.convId]);
    if (!stored.ok) return stored;
    for (const value of stored.value.values) {
      const record = readRecord(value);
      if (record === undefined) continue;
      const file = this.#create(record.manifest, record.name, record.bits);
      file.mode = record.mode;
      file.isPending = record.isPending;
      file.isOwed = record.isOwed ?? false;
      file.leftAtMs = record.leftAtMs;
      file.dropSecret = record.dropSecret;
      for (const key of record.keys) file.keys.add(key);
      for (const device of record.holders ?? []) file.holders.add(toHex(device));
      this.#shelf(conversation).set(file.idHex, file);
    }
    return ok(undefined);
  }

  /** [FT13] Files that no record names: what a crash left of one that was being written. */
  async sweep(others: ReadonlyArray<string>): Done {
    const names = await this.#deps.store.names();
    if (!names.ok) return names;
    const known = new Set([...this.#unrecorded, ...others]);
    for (const shelf of this.#shelves.values()) {
      for (const { name } of shelf.values()) known.add(name);
    }
    for (const name of names.value) {
      const removed = known.has(name) ? ok(undefined) : await this.#deps.store.remove(name);
      if (!removed.ok) return removed;
    }
    return ok(undefined);
  }

  /** A file that was sealed here, whole. */
  sealed(manifest: Manifest, name: string, key: string): BlobFile {
    const file = this.#create(manifest, name);
    for (let slot = 0; slot < file.layout.slotCount; slot++) file.have.add(slot);
    file.isPending = true;
    file.isOwed = true;
    file.dropSecret = this.#deps.random.bytes(dropSecretBytes);
    file.keys.add(key);
    return file;
  }

  /** After its record was written. */
  put(conversation: Conversation, file: BlobFile): void {
    this.#shelf(conversation).set(file.idHex, file);
    this.#unrecorded.delete(file.name);
  }

  recordOf({ convId }: Conversation, file: BlobFile): Write {
    const keys = [...file.keys].slice(-keysMax);
    const { isOwed, leftAtMs, dropSecret } = file;
    const holders = [...file.holders].slice(-holdersMax).flatMap((hex) => {
      const device = fromHex(hex);
      return device.ok ? [device.value] : [];
    });
    return this.#deps.vault.seal(['b', convId, file.id], {
      manifest: encodeManifest(file.manifest),
      name: file.name,
      bits: file.have.toBytes(),
      mode: file.mode,
      isPending: file.isPending,
      keys,
      ...(dropSecret && { isOwed, dropSecret }),
      ...(leftAtMs !== undefined && { leftAtMs }),
      ...(holders.length > 0 && { holders }),
    });
  }

  async save(conversation: Conversation, file: BlobFile): Done {
    if (conversation.isForgotten || this.file(conversation, file.idHex) !== file)
      return ok(undefined);
    file.isDirty = false;
    file.hasNewHolders = false;
    const record = this.recordOf(conversation, file);
    const synced = await file.sync(); // [FT4] a record says nothing that a power cut could take back
    const saved = synced.ok ? await this.#deps.vault.commit([record]) : synced;
    if (saved.ok) this.#unrecorded.delete(file.name);
    else file.isDirty = true;
    return saved;
  }

  /** Takes in what messages say now, and lets go of what none says any more. */
  async look(conversation: Conversation, going: (file: BlobFile) => Promise<void>): Done {
    this.#note(conversation);
    for (const file of this.files(conversation)) {
      if (!isGone(conversation, file)) continue;
      await going(file);
      const removed = await this.#remove(conversation, file);
      if (!removed.ok) return removed;
    }
    return ok(undefined);
  }

  /** Its records went with the conversation. */
  async forget({ scopeId }: Pick<Conversation, 'scopeId'>): Done {
    const files = this.files({ scopeId });
    this.#shelves.delete(scopeId);
    for (const file of files) {
      const removed = await file.remove();
      if (!removed.ok) return removed;
    }
    return ok(undefined);
  }

  /** Written and not wanted: the message was never sent. */
  async discard(name: string): Done {
    const removed = await this.#deps.store.remove(name);
    this.#unrecorded.delete(name);
    return removed;
  }

  #note(conversation: Conversation): void {
    const { readable, projection } = conversation;
    const shelf = this.#shelf(conversation);
    for (const message of [...projection.having('files'), ...readable.waiting()]) {
      const { attachments = [] } = message.payload;
      if (attachments.length === 0 || isGoneMessage(conversation, message.key)) continue;
      for (const manifest of attachments) {
        const idHex = idHexOf(manifest);
        // Of a draft the name is one that no file will have.
        const mid = nameOfKey(message.key)?.mid;
        if (mid !== undefined && conversation.outbox.isPreparing(mid)) continue;
        const known = shelf.get(idHex);
        if (known === undefined && shelf.size >= limits.blobsPerConversationMax) continue;
        const file = known ?? this.#create(manifest, this.newName());
        if (known === undefined) shelf.set(idHex, file);
        if (!file.keys.has(message.key)) file.isDirty = file.have.count > 0;
        file.keys.add(message.key);
        if (!file.isPending || message.place === undefined) continue;
        file.isPending = false;
        file.isDirty = true;
      }
    }
  }

  /** The record first: what is left of the file then is swept up. */
  async #remove({ convId, scopeId }: Conversation, file: BlobFile): Done {
    const { vault } = this.#deps;
    const shelf = this.#shelves.get(scopeId);
    shelf?.delete(file.idHex); // nothing writes its record again meanwhile
    const removed = await vault.commit([vault.remove(['b', convId, file.id])]);
    if (!removed.ok) {
      shelf?.set(file.idHex, file);
      return removed;
    }
    return file.remove();
  }

  #create(manifest: Manifest, name: string, bits?: Uint8Array): BlobFile {
    const { store, cipher } = this.#deps;
    return new BlobFile({ store, cipher, manifest, name }, bits);
  }

  #shelf({ scopeId }: Pick<Conversation, 'scopeId'>): Shelf {
    const shelf = this.#shelves.get(scopeId) ?? new Map<string, BlobFile>();
    this.#shelves.set(scopeId, shelf);
    return shelf;
  }
}

/** Deleted here or for everybody, or its time was over. */
const isGoneMessage = ({ readable, projection, hidden }: Conversation, key: string): boolean => {
  const item = projection.byKey(key);
  const isErased = item?.type === 'message' && item.isErased === true;
  return hidden.has(key) || isErased || readable.annotated(key).redaction !== undefined;
};

/** [FT10] Nothing names it any more, as far as this device will ever know. */
const isGone = (conversation: Conversation, { keys, isPending }: BlobFile): boolean => {
  // Sealed for a message that never went out, or was taken back before.
  const wasSaid = (key: string): boolean => conversation.readable.message(key) !== undefined;
  return [...keys].every((key) => isGoneMessage(conversation, key) || (isPending && !wasSaid(key)));
};
