/**
 * From a file to chunks on this device's disk, read and written a megabyte at a time: a large one
 * never lies in memory. Nothing counts before all of it was read back.
 */
import { concatBytes } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ChunkCipher } from '../../crypto/chunk-cipher.ts';
import type { Random } from '../../platform/port.ts';
import { chunkIdOf, sealChunk } from '../../protocol/blobs/chunks.ts';
import { safeFileName, safeMediaType } from '../../protocol/blobs/file-name.ts';
import { chunkIdBytes, chunkPrefixBytes } from '../../protocol/blobs/file-size.ts';
import { Layout } from '../../protocol/blobs/layout.ts';
import { honestShape, type Manifest } from '../../protocol/blobs/manifest.ts';
import { limits } from '../../protocol/limits.ts';
import type { BlobStore } from '../../storage/blobs/port.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { FileData, NewAttachment } from '../api-attachments.ts';

/** The file changed or went while it was read. */
export type SealFailure = StorageFailure | 'unreadable';

export interface Sealing {
  readonly store: BlobStore;
  readonly cipher: ChunkCipher;
  readonly name: string;
  readonly onProgress: (doneBytes: number) => void;
  /** The message is not wanted any more. */
  readonly isCancelled: () => boolean;
}

const zeros = new Uint8Array(chunkIdBytes);

/** What the message will say of it, but for the ids of its chunks. */
export const draftManifest = (random: Random, file: NewAttachment): Manifest => {
  const mediaType = safeMediaType(file.mediaType);
  const layout = new Layout({
    sizeBytes: file.data.size,
    previewBytes: file.preview?.length,
  });
  return {
    key: random.bytes(32),
    prefix: random.bytes(chunkPrefixBytes),
    name: safeFileName(file.name),
    mediaType,
    sizeBytes: file.data.size,
    shape: honestShape(file.shape, mediaType),
    root: new Uint8Array(layout.rootCount * chunkIdBytes),
    ...(file.preview && { preview: { id: zeros, sizeBytes: file.preview.length } }),
  };
};

const readPart = async (data: FileData, from: number, to: number): Promise<Uint8Array> =>
  new Uint8Array(await data.slice(from, Math.min(to, data.size)).arrayBuffer());

/** [FT8] The whole manifest, once every chunk is durably here. */
export const sealFile = async (
  sealing: Sealing,
  draft: Manifest,
  { data, preview }: Pick<NewAttachment, 'data' | 'preview'>,
): Promise<Result<Manifest, SealFailure>> => {
  const layout = new Layout({ sizeBytes: draft.sizeBytes, previewBytes: preview?.length });
  const writer = createWriter(sealing, draft, layout);
  const dataIds = await sealData(sealing, layout, { data, write: writer });
  if (!dataIds.ok) return dataIds;
  const root = await sealIndexes(layout, dataIds.value, writer);
  if (!root.ok) return root;
  const ahead = preview && (await writer([{ slot: 0, plain: preview }]));
  if (ahead?.ok === false) return ahead;
  const previewId = ahead?.value[0];
  const synced = await sealing.store.sync(sealing.name);
  if (!synced.ok) return synced;
  return ok({
    ...draft,
    root: root.value,
    ...(draft.preview && previewId && { preview: { ...draft.preview, id: previewId } }),
  });
};

interface PlainChunk {
  readonly slot: number;
  readonly plain: Uint8Array;
}

/** Answers their ids. */
type Writer = (
  chunks: ReadonlyArray<PlainChunk>,
) => Promise<Result<ReadonlyArray<Uint8Array>, SealFailure>>;

const createWriter =
  ({ store, cipher, name }: Sealing, keys: Manifest, layout: Layout): Writer =>
  async (chunks) => {
    const sealed = await Promise.all(
      chunks.map(async ({ slot, plain }) => ({
        slot,
        bytes: await sealChunk(cipher, { keys, layout, slot }, plain),
      })),
    );
    const written = await store.write(name, sealed);
    if (!written.ok) return written;
    return ok(await Promise.all(sealed.map(({ bytes }) => chunkIdOf(cipher, bytes))));
  };

const sealData = async (
  { onProgress, isCancelled }: Sealing,
  layout: Layout,
  { data, write }: { readonly data: FileData; readonly write: Writer },
): Promise<Result<ReadonlyArray<Uint8Array>, SealFailure>> => {
  const { chunkBytes, blobWriteBytesMax } = limits;
  const perTurn = Math.floor(blobWriteBytesMax / chunkBytes);
  const ids: Uint8Array[] = [];
  for (let first = 0; first < layout.dataCount; first += perTurn) {
    const count = Math.min(perTurn, layout.dataCount - first);
    const from = first * chunkBytes;
    const part = await readPart(data, from, from + count * chunkBytes).catch(() => undefined);
    const expected = Math.max(0, Math.min(data.size - from, count * chunkBytes));
    if (part?.length !== expected || isCancelled()) return err('unreadable');
    const written = await write(
      Array.from({ length: count }, (_, at) => ({
        slot: layout.firstDataSlot + first + at,
        plain: part.subarray(at * chunkBytes, (at + 1) * chunkBytes),
      })),
    );
    if (!written.ok) return written;
    ids.push(...written.value);
    onProgress(Math.min(data.size, from + part.length));
  }
  return ok(ids);
};

/** What the manifest names: the data itself, or the one index above it. */
const sealIndexes = async (
  layout: Layout,
  dataIds: ReadonlyArray<Uint8Array>,
  write: Writer,
): Promise<Result<Uint8Array, SealFailure>> => {
  if (layout.indexCount === 0) return ok(concatBytes(...dataIds));
  const per = limits.chunkIdsPerIndexMax;
  const indexes = await write(
    Array.from({ length: layout.indexCount }, (_, at) => ({
      slot: layout.indexSlot(at),
      plain: concatBytes(...dataIds.slice(at * per, (at + 1) * per)),
    })),
  );
  const { topSlot } = layout;
  if (!indexes.ok || topSlot === undefined) {
    return indexes.ok ? ok(concatBytes(...indexes.value)) : indexes;
  }
  const top = await write([{ slot: topSlot, plain: concatBytes(...indexes.value) }]);
  return top.ok ? ok(concatBytes(...top.value)) : top;
};
