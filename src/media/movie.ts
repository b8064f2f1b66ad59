/**
 * MP4 and QuickTime. What a camera says about a film (place, device, time) stands in boxes beside
 * those that play it, in tracks that nobody sees, and between the frames. Only what plays stays:
 * everything else is emptied where it stands, so that nothing moves and no frame is touched.
 */
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import { boxAt, boxesIn, type Box } from './boxes.ts';
import { textBytes, type Bytes } from './bytes.ts';
import { cleanHeader, emptyBox, isSeen, kindOf } from './movie-boxes.ts';
import { fragmentsOf, idOfTrack, usualSizesOf, type UsualSizes } from './movie-fragments.ts';
import { samplesOf, unionOf, type Range } from './movie-samples.ts';

/** Numbers about the file as a whole, and the frames themselves. */
const plain: ReadonlyArray<string> = ['ftyp', 'styp', 'pdin', 'sidx', 'ssix'];
/** What is read as a whole, and cleaned. */
const headers: ReadonlyArray<string> = ['moov', 'moof', 'mfra'];
const topBoxesMax = 65_536; // hours of a film that was written a second at a time
const zeroBlock: Bytes = new Uint8Array(64 * 1024);

export interface CleanMovie {
  /** The film without what was told: pieces of the file as it is, and others in their place. */
  readonly pieces: ReadonlyArray<Bytes | Range>;
  readonly hasMetadata: boolean;
  /** A track that nobody sees or hears, such as places along the way, is still in it. */
  readonly hasHiddenTrack: boolean;
}

type Reader = (from: number, byteCount: number) => Promise<Bytes>;
type Refusal = 'corrupt' | 'too-long';

/** One at the top of the file, and of those that say where things are all that they say. */
interface Part {
  readonly at: number;
  readonly box: Box;
  readonly head: Bytes;
  readonly header: Bytes | undefined;
}

const partsOf = async (sizeBytes: number, read: Reader): Promise<Result<Part[], Refusal>> => {
  const parts: Part[] = [];
  let at = 0;
  while (at < sizeBytes) {
    if (parts.length === topBoxesMax) return err('too-long');
    const head = await read(at, 16);
    const box = boxAt(head, 0, sizeBytes - at);
    if (box === undefined) break; // What stands behind the last box is no film.
    const isHeader = headers.includes(box.name);
    if (isHeader && box.end > limits.movieHeaderBytesMax) return err('too-long');
    const header = isHeader ? await read(at, box.end) : undefined;
    parts.push({ at, box, head: head.slice(0, box.content), header });
    at += box.end;
  }
  return ok(parts);
};

const tracksOf = ({ header = zeroBlock, box }: Part): ReadonlyArray<Box> =>
  boxesIn(header, box.content, Math.min(box.end, header.length)).filter(
    ({ name }) => name === 'trak',
  );

interface Seen {
  /** As its fragments call each track that somebody sees or hears. */
  readonly trackIds: ReadonlySet<number>;
  readonly usualSizes: UsualSizes;
}

/** By the header of the film, which may stand behind its fragments. */
const seenIn = (parts: ReadonlyArray<Part>): Seen => {
  const trackIds = new Set<number>();
  let usualSizes: UsualSizes = new Map();
  for (const part of parts) {
    const { header, box } = part;
    if (header === undefined || box.name !== 'moov') continue;
    usualSizes = usualSizesOf(header, box);
    for (const track of tracksOf(part)) {
      const id = isSeen(kindOf(header, track)) ? idOfTrack(header, track) : undefined;
      if (id !== undefined) trackIds.add(id);
    }
  }
  return { trackIds, usualSizes };
};

const samplesIn = (part: Part, header: Bytes): ReadonlyArray<Range> | undefined => {
  const ranges: Range[] = [];
  for (const track of tracksOf(part)) {
    const kind = kindOf(header, track);
    if (!isSeen(kind)) continue;
    const samples = samplesOf(header, track, kind === 'soun');
    if (samples === undefined) return undefined;
    for (const sample of samples) ranges.push(sample);
  }
  return ranges;
};

const fragmentsIn = ({ at, box }: Part, header: Bytes, { usualSizes }: Seen) =>
  fragmentsOf(header, box, { at, usualSizes });

/** Where the frames lie that somebody sees or hears; undefined: the headers do not say. */
const framesOf = (parts: ReadonlyArray<Part>, seen: Seen): ReadonlyArray<Range> | undefined => {
  const ranges: Range[] = [];
  for (const part of parts) {
    const { header, box } = part;
    if (header === undefined || box.name === 'mfra') continue;
    const found =
      box.name === 'moof'
        ? fragmentsIn(part, header, seen)
            ?.filter(({ trackId }) => seen.trackIds.has(trackId))
            .flatMap((fragment) => fragment.ranges)
        : samplesIn(part, header);
    if (found === undefined) return undefined;
    for (const range of found) ranges.push(range);
  }
  if (ranges.length === 0) return undefined;
  const frames = unionOf(ranges);
  return areData(parts, frames) ? frames : undefined;
};

/**
 * What leads elsewhere was misread: better too much than a film without its pictures. Both stand in
 * the order of the file, so one walk is enough for films of many thousand fragments.
 */
const areData = (parts: ReadonlyArray<Part>, frames: ReadonlyArray<Range>): boolean => {
  const data = parts.filter(({ box }) => box.name === 'mdat');
  let index = 0;
  return frames.every(({ from, to }) => {
    let part = data[index];
    while (part !== undefined && part.at + part.box.end < to) part = data[++index];
    return part !== undefined && part.at + part.box.content <= from;
  });
};

/** In a header, what is of tracks that nobody sees or hears. */
const hiddenIn = (part: Part, header: Bytes, seen: Seen): ReadonlyArray<Box> =>
  part.box.name === 'moof'
    ? (fragmentsIn(part, header, seen) ?? [])
        .filter(({ trackId }) => !seen.trackIds.has(trackId))
        .map(({ box }) => box)
    : tracksOf(part).filter((track) => !isSeen(kindOf(header, track)));

/** What is written in the place of what goes. */
class Pieces {
  readonly all: Array<Bytes | Range> = [];
  #zeroBytes = 0;
  #frameIndex = 0;

  get isTooLong(): boolean {
    return this.#zeroBytes > limits.movieEmptiedBytesMax;
  }

  zeros(byteCount: number): void {
    this.#zeroBytes += byteCount;
    if (this.isTooLong) return;
    for (let left = byteCount; left > 0; left -= zeroBlock.length) {
      this.all.push(left < zeroBlock.length ? zeroBlock.subarray(0, left) : zeroBlock);
    }
  }

  /** Of a part of the file only these, which stand in its order as the parts that are asked for do. */
  only(frames: ReadonlyArray<Range>, { from, to }: Range): void {
    let at = from;
    for (; this.#frameIndex < frames.length; this.#frameIndex++) {
      const frame = frames[this.#frameIndex];
      if (frame === undefined || frame.from >= to) break;
      const [begin, end] = [Math.max(at, frame.from), Math.min(to, frame.to)];
      if (begin >= end) continue;
      this.zeros(begin - at);
      this.all.push({ from: begin, to: end });
      at = end;
    }
    this.zeros(to - at);
  }
}

const cleanPart = (
  part: Part,
  header: Bytes,
  { frames, seen }: { readonly frames: ReadonlyArray<Range> | undefined; readonly seen: Seen },
) => {
  const hidden = hiddenIn(part, header, seen);
  // Its frames go with the track, or both stay and it is told.
  if (frames !== undefined) for (const track of hidden) emptyBox(header, track);
  const wasTold = cleanHeader(header, { ...part.box, end: header.length });
  return { wasTold, isHidden: hidden.length > 0 };
};

/** [MF4] `read` gives a piece of the file. Total: any bytes give a film or a reason. */
export const cleanMovie = async (
  sizeBytes: number,
  read: Reader,
): Promise<Result<CleanMovie, Refusal>> => {
  const parts = await partsOf(sizeBytes, read);
  if (!parts.ok) return parts;
  if (!parts.value.some(({ box }) => box.name === 'moov')) return err('corrupt');
  const seen = seenIn(parts.value);
  const frames = framesOf(parts.value, seen);
  const pieces = new Pieces();
  let hasMetadata = false;
  let hasHiddenTrack = false;
  let end = 0;
  for (const part of parts.value) {
    const { at, box, head, header } = part;
    end = at + box.end;
    if (header !== undefined) {
      const { wasTold, isHidden } = cleanPart(part, header, { frames, seen });
      hasMetadata ||= wasTold || (isHidden && frames !== undefined);
      hasHiddenTrack ||= isHidden && frames === undefined;
      pieces.all.push(header);
    } else if (plain.includes(box.name) || (box.name === 'mdat' && frames === undefined)) {
      pieces.all.push({ from: at, to: end });
    } else if (box.name === 'mdat') {
      pieces.all.push(head);
      pieces.only(frames ?? [], { from: at + box.content, to: end });
    } else {
      head.set(textBytes('free'), 4);
      pieces.all.push(head);
      pieces.zeros(box.end - box.content);
      hasMetadata ||= box.name !== 'free' && box.name !== 'skip' && box.name !== 'wide';
    }
    if (pieces.isTooLong) return err('too-long');
  }
  const { all } = pieces;
  hasMetadata ||= end < sizeBytes;
  return ok({ pieces: all, hasMetadata, hasHiddenTrack });
};
