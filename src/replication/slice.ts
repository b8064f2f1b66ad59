/**
 * [RP8] The part of a log that goes into one sync reply: whole runs up to a number of bytes, each
 * ending at an entry whose signature this device verified, so that the receiver can take all of it.
 */
import { toHex } from '../base/bytes.ts';
import type { Row } from '../protocol/row.ts';
import type { HeldLog } from './gate.ts';
import { encodeRuns, type RunContent } from './runs.ts';

/** A log as far as slices are concerned, wherever it lies. */
export interface SliceableLog extends HeldLog {
  /** Its Yjs client id. */
  readonly client: number;
  /** Length in bytes of the envelope at `seq`. */
  byteLengthAt(seq: number): number;
}

export interface SliceRequest {
  readonly mailbox: Uint8Array;
  /** From which seq on the other side lacks entries, by hex of writerPub; absent: from 0. */
  readonly nextSeqByWriter: ReadonlyMap<string, number>;
  readonly bytesMax: number;
  /** Where a log stops counting; undefined, or absent: nowhere. */
  readonly endOf?: (writerPub: Uint8Array) => number | undefined;
}

export interface Slice {
  /** Canonical Yjs V1; without runs if nothing is lacking. */
  readonly update: Uint8Array;
  /** Where each writer in the update stands for whoever takes it. */
  readonly rows: ReadonlyArray<Row>;
  /** Whether nothing is left to send after this. */
  readonly isComplete: boolean;
}

// Upper bounds of what Yjs writes around the envelopes.
const updateOverheadBytesMax = 8;
const runOverheadBytesMax = 88; // struct count, client, clock, the root's name
const entryOverheadBytesMax = 16; // info, origin, length

/**
 * At most `bytesMax` bytes, except that it always holds one run that can stand alone: at most 8
 * entries, 24 KiB of them before the signed one (so 64 KiB and Yjs's few bytes). A second writer
 * with the client id of one in the slice waits for the next.
 */
export const sliceOf = (
  writers: ReadonlyArray<SliceableLog>,
  { nextSeqByWriter, bytesMax, endOf }: SliceRequest,
): Slice => {
  const runs: Array<RunContent> = [];
  const rows: Array<Row> = [];
  const clients = new Set<number>();
  let bytesLeft = bytesMax - updateOverheadBytesMax;
  let isComplete = true;
  for (const writer of writers) {
    const { writerPub, client } = writer;
    const end = endOf?.(writerPub) ?? writer.nextSeq;
    const nextSeq = lastEnd(writer, end);
    const fromSeq = nextSeqByWriter.get(toHex(writerPub)) ?? 0;
    if (fromSeq >= Math.min(end, nextSeq)) continue;
    const room = clients.has(client) ? 0 : bytesLeft - runOverheadBytesMax;
    const fitting = fit(writer, { fromSeq, nextSeq, room });
    const part = fitting.end === fromSeq && runs.length === 0 ? unit(writer, fromSeq) : fitting;
    if (part.end < nextSeq) isComplete = false;
    if (part.end === fromSeq) continue;
    clients.add(client);
    bytesLeft -= runOverheadBytesMax + part.bytes;
    runs.push({ writerPub, fromSeq, envelopes: writer.entries(fromSeq, part.end) });
    const headHash = writer.hashAt(part.end - 1) ?? writer.headHash;
    rows.push({ writerPub, nextSeq: part.end, headHash });
  }
  return { update: encodeRuns(runs), rows, isComplete };
};

interface Part {
  /** Exclusive; `fromSeq` for nothing. */
  readonly end: number;
  readonly bytes: number;
}

/** As much of a log as counts, and what its last entry leans on: the next verified one. */
const lastEnd = (writer: SliceableLog, end: number): number => {
  if (end >= writer.nextSeq || end === 0) return Math.min(end, writer.nextSeq);
  return (writer.signedSeqFrom(end - 1) ?? writer.nextSeq - 1) + 1;
};

interface Room {
  readonly fromSeq: number;
  /** Nothing from here on. */
  readonly nextSeq: number;
  readonly room: number;
}

/** The longest part from `fromSeq` that ends at a verified entry and takes at most `room` bytes. */
const fit = (writer: SliceableLog, { fromSeq, nextSeq, room }: Room): Part => {
  let part: Part = { end: fromSeq, bytes: 0 };
  for (let next = unit(writer, fromSeq); part.bytes + next.bytes <= room;) {
    part = { end: next.end, bytes: part.bytes + next.bytes };
    if (part.end >= nextSeq) break;
    next = unit(writer, part.end);
  }
  return part;
};

/** The shortest part from `fromSeq` that ends at a verified entry. */
const unit = (writer: SliceableLog, fromSeq: number): Part => {
  const end = (writer.signedSeqFrom(fromSeq) ?? writer.nextSeq - 1) + 1;
  let bytes = 0;
  for (let seq = fromSeq; seq < end; seq++) {
    bytes += writer.byteLengthAt(seq) + entryOverheadBytesMax;
  }
  return { end, bytes };
};
