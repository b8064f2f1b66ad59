/** Writers of sealed entries, for the tests of the log: real keys, real envelopes, from a seed. */
import * as Y from 'yjs';
import { u32be, utf8ToBytes, concatBytes } from '../../src/base/bytes.ts';
import type { Signer } from '../../src/crypto/backend.ts';
import { sha512 } from '../../src/crypto/hash.ts';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import { decodeEnvelope, entryHash } from '../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import type { Envelope } from '../../src/protocol/envelope.ts';
import { checkRun, type Admission, type Refusal } from '../../src/replication/gate.ts';
import { inspect } from '../../src/replication/inspect.ts';
import type { EntryLog } from '../../src/replication/log.ts';
import { openEntryLog } from '../../src/replication/open-log.ts';
import { runOf, type Run } from '../../src/replication/runs.ts';
import type { Result } from '../../src/base/result.ts';

export const backend = createNodeBackend();
export const mailboxA = new Uint8Array(16).fill(0xa1);
export const mailboxB = new Uint8Array(16).fill(0xb2);
export const updateBytesMax = 64 * 1024 * 1024;

/** 64 pseudo-random bytes per (name, number): the same in every run. */
export const seededBytes = (name: string, number: number): Uint8Array =>
  sha512(concatBytes(utf8ToBytes(name), u32be(number)));

export const must = <T, E>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(`expected success, got ${JSON.stringify(result.error)}`);
  return result.value;
};

export const envelopeOf = (bytes: Uint8Array): Envelope => must(decodeEnvelope(bytes));
export const runFrom = (envelopes: ReadonlyArray<Envelope>): Run => must(runOf(envelopes));

export interface TestWriter {
  readonly signer: Signer;
  readonly envelopes: ReadonlyArray<Envelope>;
  /** Seals the next entry. `isSigned: false` leaves a signature that does not verify. */
  write(options?: { isSigned?: boolean; bodyBytes?: number }): Promise<Envelope>;
  /** Another writer with the same key and the same first `length` entries, free to go elsewhere. */
  fork(length: number): TestWriter;
}

export interface WriterOptions {
  readonly mailbox?: Uint8Array;
  readonly envelopes?: ReadonlyArray<Envelope>;
}

let sealedCount = 0; // only makes nonces differ; a test file starts at 0

const writerOver = (signer: Signer, { mailbox, envelopes: start }: WriterOptions): TestWriter => {
  const envelopes = [...(start ?? [])];
  return {
    signer,
    envelopes,
    write: async ({ isSigned = true, bodyBytes = 100 } = {}) => {
      sealedCount += 1;
      const last = envelopes.at(-1);
      const bytes = await sealEnvelope({
        mailbox: mailbox ?? mailboxA,
        writer: signer,
        seq: envelopes.length,
        prev: last ? entryHash(last) : new Uint8Array(32),
        nonce: seededBytes('nonce', sealedCount).slice(0, 24),
        messageKey: seededBytes('key', sealedCount).slice(0, 32),
        body: new Uint8Array(bodyBytes).fill(sealedCount),
      });
      if (!isSigned) bytes.set([(bytes.at(-40) ?? 0) ^ 1], bytes.length - 40);
      const envelope = envelopeOf(bytes);
      envelopes.push(envelope);
      return envelope;
    },
    fork: (length) =>
      writerOver(signer, {
        ...(mailbox && { mailbox }),
        envelopes: envelopes.slice(0, length),
      }),
  };
};

export const createWriter = async (
  number: number,
  options: WriterOptions = {},
): Promise<TestWriter> => {
  const signer = await backend.signerFromSeed(seededBytes('writer', number).slice(0, 32));
  return writerOver(signer, options);
};

/** A writer with this many entries; `false` in the pattern stands for an unsigned one. */
export const createWritten = async (
  number: number,
  entries: number | ReadonlyArray<boolean>,
  options: WriterOptions = {},
): Promise<TestWriter> => {
  const writer = await createWriter(number, options);
  const pattern = typeof entries === 'number' ? new Array<boolean>(entries).fill(true) : entries;
  for (const isSigned of pattern) await writer.write({ isSigned });
  return writer;
};

export interface TestReplica {
  readonly log: EntryLog;
  readonly docs: ReadonlyArray<Y.Doc>;
}

/** A replica over these documents; further ones are made when equal client ids need them. */
export const createReplica = async (docs: Array<Y.Doc> = [new Y.Doc()]): Promise<TestReplica> => {
  const opened = await openEntryLog(backend, {
    documents: [...docs],
    openDocument: () => {
      const doc = new Y.Doc();
      docs.push(doc);
      return Promise.resolve(doc);
    },
  });
  return { log: must(opened), docs };
};

/** Checks one run against what the replica holds of its log, and applies what is new. */
export const offerRun = async (
  { log }: TestReplica,
  run: Run,
): Promise<Result<Admission, Refusal>> => {
  const checked = await checkRun(backend, log.held(run), run);
  if (checked.ok && checked.value.fresh) must(await log.apply([checked.value.fresh]));
  return checked;
};

export const offer = (
  replica: TestReplica,
  envelopes: ReadonlyArray<Envelope>,
): Promise<Result<Admission, Refusal>> => offerRun(replica, runFrom(envelopes));

/** What a peer does with bytes from the network: inspect, check, apply. */
export const receive = async (replica: TestReplica, update: Uint8Array): Promise<boolean> => {
  const runs = inspect(update, { bytesMax: updateBytesMax });
  if (!runs.ok) return false;
  let isTaken = true;
  for (const run of runs.value) isTaken = (await offerRun(replica, run)).ok && isTaken;
  return isTaken;
};

/** Everything of all documents, for before-and-after comparisons. */
export const stateOf = ({ docs }: TestReplica): string =>
  docs.map((doc) => Y.encodeStateAsUpdate(doc).toString()).join('|');
