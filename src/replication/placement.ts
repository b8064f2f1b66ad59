/**
 * [RP9] Which document a run goes to. A document holds one log per Yjs client id; a second log with
 * the same id (a made collision, or one key used in two epochs) goes to a document of its own, and
 * no update carries two runs of one client.
 */
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { isSameLog } from './runs.ts';
import type { SignedRun } from './signatures.ts';
import type { WriterLog } from './writer-log.ts';

interface PlacedRun {
  readonly run: SignedRun;
  readonly writer: WriterLog;
  /** Number of its document; the next one after the last if none has room. */
  readonly document: number;
}

interface Places {
  /** The log that a run continues. */
  readonly held: (run: SignedRun) => WriterLog;
  /** Whether some log with this client id lies in that document. */
  readonly isTaken: (document: number, client: number) => boolean;
}

/** Decides, changes nothing. */
export const placeRuns = (
  runs: ReadonlyArray<SignedRun>,
  { held, isTaken }: Places,
): ReadonlyArray<PlacedRun> => {
  const placed: Array<PlacedRun> = [];
  const planned = new Set<string>();
  const isFree = (document: number, client: number): boolean =>
    !isTaken(document, client) && !planned.has(`${document}/${client}`);

  for (const run of runs) {
    const earlier = placed.findLast((other) => isSameLog(other.run, run));
    const writer = earlier?.writer ?? held(run);
    assertContinues(run, earlier?.run, writer);
    let document = earlier?.document ?? writer.document;
    if (document === undefined) {
      document = 0;
      while (!isFree(document, writer.client)) document += 1;
    }
    planned.add(`${document}/${writer.client}`);
    placed.push({ run, writer, document });
  }
  return placed;
};

const assertContinues = (run: SignedRun, earlier: SignedRun | undefined, held: WriterLog): void => {
  const nextSeq = earlier ? earlier.fromSeq + earlier.envelopes.length : held.nextSeq;
  const headHash = earlier?.headHash ?? held.headHash;
  const prev = run.envelopes[0]?.prev;
  assert(
    run.fromSeq === nextSeq && prev !== undefined && equalBytes(prev, headHash),
    'a run is applied to the log it was checked against',
  );
};

/** Runs that one update may carry, in order of application. */
export const batchesOf = (
  placed: ReadonlyArray<PlacedRun>,
): ReadonlyArray<ReadonlyArray<PlacedRun>> => {
  const batches: Array<Array<PlacedRun>> = [];
  const openByDocument = new Map<number, { runs: Array<PlacedRun>; clients: Set<number> }>();
  for (const placedRun of placed) {
    const { document, writer } = placedRun;
    let open = openByDocument.get(document);
    if (!open || open.clients.has(writer.client)) {
      open = { runs: [], clients: new Set() };
      openByDocument.set(document, open);
      batches.push(open.runs);
    }
    open.runs.push(placedRun);
    open.clients.add(writer.client);
  }
  return batches;
};
