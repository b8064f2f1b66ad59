/**
 * MP4 and QuickTime. What a camera says about a film (place, device, time) stands in boxes of the
 * movie header: they are emptied where they stand, so that nothing moves and no frame is touched.
 */
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import { boxAt, boxesIn, type Box } from './boxes.ts';
import { nameAt, textBytes, type Bytes } from './bytes.ts';

/** Tells of the film, not of its frames. `meta` of iTunes and QuickTime, `uuid` of XMP. */
const told: ReadonlyArray<string> = ['udta', 'meta', 'uuid'];
const holders: ReadonlyArray<string> = ['moov', 'trak', 'mdia', 'minf'];
const shown: ReadonlyArray<string> = ['vide', 'soun', 'text', 'sbtl', 'subt', 'clcp', 'tmcd'];
const dated: ReadonlyArray<string> = ['mvhd', 'tkhd', 'mdhd'];
const topBoxesMax = 4096;

export interface CleanMovie {
  /** The film without what was told: pieces of the file as it is, and others in their place. */
  readonly pieces: ReadonlyArray<Bytes | { readonly from: number; readonly to: number }>;
  readonly hasMetadata: boolean;
  /** A track that nobody sees or hears, such as places along the way, is still in it. */
  readonly hasHiddenTrack: boolean;
}

const clearDates = (header: Uint8Array, { content }: Box): void => {
  const isLong = header[content] === 1;
  header.fill(0, content + 4, content + 4 + (isLong ? 16 : 8));
};

interface Found {
  hasMetadata: boolean;
  hasHiddenTrack: boolean;
}

const clean = (header: Uint8Array, box: Box, found: Found): void => {
  if (told.includes(box.name)) {
    header.set(textBytes('free'), box.from + 4);
    header.fill(0, box.content, box.end);
    found.hasMetadata = true;
  } else if (dated.includes(box.name)) {
    clearDates(header, box);
  } else if (box.name === 'hdlr') {
    if (!shown.includes(nameAt(header, box.content + 8))) found.hasHiddenTrack = true;
  } else if (holders.includes(box.name)) {
    // The handler of `minf` names where data lies, not what it is.
    const inner = boxesIn(header, box.content, box.end);
    for (const each of inner)
      if (box.name !== 'minf' || each.name !== 'hdlr') clean(header, each, found);
  }
};

/** [MF4] `read` gives a piece of the file. Total: any bytes give a film or a reason. */
export const cleanMovie = async (
  sizeBytes: number,
  read: (from: number, byteCount: number) => Promise<Bytes>,
): Promise<Result<CleanMovie, 'corrupt' | 'too-long'>> => {
  const pieces: CleanMovie['pieces'][number][] = [];
  const found: Found = { hasMetadata: false, hasHiddenTrack: false };
  let hasHeader = false;
  let at = 0;
  for (let count = 0; at < sizeBytes; count++) {
    if (count === topBoxesMax) return err('too-long');
    const head = await read(at, 16);
    const box = boxAt(head, 0, sizeBytes - at);
    if (box === undefined) break; // What stands behind the last box is no film.
    const end = at + box.end;
    if (box.name === 'moov' || told.includes(box.name)) {
      if (box.end > limits.movieHeaderBytesMax) return err('too-long');
      const header = await read(at, box.end);
      clean(header, { ...box, end: header.length }, found);
      hasHeader ||= box.name === 'moov';
      pieces.push(header);
    } else {
      pieces.push({ from: at, to: end });
    }
    at = end;
  }
  return hasHeader
    ? ok({ pieces, ...found, hasMetadata: found.hasMetadata || at < sizeBytes })
    : err('corrupt');
};
