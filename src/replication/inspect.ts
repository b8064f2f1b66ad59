/**
 * [RP4] The first half of the gate: bytes of a stranger → runs, without Yjs. Plain Yjs merges
 * whatever parses: a few bytes can delete, pre-delete or displace every entry (PROTOCOL §0). So an
 * update is taken only if it is exactly what `encodeRuns` writes for the runs found in it. The
 * parser below reads just enough to find them; encoding them again and comparing refuses all else:
 * deletions, other structs, other origins or parents, longer numbers, another order, bytes behind.
 */
import { equalBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { decodeEnvelope, type Envelope } from '../protocol/envelope.ts';
import { limits } from '../protocol/limits.ts';
import { createUpdateReader, type UpdateReader } from './update-reader.ts';
import { encodeRuns, infoOfFirst, infoOfLater, runOf, type Run, type RunContent } from './runs.ts';
import { cid } from './writer-id.ts';

export interface GateError {
  readonly code: 'malformed-update' | 'update-too-large';
}

const rootParentBytes = 1 + 1 + 64; // "the parent is a root", the length of its name, its name
const malformed = err({ code: 'malformed-update' } as const);

/**
 * Total and without side effects. The runs have the right client ids, sequence numbers and links;
 * signatures and what we hold are the business of gate.ts. Envelopes are views of `bytes`.
 */
export const inspect = (
  bytes: Uint8Array,
  { bytesMax }: { readonly bytesMax: number },
): Result<ReadonlyArray<Run>, GateError> => {
  if (bytes.length > bytesMax) return err({ code: 'update-too-large' });
  const contents = readUpdate(createUpdateReader(bytes));
  if (!contents || !equalBytes(encodeRuns(contents), bytes)) return malformed;
  const runs: Array<Run> = [];
  for (const { envelopes } of contents) {
    const run = runOf(envelopes);
    if (!run.ok) return malformed;
    runs.push(run.value);
  }
  return ok(runs);
};

/** Stops at the first thing that is out of place, before anything is hashed in bulk. */
const readUpdate = (reader: UpdateReader): ReadonlyArray<RunContent> | undefined => {
  const count = reader.varUint();
  if (count === undefined) return undefined;
  const contents: Array<RunContent> = [];
  let clientsBelow = Infinity;
  for (let i = 0; i < count; i++) {
    const found = readRun(reader, clientsBelow);
    if (!found) return undefined;
    contents.push(found.content);
    clientsBelow = found.client;
  }
  return contents;
};

const readRun = (
  reader: UpdateReader,
  clientsBelow: number,
): { readonly content: RunContent; readonly client: number } | undefined => {
  const count = reader.varUint();
  const client = reader.varUint();
  const fromSeq = reader.varUint();
  if (count === undefined || client === undefined || fromSeq === undefined) return undefined;
  if (count === 0 || client >= clientsBelow || fromSeq + count > limits.seqMax) return undefined;
  const envelopes: Array<Envelope> = [];
  for (let i = 0; i < count; i++) {
    const envelope = readEntry(reader, fromSeq + i);
    if (envelope?.seq !== fromSeq + i) return undefined;
    if (i === 0 && cid(envelope.writerPub) !== client) return undefined;
    envelopes.push(envelope);
  }
  const writerPub = envelopes[0]?.writerPub;
  return writerPub && { content: { writerPub, fromSeq, envelopes }, client };
};

/** Origin and parent are skipped here: encoding again says whether they were right. */
const readEntry = (reader: UpdateReader, clock: number): Envelope | undefined => {
  if (reader.byte() !== (clock === 0 ? infoOfFirst : infoOfLater)) return undefined;
  if (clock === 0) {
    if (!reader.take(rootParentBytes)) return undefined;
  } else if (reader.varUint() === undefined || reader.varUint() === undefined) {
    return undefined;
  }
  const length = reader.varUint();
  if (length === undefined || length > limits.frameBytesMax) return undefined;
  const bytes = reader.take(length);
  if (!bytes) return undefined;
  const envelope = decodeEnvelope(bytes);
  return envelope.ok ? envelope.value : undefined;
};
