import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeRuns } from '../../../src/replication/runs.ts';
import { cpuMs } from '../../support/cost.ts';
import { createReplica, createWritten, receive, runFrom } from '../../support/writers.ts';

const writers = 4;
const entriesEach = 2500;

test('[RP11] 10 000 entries pass the gate, and load again, in well under 3 s of one core', async () => {
  const runs = [];
  for (let i = 0; i < writers; i++) {
    const { envelopes } = await createWritten(i, entriesEach);
    runs.push(runFrom(envelopes));
  }
  const update = encodeRuns(runs);
  const replica = await createReplica();
  let startedAt = cpuMs();
  const isTaken = await receive(replica, update);
  const admitMs = cpuMs() - startedAt;
  expect(isTaken).toBe(true);
  expect(replica.log.size().entries).toBe(writers * entriesEach);

  const [doc] = replica.docs;
  const stored = new Y.Doc();
  if (doc) Y.applyUpdate(stored, Y.encodeStateAsUpdate(doc));
  startedAt = cpuMs();
  const loaded = await createReplica([stored]);
  const loadMs = cpuMs() - startedAt;
  expect(loaded.log.size().entries).toBe(writers * entriesEach);

  expect(admitMs).toBeLessThan(3000);
  expect(loadMs).toBeLessThan(3000);
}, 60_000);
