/**
 * How a file is laid out in chunks (PROTOCOL §11): everything follows from its size, whether it has
 * a preview, and nothing else. A *slot* is the place of one chunk, in this order: the preview, the
 * top index, the indexes, the data. What is wanted first stands first.
 */
import { assert } from '../../base/assert.ts';
import { concatBytes, u32be } from '../../base/bytes.ts';
import { limits } from '../limits.ts';
import { chunkIdBytes, fileSizesOf, paddedFileBytes } from './file-size.ts';
import type { Manifest } from './manifest.ts';

/** Of AES-GCM. */
export const chunkOverheadBytes = 16;

/** Which of its kind. */
export interface SlotPlace {
  readonly kind: 'preview' | 'top' | 'index' | 'data';
  readonly at: number;
}

/** Where the id of a chunk stands: the nth of the manifest, or of another chunk. */
export interface IdPlace {
  readonly in: 'manifest' | 'preview' | number;
  readonly at: number;
}

export interface LayoutInput {
  readonly sizeBytes: number;
  readonly previewBytes: number | undefined;
}

export class Layout {
  readonly paddedBytes: number;
  readonly dataCount: number;
  /** None where the manifest itself names the chunks. */
  readonly indexCount: number;
  /** Ids that stand in the manifest. */
  readonly rootCount: number;
  readonly slotCount: number;
  readonly hasPreview: boolean;
  readonly #previewBytes: number;
  readonly #hasTop: boolean;

  constructor({ sizeBytes, previewBytes }: LayoutInput) {
    assert(sizeBytes >= 0 && sizeBytes <= limits.fileBytesMax, 'a file is within its limit');
    const sizes = fileSizesOf(sizeBytes);
    this.paddedBytes = sizes.paddedBytes;
    this.dataCount = sizes.dataCount;
    this.indexCount = sizes.indexCount;
    this.rootCount = sizes.rootCount;
    this.hasPreview = previewBytes !== undefined;
    this.#previewBytes = paddedFileBytes(previewBytes ?? 0);
    this.#hasTop = this.indexCount > 1;
    this.slotCount = this.firstDataSlot + this.dataCount;
  }

  get #firstIndexSlot(): number {
    return (this.hasPreview ? 1 : 0) + (this.#hasTop ? 1 : 0);
  }

  get firstDataSlot(): number {
    return this.#firstIndexSlot + this.indexCount;
  }

  placeOf(slot: number): SlotPlace {
    assert(slot >= 0 && slot < this.slotCount, 'a slot is one of the layout');
    if (this.hasPreview && slot === 0) return { kind: 'preview', at: 0 };
    if (slot < this.#firstIndexSlot) return { kind: 'top', at: 0 };
    if (slot < this.firstDataSlot) return { kind: 'index', at: slot - this.#firstIndexSlot };
    return { kind: 'data', at: slot - this.firstDataSlot };
  }

  indexSlot(at: number): number {
    return this.#firstIndexSlot + at;
  }

  get topSlot(): number | undefined {
    return this.#hasTop ? this.#firstIndexSlot - 1 : undefined;
  }

  idPlace(slot: number): IdPlace {
    const { kind, at } = this.placeOf(slot);
    if (kind === 'preview') return { in: 'preview', at: 0 };
    if (kind === 'top') return { in: 'manifest', at: 0 };
    if (kind === 'index') return { in: this.topSlot ?? 'manifest', at };
    if (this.indexCount === 0) return { in: 'manifest', at };
    const per = limits.chunkIdsPerIndexMax;
    return { in: this.indexSlot(Math.floor(at / per)), at: at % per };
  }

  /** Of the plaintext in it. */
  plainBytes(slot: number): number {
    const { kind, at } = this.placeOf(slot);
    if (kind === 'preview') return this.#previewBytes;
    if (kind === 'top') return this.indexCount * chunkIdBytes;
    const { chunkBytes, chunkIdsPerIndexMax: per } = limits;
    if (kind === 'index') return Math.min(per, this.dataCount - at * per) * chunkIdBytes;
    return Math.min(chunkBytes, this.paddedBytes - at * chunkBytes);
  }

  /** [BL2] No two slots of one file share a nonce, and a key is used for one file only. */
  nonceOf(prefix: Uint8Array, slot: number): Uint8Array {
    const { kind, at } = this.placeOf(slot);
    const isLast = at === this.dataCount - 1;
    const flag = kind === 'data' ? (isLast ? 1 : 0) : { index: 2, top: 3, preview: 4 }[kind];
    return concatBytes(prefix, u32be(at), u32be(flag));
  }
}

export const layoutOf = ({ sizeBytes, preview }: Pick<Manifest, 'sizeBytes' | 'preview'>): Layout =>
  new Layout({ sizeBytes, previewBytes: preview?.sizeBytes });
