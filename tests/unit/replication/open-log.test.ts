import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { toHex } from '../../../src/base/bytes.ts';
import type { Envelope } from '../../../src/protocol/envelope.ts';
import { openEntryLog, type DamagedLog } from '../../../src/replication/open-log.ts';
import { encodeRuns } from '../../../src/replication/runs.ts';
import { cid } from '../../../src/replication/writer-id.ts';
import { craftUpdate, entry, item, type CraftedItem } from '../../support/craft-update.ts';
import {
  backend,
  createReplica,
  createWritten,
  mailboxA,
  mailboxB,
  must,
  offer,
  runFrom,
  stateOf,
} from '../../support/writers.ts';

/** As storage opens it: what is deleted stays. */
const docOf = (...updates: ReadonlyArray<Uint8Array>): Y.Doc => {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
};

const open = (...documents: ReadonlyArray<Y.Doc>): ReturnType<typeof openEntryLog> =>
  openEntryLog(backend, { documents, openDocument: () => Promise.resolve(new Y.Doc()) });

/** What is left of a damaged log, once it is put into a fresh one. */
const mend = async (...documents: ReadonlyArray<Y.Doc>): Promise<ReadonlyArray<Envelope>> => {
  const opened = await open(...documents);
  expect(opened.ok).toBe(false);
  const { sound } = (opened as { error: DamagedLog }).error;
  const fresh = await createReplica();
  must(await fresh.log.apply(sound));
  return fresh.log.writers(mailboxA).flatMap((writer) => writer.entries(0, writer.nextSeq));
};

/** A signed entry at the end of so many sound ones, that is not where or as we would put it. */
interface Misplaced {
  readonly behind: number;
  readonly seq?: number;
  readonly client?: number;
  readonly at: Omit<CraftedItem, 'content'>;
}

const alice = await createWritten(1, 12);
const bob = await createWritten(2, 5, { mailbox: mailboxB });
const client = cid(alice.signer.publicKey);
const name = toHex(alice.signer.publicKey);
const update = encodeRuns([runFrom(alice.envelopes)]);
const part = (from: number, to: number): Uint8Array =>
  encodeRuns([runFrom(alice.envelopes.slice(from, to))]);

describe('[RP10] opening a log', () => {
  test('[RP10] of an empty document is empty', async () => {
    expect(must(await open(new Y.Doc())).size()).toEqual({ entries: 0, bytes: 0 });
  });

  test('[RP10] finds everything that was applied before, and takes more', async () => {
    const before = await createReplica();
    await offer(before, alice.envelopes.slice(0, 9));
    await offer(before, bob.envelopes);
    const [doc] = before.docs;
    if (!doc) throw new Error('a document');
    const after = await createReplica([docOf(Y.encodeStateAsUpdate(doc))]);
    for (const mailbox of [mailboxA, mailboxB]) {
      expect(after.log.rows(mailbox)).toEqual(before.log.rows(mailbox));
      expect(after.log.stateHash(mailbox)).toEqual(before.log.stateHash(mailbox));
    }
    must(await offer(after, alice.envelopes.slice(9)));
    must(await offer(before, alice.envelopes.slice(9)));
    expect(stateOf(after)).toBe(stateOf(before));
  });

  test('[RP10] does not depend on how storage cut or ordered its updates', async () => {
    const log = must(await open(docOf(part(6, 12), part(3, 6), part(0, 3))));
    expect(log.held(runFrom(alice.envelopes)).entries(0, 99)).toEqual(alice.envelopes);
  });

  test('[RP10] works where the root types were named by somebody before', async () => {
    const doc = docOf(update);
    doc.getArray(name);
    expect(must(await open(doc)).size().entries).toBe(12);
  });
});

describe('[RP10] a damaged log gives back what is sound', () => {
  test('[RP10] a lost update: what waits behind the gap does not count', async () => {
    const doc = docOf(part(0, 4), part(6, 12));
    expect(doc.store.pendingStructs).not.toBeNull();
    expect(await mend(doc)).toEqual(alice.envelopes.slice(0, 4));
  });

  test('[RP10] a flipped bit in an entry: the log ends where signatures and links say', async () => {
    const flipped = alice.envelopes.map((envelope) => {
      if (envelope.seq !== 8) return entry(envelope);
      const content = envelope.bytes.slice();
      content[200] = (content[200] ?? 0) ^ 4;
      return item({ content, origin: { client, clock: 7 } });
    });
    const doc = docOf(craftUpdate([{ client, clock: 0, structs: flipped }]));
    expect(await mend(doc)).toEqual(alice.envelopes.slice(0, 8));
  });

  test('[RP10] a flipped bit in the last entry, which no link covers', async () => {
    const last = alice.envelopes.at(-1);
    if (!last) throw new Error('a last entry');
    const content = last.bytes.slice();
    content[content.length - 70] = (content.at(-70) ?? 0) ^ 1;
    const structs = [
      ...alice.envelopes.slice(0, -1).map(entry),
      item({ content, origin: { client, clock: 10 } }),
    ];
    const doc = docOf(craftUpdate([{ client, clock: 0, structs }]));
    expect(await mend(doc)).toEqual(alice.envelopes.slice(0, -1));
  });

  test('[RP10] a deletion', async () => {
    const doc = docOf(update, craftUpdate([], [{ client, clock: 3, length: 1 }]));
    expect(await mend(doc)).toEqual(alice.envelopes.slice(0, 3));
  });

  test('[RP10] a deletion of what is not there yet', async () => {
    const doc = docOf(update, craftUpdate([], [{ client, clock: 20, length: 5 }]));
    expect(await mend(doc)).toEqual(alice.envelopes);
  });

  test('[RP10] structs that are no entries', async () => {
    const foreign = new Y.Doc();
    foreign.getText('anything').insert(0, 'here');
    const doc = docOf(update, Y.encodeStateAsUpdate(foreign));
    expect(await mend(doc)).toEqual(alice.envelopes);
  });

  test('[RP10] entries in the wrong array', async () => {
    const [first] = alice.envelopes;
    if (!first) throw new Error('a first entry');
    const structs = [item({ content: first.bytes, rootName: 'elsewhere' })];
    expect(await mend(docOf(craftUpdate([{ client, clock: 0, structs }])))).toEqual([]);
  });

  test.each<[string, Misplaced]>([
    ['under another client id', { behind: 0, client: client + 1, at: { rootName: name } }],
    ['with the number of another one', { behind: 0, seq: 1, at: { rootName: name } }],
    ['under a key of a map', { behind: 0, at: { rootName: name, parentSub: 'x' } }],
    ['that does not follow the one before', { behind: 1, at: { rootName: name } }],
    [
      'put in front of another one',
      { behind: 2, at: { origin: { client, clock: 1 }, rightOrigin: { client, clock: 0 } } },
    ],
  ])('[RP10] an entry %s', async (_, { behind, seq = behind, at, ...place }) => {
    const content = alice.envelopes[seq]?.bytes ?? new Uint8Array();
    const structs = [...alice.envelopes.slice(0, behind).map(entry), item({ ...at, content })];
    const doc = docOf(craftUpdate([{ client, ...place, clock: 0, structs }]));
    expect(await mend(doc)).toEqual(alice.envelopes.slice(0, behind));
  });

  test('[RP10] the same log in two documents', async () => {
    expect(await mend(docOf(update), docOf(update))).toEqual(alice.envelopes);
  });

  test('[RP10] an unsigned end', async () => {
    const { envelopes } = await createWritten(3, [true, true, false, false]);
    const doc = docOf(encodeRuns([runFrom(envelopes)]));
    expect(await mend(doc)).toEqual(envelopes.slice(0, 2));
  });
});
