/**
 * From a file that somebody chose to what is handed over: its true type, its measures, a preview, and
 * the file without what it says about where and with what it was made.
 */
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { Bytes } from './bytes.ts';
import { drawPreview, redrawn, thumbhashOf } from './draw.browser.ts';
import { looksLikeMedia } from './claims.ts';
import type { Cleaning } from './cleaning.ts';
import { readPicture, type Picture } from './picture.ts';
import type { PrepareProblem } from './prepare-problem.ts';
import { isPictureType, isVideoType, sniff, sniffedBytes, unknownType } from './sniff.ts';
import { prepareVideo } from './video.browser.ts';

export type PreparedShape =
  | { readonly kind: 'file' }
  | {
      readonly kind: 'image';
      readonly width: number;
      readonly height: number;
      readonly isAnimated: boolean;
      readonly thumbhash: Bytes;
    }
  | {
      readonly kind: 'video';
      readonly width: number;
      readonly height: number;
      readonly durationMs: number;
      readonly thumbhash: Bytes;
    }
  | { readonly kind: 'voice'; readonly durationMs: number; readonly peaks: Bytes };

export interface Prepared {
  readonly name: string;
  readonly mediaType: string;
  readonly data: Blob;
  readonly shape: PreparedShape;
  readonly preview: Bytes | undefined;
  readonly cleaning: Cleaning;
}

export interface PrepareOptions {
  /** Keeps what the camera wrote. */
  readonly asOriginal: boolean;
}

const plain = (file: File, mediaType: string): Prepared => ({
  name: file.name,
  mediaType,
  data: new Blob([file], { type: mediaType }),
  shape: { kind: 'file' },
  preview: undefined,
  cleaning: 'as-is',
});

interface Cleaned {
  readonly name: string;
  readonly data: Blob;
  readonly cleaning: Cleaning;
}

const withEnding = (name: string, ending: string): string =>
  `${name.replace(/\.[^.]*$/u, '')}.${ending}`;

const cleanedPicture = async (
  file: File,
  { picture, bitmap }: { picture: Picture; bitmap: ImageBitmap },
): Promise<Cleaned> => {
  const { cleaned, type, isAnimated } = picture;
  const { name } = file;
  if (cleaned !== undefined) {
    return { name, data: new Blob([cleaned()], { type }), cleaning: 'cleaned' };
  }
  if (isAnimated) return { name, data: new Blob([file], { type }), cleaning: 'as-is' };
  const data = await redrawn(bitmap);
  const ending = data.type === 'image/webp' ? 'webp' : 'jpg';
  return { name: withEnding(name, ending), data, cleaning: 'cleaned' };
};

const preparePicture = async (
  file: File,
  { asOriginal }: PrepareOptions,
): Promise<Result<Prepared, PrepareProblem>> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const picture = readPicture(bytes);
  if (!picture.ok) return err(picture.error === 'not-a-picture' ? 'mislabelled' : picture.error);
  const { type, width, height, isAnimated } = picture.value;
  const bitmap = await createImageBitmap(new Blob([bytes], { type })).catch(() => undefined);
  if (bitmap === undefined) return err('corrupt');
  const { name, data, cleaning } = asOriginal
    ? { name: file.name, data: new Blob([bytes], { type }), cleaning: 'original' as const }
    : await cleanedPicture(file, { picture: picture.value, bitmap });
  const thumbhash = thumbhashOf(bitmap, { width, height });
  const preview = await drawPreview(bitmap, { width, height });
  bitmap.close();
  const shape = { kind: 'image', width, height, isAnimated, thumbhash } as const;
  return ok({ name, mediaType: data.type, data, shape, preview, cleaning });
};

/** [MF5] Whatever a person chose: a picture, a film, or a file as it is; or why it cannot be. */
export const prepareFile = async (
  file: File,
  options: PrepareOptions,
): Promise<Result<Prepared, PrepareProblem>> => {
  if (file.size === 0) return err('empty');
  const head = await file
    .slice(0, sniffedBytes)
    .arrayBuffer()
    .catch(() => undefined);
  if (head === undefined) return err('unreadable');
  const type = sniff(new Uint8Array(head));
  if (isPictureType(type)) {
    return file.size > limits.imageBytesMax ? ok(plain(file, type)) : preparePicture(file, options);
  }
  if (type !== undefined && isVideoType(type)) return prepareVideo(file, type, options);
  if (type === undefined && looksLikeMedia(file.name, file.type)) return err('mislabelled');
  return ok(plain(file, type ?? unknownType));
};
