/**
 * P6: two members wrote five thousand entries each while neither reached the other; the split heals:
 * until each has all ten thousand, stored and on the timeline. Whole cores over a simulated network,
 * processor time of both together, since a shared machine's clock says nothing; hashes are Node's, as
 * in all of the simulation. Against: two plain Yjs documents with as many entries that exchange what
 * the other lacks. The longest task is a question for a page, and there is none here.
 */
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { formGroup } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';
import { cpuMs } from '../support/cost.ts';
import type { Bench, Row } from './bench.ts';
import { spentMs } from './support/devices.ts';
import { divergePlain } from './support/plain-yjs.ts';

const withinVirtualMs = 10 * 60_000;
const batch = 100;

interface Halves {
  readonly world: World;
  readonly net: Internet;
  readonly peers: ReadonlyArray<Peer>;
}

interface Writing {
  readonly peer: Peer;
  readonly conversationId: string;
  readonly count: number;
}

/** What is written is held before the next is. */
const writeMany = async (world: World, { peer, conversationId, count }: Writing): Promise<void> => {
  const before = peer.heldCount;
  for (let sent = 0; sent < count; sent += batch) {
    const all = Array.from({ length: batch }, (_, i) =>
      peer.execute({
        type: 'SendMessage',
        conversationId,
        text: `message ${String(sent + i)}, about as long as what people really write`,
      }),
    );
    await world.run(60_000, () => peer.heldCount >= before + sent + batch);
    if ((await Promise.all(all)).some(({ ok }) => !ok)) throw new Error('a message was refused');
  }
};

const setup = async (countEach: number, seed: number): Promise<Halves> => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  const peers = ['alice', 'bob'].map((name) => new Peer(net, name));
  const ids = await formGroup(world, peers, true);
  for (const peer of peers) await peer.open(ids.get(peer) ?? '');
  net.partition(peers.map(({ name }) => [name]));
  await world.run(10_000); // until both have noticed
  for (const peer of peers) {
    await writeMany(world, { peer, conversationId: ids.get(peer) ?? '', count: countEach });
  }
  return { world, net, peers };
};

interface Merge {
  readonly cpuMs: number;
  readonly bytes: number;
}

const merge = async ({ world, net, peers }: Halves, countEach: number): Promise<Merge> => {
  const isMerged = (): boolean => peers.every(({ heldCount }) => heldCount >= 2 * countEach);
  if (isMerged()) throw new Error('they were not apart');
  let bytes = 0;
  net.arriving = (frame) => {
    bytes += frame.length;
    return frame.slice();
  };
  const startedMs = cpuMs();
  net.heal();
  if (!(await world.run(withinVirtualMs, isMerged))) {
    const held = peers.map(({ heldCount }) => String(heldCount)).join(' and ');
    throw new Error(`they hold ${held} of ${String(2 * countEach)}`);
  }
  return { cpuMs: cpuMs() - startedMs, bytes };
};

const measure = async (countEach: number, rounds: number): Promise<ReadonlyArray<Row>> => {
  const ours: Merge[] = [];
  const plain: Merge[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await merge(await setup(countEach, 6000 + round), countEach));
    const mergePlain = divergePlain(countEach);
    let bytes = 0;
    const spent = await spentMs(() => {
      bytes = mergePlain();
    });
    plain.push({ cpuMs: spent, bytes });
  }
  const size = String(countEach);
  const name = 'plain Yjs, entries of 512 B';
  return [
    {
      id: `P6a${size}`,
      measures: `two halves of ${size} entries become one, CPU of both`,
      unit: 'ms',
      rounds: ours.map((one) => one.cpuMs),
      against: { name, rounds: plain.map((one) => one.cpuMs) },
      aim: '≤ 2×',
    },
    {
      id: `P6b${size}`,
      measures: 'the same: bytes both ways',
      unit: 'kB',
      rounds: ours.map((one) => one.bytes / 1000),
      against: { name, rounds: plain.map((one) => one.bytes / 1000) },
    },
  ];
};

export const mergeBench: Bench = {
  id: 'P6',
  title: 'two halves merge after a partition',
  isSmoke: false,
  run: async ({ isSmoke, say }) => {
    const rows: Row[] = [];
    for (const { countEach, rounds } of isSmoke
      ? [{ countEach: 500, rounds: 1 }]
      : [
          { countEach: 500, rounds: 2 },
          { countEach: 5000, rounds: 1 },
        ]) {
      rows.push(...(await measure(countEach, rounds)));
      say(`  ${String(countEach)} each done`);
    }
    return rows;
  },
};
