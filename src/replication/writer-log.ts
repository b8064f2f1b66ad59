/**
 * One writer's log, as it is read: the bytes of its entries, the head hash, and which signatures were
 * verified. A Yjs document that holds the same entries (item s of the writer's client is entry s)
 * shares those bytes, and may go: it is for storing what comes, not for reading.
 */
import * as Y from 'yjs';
import { assert } from '../base/assert.ts';
import { bisect } from '../base/bisect.ts';
import { viewEnvelope, type Envelope } from '../protocol/envelope.ts';
import { EntryBytes } from './entry-bytes.ts';
import type { WriterRef } from './runs.ts';
import type { SignedRun } from './signatures.ts';
import type { SliceableLog } from './slice.ts';
import { cid } from './writer-id.ts';

/** A document, and its position among those of its log. */
export interface LogDocument {
  readonly doc: Y.Doc;
  readonly index: number;
}

export interface WriterLog extends SliceableLog {
  /** Position of its document among the log's documents; undefined before the first entry. */
  readonly document: number | undefined;
  readonly byteCount: number;
  /** Takes note of entries that are in the document by now. */
  extend(run: SignedRun, document: LogDocument): void;
  /** Its document goes. */
  rest(): void;
  /** Its document was opened once more, and has all of it. */
  wake(doc: Y.Doc): void;
}

const zeroHash = new Uint8Array(32);

export const createWriterLog = ({ mailbox, writerPub }: WriterRef): WriterLog => {
  const client = cid(writerPub);
  const held = new EntryBytes();
  const signedSeqs: Array<number> = [];
  let document: number | undefined;
  let headHash = zeroHash;

  const contentIn = (doc: Y.Doc, seq: number): Y.ContentBinary => {
    const item = doc.store.clients.get(client)?.[seq];
    assert(item instanceof Y.Item && item.content instanceof Y.ContentBinary, 'an entry is binary');
    return item.content;
  };
  const share = (doc: Y.Doc, fromSeq: number): void => {
    for (let seq = fromSeq; seq < held.packedCount; seq++) {
      contentIn(doc, seq).content = held.at(seq);
    }
  };
  const take = (doc: Y.Doc, count: number): void => {
    const { count: fromSeq, packedCount } = held;
    held.push(Array.from({ length: count }, (_, i) => contentIn(doc, fromSeq + i).content));
    share(doc, packedCount);
  };
  const envelopeAt = (seq: number): Envelope => {
    const envelope = viewEnvelope(held.at(seq));
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
      return held.count;
    },
    get headHash() {
      return headHash;
    },
    get byteCount() {
      return held.byteCount;
    },
    entries: (from, to) => {
      const end = Math.min(to, held.count);
      return Array.from({ length: Math.max(0, end - from) }, (_, i) => envelopeAt(from + i));
    },
    hashAt: (seq) => {
      if (seq < 0 || seq >= held.count) return undefined;
      return seq === held.count - 1 ? headHash : envelopeAt(seq + 1).prev;
    },
    signedSeqFrom: (seq) =>
      signedSeqs[bisect(signedSeqs.length, (at) => (signedSeqs[at] ?? seq) < seq)],
    byteLengthAt: (seq) => held.at(seq).length,
    extend: (run, { doc, index }) => {
      assert(run.fromSeq === held.count, 'a log is extended at its end');
      assert(document === undefined || document === index, 'a log stays in its document');
      document = index;
      take(doc, run.envelopes.length);
      headHash = run.headHash.slice();
      signedSeqs.push(...run.signedSeqs);
    },
    rest: () => {
      held.pack();
    },
    wake: (doc) => {
      share(doc, 0);
    },
  };
};
