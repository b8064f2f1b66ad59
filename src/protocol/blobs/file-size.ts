/** How many chunks there are of so many bytes: all that reading a manifest needs of the layout. */
import { limits } from '../limits.ts';
import { padme } from '../padding.ts';

export const chunkIdBytes = 32;
export const chunkPrefixBytes = 4;

export interface FileSizes {
  readonly paddedBytes: number;
  readonly dataCount: number;
  /** None where the manifest itself names the chunks. */
  readonly indexCount: number;
  /** Ids that stand in the manifest. */
  readonly rootCount: number;
}

export const paddedFileBytes = (bytes: number): number =>
  padme(Math.max(bytes, limits.paddedFileBytesMin));

export const fileSizesOf = (sizeBytes: number): FileSizes => {
  const paddedBytes = paddedFileBytes(sizeBytes);
  const dataCount = Math.ceil(paddedBytes / limits.chunkBytes);
  const isInline = dataCount <= limits.chunkIdsInlineMax;
  const indexCount = isInline ? 0 : Math.ceil(dataCount / limits.chunkIdsPerIndexMax);
  return { paddedBytes, dataCount, indexCount, rootCount: isInline ? dataCount : 1 };
};
