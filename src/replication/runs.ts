/**
 * A run is a stretch of one writer's log: entries that follow each other and are linked by hash.
 * On the wire it is Yjs V1 (PROTOCOL §6): writer w owns the root array hex(w); its entry s is
 * `Item{client = cid(w), clock = s, origin = (cid, s − 1) or the root, ContentBinary(envelope)}`.
 * A set of runs has one encoding, which is also what Yjs itself writes for the same entries.
 */
import * as encoding from 'lib0/encoding';
import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { entryHash, type Envelope } from '../protocol/envelope.ts';
import { cid } from './writer-id.ts';

/** Names one log: a writer in one epoch. The same key in two epochs is two logs. */
export interface WriterRef {
  readonly mailbox: Uint8Array; // 16 bytes
  readonly writerPub: Uint8Array; // 32 bytes
}

/** Never empty; made by `runOf` and `runAtStart` alone, so its entries are linked, of one log. */
export interface Run extends WriterRef {
  readonly fromSeq: number;
  readonly envelopes: ReadonlyArray<Envelope>;
  /** Entry hash of the last envelope: `prev` of what comes next. */
  readonly headHash: Uint8Array;
}

/** What is encoded of a run. */
export type RunContent = Pick<Run, 'writerPub' | 'fromSeq' | 'envelopes'>;

/** The shape of one Yjs V1 struct: the info byte of ContentBinary, and of one with an origin. */
export const infoOfFirst = 3;
export const infoOfLater = 3 | 0x80;
const parentIsRoot = 1;

export const isSameLog = (a: WriterRef, b: WriterRef): boolean =>
  equalBytes(a.writerPub, b.writerPub) && equalBytes(a.mailbox, b.mailbox);

/** Whether `next` follows `envelope`, whose entry hash is given, in the same log. */
const isNext = (envelope: Envelope, next: Envelope, envelopeHash: Uint8Array): boolean =>
  isSameLog(next, envelope) && next.seq === envelope.seq + 1 && equalBytes(next.prev, envelopeHash);

/** [RP2] The longest run that these entries begin with; undefined if there are none. */
export const runAtStart = (envelopes: ReadonlyArray<Envelope>): Run | undefined => {
  const [first] = envelopes;
  if (!first) return undefined;
  const linked = [first];
  let last = first;
  let headHash = entryHash(first);
  for (const next of envelopes.slice(1)) {
    if (!isNext(last, next, headHash)) break;
    linked.push(next);
    last = next;
    headHash = entryHash(next);
  }
  const { mailbox, writerPub, seq: fromSeq } = first;
  return { mailbox, writerPub, fromSeq, envelopes: linked, headHash };
};

/** [RP2] A run, if all these entries are of one log, contiguous in seq and linked by `prev`. */
export const runOf = (envelopes: ReadonlyArray<Envelope>): Result<Run, 'broken-run'> => {
  const run = runAtStart(envelopes);
  return run?.envelopes.length === envelopes.length ? ok(run) : err('broken-run');
};

/** The entries `from..to` of a run, `to` exclusive, by position; at least one. */
export const partOfRun = (run: Run, from: number, to: number): Run => {
  const envelopes = run.envelopes.slice(from, to);
  assert(envelopes.length > 0, 'a part of a run is not empty');
  return {
    ...run,
    fromSeq: run.fromSeq + from,
    envelopes,
    headHash: run.envelopes[from + envelopes.length]?.prev ?? run.headHash,
  };
};

/**
 * [RP3] The canonical Yjs V1 update of these runs: clients in descending order as Yjs writes them,
 * an empty delete set. One run per client id: equal ids travel in updates of their own.
 */
export const encodeRuns = (runs: ReadonlyArray<RunContent>): Uint8Array => {
  const clients = runs.map((run) => ({ run, client: cid(run.writerPub) }));
  clients.sort((a, b) => b.client - a.client);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clients.length);
  let previousClient = Infinity;
  for (const { run, client } of clients) {
    assert(client < previousClient, 'an update holds one run per client id');
    writeRun(encoder, run, client);
    previousClient = client;
  }
  encoding.writeVarUint(encoder, 0); // nobody deletes
  return encoding.toUint8Array(encoder);
};

const writeRun = (encoder: encoding.Encoder, run: RunContent, client: number): void => {
  encoding.writeVarUint(encoder, run.envelopes.length);
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, run.fromSeq);
  for (const [i, { bytes }] of run.envelopes.entries()) {
    const clock = run.fromSeq + i;
    if (clock === 0) {
      encoding.writeUint8(encoder, infoOfFirst);
      encoding.writeVarUint(encoder, parentIsRoot);
      encoding.writeVarString(encoder, toHex(run.writerPub));
    } else {
      encoding.writeUint8(encoder, infoOfLater);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock - 1);
    }
    encoding.writeVarUint8Array(encoder, bytes);
  }
};
