/**
 * Reads a range of a file that is not all here, as somebody does who watches a film while it comes:
 * what is missing of it is asked for before everything else of the file, and waited for.
 */
import type { Clock } from '../../platform/port.ts';
import type { Layout } from '../../protocol/blobs/layout.ts';
import { limits } from '../../protocol/limits.ts';
import type { BlobFile } from './blob-file.ts';
import type { Fetching } from './fetching.ts';

export interface Range {
  readonly fromByte: number;
  readonly byteCount: number;
}

/** What has to be here for it: its chunks, and before each the indexes that name it. */
export const slotsOf = (
  layout: Layout,
  sizeBytes: number,
  { fromByte, byteCount }: Range,
): ReadonlySet<number> => {
  const end = Math.min(fromByte + byteCount, sizeBytes);
  const slots = new Set<number>();
  const add = (slot: number): void => {
    if (slots.has(slot)) return;
    const place = layout.idPlace(slot).in;
    if (typeof place === 'number') add(place);
    slots.add(slot);
  };
  const first = Math.floor(fromByte / limits.chunkBytes);
  for (let at = first; at * limits.chunkBytes < end; at++) add(layout.firstDataSlot + at);
  return slots;
};

export class AheadReads {
  readonly #clock: Clock;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined: it did not come in time, or too much is waited for. */
  async read(
    file: BlobFile,
    fetching: Fetching | undefined,
    range: Range,
  ): Promise<Uint8Array | undefined> {
    const slots = slotsOf(file.layout, file.manifest.sizeBytes, range);
    const missing = [...slots].filter((slot) => !file.have.has(slot));
    if (missing.length > 0 && fetching !== undefined && this.#count < limits.aheadReadsMax) {
      this.#count += 1;
      await this.#arrival(file, fetching, missing);
      this.#count -= 1;
    }
    return file.read(range.fromByte, range.byteCount);
  }

  #arrival(file: BlobFile, fetching: Fetching, slots: ReadonlyArray<number>): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        calm();
        unwatch();
        cancel();
        resolve();
      };
      const unwatch = file.watch(() => {
        if (slots.every((slot) => file.have.has(slot))) settle();
      });
      const cancel = this.#clock.schedule(limits.aheadPatienceMs, settle);
      const calm = fetching.hurry(slots);
    });
  }
}
