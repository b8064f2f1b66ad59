/**
 * One writer's log as it lies in a Yjs document. The entries are read where Yjs keeps them (item s
 * of the writer's client is entry s), so that nothing is in memory twice; kept beside are only the
 * head hash and which signatures were verified.
 */
import * as Y from 'yjs';
import { assert } from '../base/assert.ts';
import { joinBytes } from '../base/bytes.ts';
import { viewEnvelope, type Envelope } from '../protocol/envelope.ts';
import { limits } from '../protocol/limits.ts';
import type { WriterRef } from './runs.ts';
import type { SignedRun } from './signatures.ts';
import type { SliceableLog } from './slice.ts';
import { cid } from './writer-id.ts';

export interface WriterLog extends SliceableLog {
  /** Position of its document among the log's documents; undefined before the first entry. */
  readonly document: number | undefined;
  readonly byteCount: number;
  /** Takes note of entries that are in the document by now. */
  extend(run: SignedRun, document: number): void;
}

const zeroHash = new Uint8Array(32);

/** `docs` may grow after the call; each document is looked up when it is read. */
export const createWriterLog = (
  docs: ReadonlyArray<Y.Doc>,
  { mailbox, writerPub }: WriterRef,
): WriterLog => {
  const client = cid(writerPub);
  const signedSeqs: Array<number> = [];
  let document: number | undefined;
  let nextSeq = 0;
  let byteCount = 0;
  /** Entries before this one share buffers: one each would take as much again as what is in it. */
  let packedSeq = 0;
  let headHash = zeroHash;

  const contentAt = (seq: number): Y.ContentBinary => {
    assert(document !== undefined && seq >= 0 && seq < nextSeq, 'the entry is held');
    const item = docs[document]?.store.clients.get(client)?.[seq];
    assert(item instanceof Y.Item && item.content instanceof Y.ContentBinary, 'an entry is binary');
    return item.content;
  };
  const bytesAt = (seq: number): Uint8Array => contentAt(seq).content;
  const pack = (): void => {
    const loose = Array.from({ length: nextSeq - packedSeq }, (_, i) => contentAt(packedSeq + i));
    const packed = joinBytes(loose.map(({ content }) => content));
    let at = 0;
    for (const entry of loose) {
      const end = at + entry.content.length;
      entry.content = packed.subarray(at, end);
      at = end;
    }
    packedSeq = nextSeq;
  };
  const envelopeAt = (seq: number): Envelope => {
    const envelope = viewEnvelope(bytesAt(seq));
    assert(envelope.ok, 'only envelopes are applied');
    return envelope.value;
  };

  return {
    // Copies: a view would keep the whole update alive that brought the first entry.
    mailbox: mailbox.slice(),
    writerPub: writerPub.slice(),
    client,
    get document() {
      return document;
    },
    get nextSeq() {
      return nextSeq;
    },
    get headHash() {
      return headHash;
    },
    get byteCount() {
      return byteCount;
    },
    entries: (from, to) => {
      const end = Math.min(to, nextSeq);
      return Array.from({ length: Math.max(0, end - from) }, (_, i) => envelopeAt(from + i));
    },
    hashAt: (seq) => {
      if (seq < 0 || seq >= nextSeq) return undefined;
      return seq === nextSeq - 1 ? headHash : envelopeAt(seq + 1).prev;
    },
    signedSeqFrom: (seq) => signedSeqs[firstAtLeast(signedSeqs, seq)],
    byteLengthAt: (seq) => bytesAt(seq).length,
    extend: (run, at) => {
      assert(run.fromSeq === nextSeq, 'a log is extended at its end');
      assert(document === undefined || document === at, 'a log stays in its document');
      document = at;
      nextSeq += run.envelopes.length;
      headHash = run.headHash.slice();
      signedSeqs.push(...run.signedSeqs);
      byteCount += run.envelopes.reduce((sum, { bytes }) => sum + bytes.length, 0);
      if (nextSeq - packedSeq >= limits.packedEntriesMin) pack();
    },
  };
};

/** Position of the first of these ascending numbers that is not below `bound`. */
const firstAtLeast = (ascending: ReadonlyArray<number>, bound: number): number => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
};
