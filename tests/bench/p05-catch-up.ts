/**
 * P5: ten thousand entries at once. (a) Through the gate: inspected, checked, applied. Against: the
 * signatures the rule asks for at least (one in eight) and plain Yjs with the same bytes. (b) A member
 * who was away for ten thousand messages comes back, whole cores over simulated links, from the start
 * of their device until every message is stored and counted as unread. Against: plain Yjs carrying and
 * loading as many entries. Processor time throughout, since a shared machine's clock says nothing.
 */
import * as Y from 'yjs';
import { verifySignature } from '../../src/crypto/signature.ts';
import { encodeRuns, type Run } from '../../src/replication/runs.ts';
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { formGroup } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';
import { cpuMs } from '../support/cost.ts';
import { backend, createReplica, createWritten, receive, runFrom } from '../support/writers.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { spentMs } from './support/devices.ts';
import { syncPlain } from './support/plain-yjs.ts';

const writerCount = 4;
const signedEvery = 8; // limits.unsignedRunMax + 1

/** The least anybody does who trusts no signature twice and keeps the same structure. */
const admitBare = async (update: Uint8Array, runs: ReadonlyArray<Run>): Promise<void> => {
  for (const { envelopes } of runs) {
    for (let i = signedEvery - 1; i < envelopes.length; i += signedEvery) {
      const envelope = envelopes[i];
      if (envelope === undefined) continue;
      const { writerPub, signature, bytes } = envelope;
      // Not what is signed, so the answer is no; it costs as much as a yes.
      await verifySignature(backend, { publicKey: writerPub, message: bytes, signature });
    }
  }
  Y.applyUpdate(new Y.Doc(), update);
};

const gateRow = async ({ isSmoke }: BenchOptions): Promise<Row> => {
  const count = isSmoke ? 2000 : 10_000;
  const runs: Run[] = [];
  for (let i = 0; i < writerCount; i++) {
    runs.push(runFrom((await createWritten(i, count / writerCount)).envelopes));
  }
  const update = encodeRuns(runs);
  const rounds: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < (isSmoke ? 3 : 5); i++) {
    rounds.push(
      await spentMs(async () => {
        if (!(await receive(await createReplica(), update))) throw new Error('the gate refused');
      }),
    );
    bare.push(await spentMs(() => admitBare(update, runs)));
  }
  return {
    id: 'P5a',
    measures: `admit ${count} entries through the gate, CPU`,
    unit: 'ms',
    rounds,
    against: { name: 'one signature in eight + plain Yjs', rounds: bare },
    aim: '≤ 3 s',
  };
};

/** How many frame bytes reach this peer from now on. */
const countBytesTo = (peer: Peer): (() => number) => {
  const { network } = peer;
  if (network === undefined) throw new Error('the peer does not run');
  let bytes = 0;
  const deliver = network.frame.bind(network);
  network.frame = (id, frame) => {
    bytes += frame.length;
    deliver(id, frame);
  };
  return () => bytes;
};

interface Absence {
  readonly cpuMs: number;
  readonly bytes: number;
  readonly virtualMs: number;
}

/** Three people; the third is away while the first writes, then comes back. */
const returnOnce = async (count: number, seed: number): Promise<Absence> => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => new Peer(net, name));
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three');
  const ids = await formGroup(world, [alice, bob, carol], true);
  const conversationId = ids.get(alice) ?? '';
  const unreadOf = (peer: Peer): number =>
    peer.state?.conversations.find(({ id }) => id === ids.get(peer))?.unreadCount ?? 0;
  await carol.crash();
  for (let sent = 0; sent < count; sent += 100) {
    const all: Array<Promise<{ readonly ok: boolean }>> = [];
    for (let i = sent; i < sent + 100; i++) {
      all.push(
        alice.execute({
          type: 'SendMessage',
          conversationId,
          text: `message ${i}, about as long as what people really write to each other`,
        }),
      );
    }
    await world.run(60_000, () => unreadOf(bob) >= sent + 100);
    if ((await Promise.all(all)).some(({ ok }) => !ok)) throw new Error('a message was refused');
  }
  if (unreadOf(bob) < count) throw new Error(`bob has ${unreadOf(bob)} of ${count}`);

  const startedMs = cpuMs();
  const startedVirtualMs = world.nowMs;
  carol.start();
  const bytes = countBytesTo(carol);
  await world.run(10 * 60_000, () => unreadOf(carol) >= count);
  if (unreadOf(carol) < count) throw new Error(`carol has ${unreadOf(carol)} of ${count}`);
  return {
    cpuMs: cpuMs() - startedMs,
    bytes: bytes(),
    virtualMs: world.nowMs - startedVirtualMs,
  };
};

const absenceRows = async ({ isSmoke, say }: BenchOptions): Promise<ReadonlyArray<Row>> => {
  const count = isSmoke ? 1000 : 10_000;
  const absences: Absence[] = [];
  const bare: number[] = [];
  const bareKilobytes: number[] = [];
  for (let i = 0; i < (isSmoke ? 1 : 3); i++) {
    const absence = await returnOnce(count, 5000 + i);
    absences.push(absence);
    say(`  back after ${count}: ${absence.virtualMs.toFixed(0)} ms of simulated time`);
    let update = new Uint8Array();
    bare.push(
      await spentMs(() => {
        update = Uint8Array.from(syncPlain(count));
      }),
    );
    bareKilobytes.push(update.length / 1000);
  }
  return [
    {
      id: 'P5b',
      measures: `return after ${count} messages, CPU of all three peers`,
      unit: 'ms',
      rounds: absences.map(({ cpuMs: spent }) => spent),
      against: { name: `plain Yjs, ${count} entries of 512 B`, rounds: bare },
      aim: '≤ 3 s',
    },
    {
      id: 'P5c',
      measures: 'the same: bytes to who returns',
      unit: 'kB',
      rounds: absences.map(({ bytes }) => bytes / 1000),
      against: { name: 'the same', rounds: bareKilobytes },
      aim: '≤ 1.5× ciphertext',
    },
  ];
};

export const catchUpBench: Bench = {
  id: 'P5',
  title: 'ten thousand entries at once',
  isSmoke: true,
  run: async (options) => [await gateRow(options), ...(await absenceRows(options))],
};
