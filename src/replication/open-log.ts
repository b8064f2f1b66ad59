/**
 * [RP10] Opens a log over documents that storage has filled. What lies on a disk is checked like
 * what comes from a stranger: shape, links and signatures. A damaged document cannot be mended in
 * place, because Yjs never takes a clock twice; so the caller gets what is sound, to put into fresh
 * documents, and the rest comes back from peers.
 */
import * as Y from 'yjs';
import { equalBytes, toHex } from '../base/bytes.ts';
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

/** Whose log it is: a client id and the root that its entries stand under follow from the writer. */
interface Owner {
  readonly client: number;
  readonly writerPub: Uint8Array;
  readonly root: Y.Item['parent'] | undefined;
}

/** The entries of one client from clock 0 up to the first item that is not as we make them. */
const readEntries = (doc: Y.Doc, client: number): ReadonlyArray<Envelope> => {
  const envelopes: Array<Envelope> = [];
  let owner: Owner | undefined;
  for (const [clock, item] of (doc.store.clients.get(client) ?? []).entries()) {
    if (!(item instanceof Y.Item)) break;
    const envelope = envelopeIn(item);
    owner ??= envelope && ownerOf(doc, envelope, client);
    if (!envelope || !owner || !isEntryOf(owner, { item, envelope, clock })) break;
    envelopes.push(envelope);
  }
  return envelopes;
};

const envelopeIn = ({ content }: Y.Item): Envelope | undefined => {
  const envelope = content instanceof Y.ContentBinary ? viewEnvelope(content.content) : undefined;
  return envelope?.ok === true ? envelope.value : undefined;
};

const ownerOf = (doc: Y.Doc, { writerPub }: Envelope, client: number): Owner | undefined =>
  cid(writerPub) === client
    ? { client, writerPub, root: doc.share.get(toHex(writerPub)) }
    : undefined;

interface Found {
  readonly item: Y.Item;
  readonly envelope: Envelope;
  readonly clock: number;
}

const isEntryOf = (
  { client, writerPub, root }: Owner,
  { item, envelope, clock }: Found,
): boolean => {
  const { origin, rightOrigin, parent, parentSub, deleted } = item;
  const before = clock === 0 ? null : Y.createID(client, clock - 1);
  return (
    equalBytes(envelope.writerPub, writerPub) &&
    envelope.seq === clock &&
    Y.compareIDs(origin, before) &&
    rightOrigin === null &&
    parent === root &&
    parentSub === null &&
    !deleted
  );
};

const soundPart = async (
  backend: CryptoBackend,
  envelopes: ReadonlyArray<Envelope>,
): Promise<SignedRun | undefined> => {
  const run = runAtStart(envelopes);
  return run && signedPart(backend, run);
};
