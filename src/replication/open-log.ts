/**
 * [RP10] Opens a log over documents that storage has filled. What lies on a disk is checked like
 * what comes from a stranger: shape, links and signatures. A damaged document cannot be mended in
 * place, because Yjs never takes a clock twice; so the caller gets what is sound, to put into fresh
 * documents, and the rest comes back from peers.
 */
import * as Y from 'yjs';
import { toHex } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { viewEnvelope, type Envelope } from '../protocol/envelope.ts';
import { createEntryLog, type EntryLog, type OpenDocument, type StoredRun } from './log.ts';
import { isSameLog, runAtStart } from './runs.ts';
import { signedPart, type SignedRun } from './signatures.ts';
import { cid } from './writer-id.ts';

export interface DamagedLog {
  readonly code: 'damaged-log';
  /** Everything valid that was found: `apply` takes it into a log over fresh documents. */
  readonly sound: ReadonlyArray<SignedRun>;
}

interface StoredLog {
  /** All documents of the log as storage loaded them, in order; new ones are empty. */
  readonly documents: ReadonlyArray<Y.Doc>;
  readonly openDocument: OpenDocument;
}

export const openEntryLog = async (
  backend: CryptoBackend,
  { documents, openDocument }: StoredLog,
): Promise<Result<EntryLog, DamagedLog>> => {
  const found: Array<StoredRun> = [];
  let isDamaged = false;
  for (const [document, doc] of documents.entries()) {
    const { pendingStructs, pendingDs, clients } = doc.store;
    // What waits for missing entries would later slip in behind the gate.
    if (pendingStructs !== null || pendingDs !== null) isDamaged = true;
    for (const [client, structs] of clients) {
      const run = await soundPart(backend, readEntries(doc, client));
      const isTwice = run && found.some((other) => isSameLog(other.run, run));
      if (run && !isTwice) found.push({ run, document });
      if (isTwice || run?.envelopes.length !== structs.length) isDamaged = true;
    }
  }
  return isDamaged
    ? err({ code: 'damaged-log', sound: found.map(({ run }) => run) })
    : ok(createEntryLog(documents, { openDocument, found }));
};

/** The entries of one client from clock 0 up to the first item that is not as we make them. */
const readEntries = (doc: Y.Doc, client: number): ReadonlyArray<Envelope> => {
  const envelopes: Array<Envelope> = [];
  for (const [clock, item] of (doc.store.clients.get(client) ?? []).entries()) {
    const envelope = item instanceof Y.Item ? entryOf(doc, item, { client, clock }) : undefined;
    if (!envelope) break;
    envelopes.push(envelope);
  }
  return envelopes;
};

const entryOf = (
  doc: Y.Doc,
  { origin, rightOrigin, parent, parentSub, deleted, content }: Y.Item,
  { client, clock }: { readonly client: number; readonly clock: number },
): Envelope | undefined => {
  if (!(content instanceof Y.ContentBinary)) return undefined;
  const envelope = viewEnvelope(content.content);
  if (!envelope.ok) return undefined;
  const { writerPub, seq } = envelope.value;
  const before = clock === 0 ? null : Y.createID(client, clock - 1);
  const isOurs =
    cid(writerPub) === client &&
    seq === clock &&
    Y.compareIDs(origin, before) &&
    rightOrigin === null &&
    parent === doc.share.get(toHex(writerPub)) &&
    parentSub === null &&
    !deleted;
  return isOurs ? envelope.value : undefined;
};

const soundPart = async (
  backend: CryptoBackend,
  envelopes: ReadonlyArray<Envelope>,
): Promise<SignedRun | undefined> => {
  const run = runAtStart(envelopes);
  return run && signedPart(backend, run);
};
