/** Which messages are stickers, and which files packs of them. */
import type { Manifest } from './blobs/manifest.ts';
import { isPlainLine, type TextPayload } from './content-payloads.ts';
import { limits } from './limits.ts';

/** What the file of a pack says it is. */
export const stickerPackType = 'application/vnd.sotto.stickers';

export const isStickerWord = (word: string): boolean => isPlainLine(word, limits.emojiBytesMax);

/** [SK2] One small picture and a word; what only says it is a sticker is a picture like any other. */
export const isStickerMessage = ({
  isSticker,
  text,
  attachments = [],
}: Pick<TextPayload, 'isSticker' | 'text' | 'attachments'>): boolean => {
  const [only] = attachments;
  return isSticker === true && attachments.length === 1 && only !== undefined
    ? isStickerFile(only) && isStickerWord(text)
    : false;
};

const isStickerFile = ({ sizeBytes, mediaType, shape }: Manifest): boolean =>
  sizeBytes <= limits.stickerBytesMax &&
  mediaType === 'image/webp' &&
  shape.kind === 'image' &&
  Math.max(shape.width, shape.height) <= limits.stickerSidePixels;
