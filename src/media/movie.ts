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
import { samplesOf, unionOf, type Range } from './movie-samples.ts';

/** Numbers about the file as a whole, and the frames themselves. */
const plain: ReadonlyArray<string> = ['ftyp', 'styp', 'pdin', 'sidx', 'ssix', 'mfra'];
const topBoxesMax = 4096;
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
    const isHeader = box.name === 'moov' || box.name === 'moof';
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

/** Where the frames lie that somebody sees or hears; undefined: the headers do not say. */
const framesOf = (parts: ReadonlyArray<Part>): ReadonlyArray<Range> | undefined => {
  let ranges: ReadonlyArray<Range> = [];
  for (const part of parts) {
    if (part.box.name === 'moof') return undefined; // each says of its own
    const { header } = part;
    if (header === undefined) continue;
    for (const track of tracksOf(part)) {
      const kind = kindOf(header, track);
      if (!isSeen(kind)) continue;
      const samples = samplesOf(header, track, kind === 'soun');
      if (samples === undefined) return undefined;
      ranges = [...ranges, ...samples];
    }
  }
  return ranges.length === 0 ? undefined : unionOf(ranges);
};

/** What is written in the place of what goes. */
class Pieces {
  readonly all: Array<Bytes | Range> = [];
  #zeroBytes = 0;

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

  /** Of a part of the file only these. */
  only(frames: ReadonlyArray<Range>, { from, to }: Range): void {
    let at = from;
    for (const frame of frames) {
      const [begin, end] = [Math.max(at, frame.from), Math.min(to, frame.to)];
      if (begin >= end) continue;
      this.zeros(begin - at);
      this.all.push({ from: begin, to: end });
      at = end;
    }
    this.zeros(to - at);
  }
}

const cleanMoov = (part: Part, header: Bytes, frames: ReadonlyArray<Range> | undefined) => {
  const hidden = tracksOf(part).filter((track) => !isSeen(kindOf(header, track)));
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
  const frames = framesOf(parts.value);
  const pieces = new Pieces();
  let hasMetadata = false;
  let hasHiddenTrack = false;
  let end = 0;
  for (const part of parts.value) {
    const { at, box, head, header } = part;
    end = at + box.end;
    if (header !== undefined) {
      const { wasTold, isHidden } = cleanMoov(part, header, frames);
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
