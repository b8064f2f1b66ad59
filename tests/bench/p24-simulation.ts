/**
 * P24: how many histories the simulation runs in a minute of one core: everything the real core does,
 * under faults, with crashes. Against: a bare model in the same world, as many peers that write as much
 * into plain Yjs documents over lossy broadcast and exchange state vectors until they agree. The ratio
 * says what the core weighs; the number says how many seeds a night is worth.
 */
import * as Y from 'yjs';
import { runHistory } from '../simulation/run.ts';
import { World } from '../simulation/world.ts';
import { cpuMs } from '../support/cost.ts';
import type { Bench, Row } from './bench.ts';

const minuteMs = 60_000;
const lossPercent = 15;
const delayMsMax = 100;

interface Size {
  readonly peers: number;
  readonly messagesEach: number;
}

/** Loss and delay as in the simulation, no keys, no storage, no membership. */
const runBareModel = async (seed: number, { peers, messagesEach }: Size): Promise<void> => {
  const world = new World(seed);
  const docs = Array.from({ length: peers }, () => new Y.Doc());
  const carry = (update: Uint8Array, to: Y.Doc): void => {
    if (world.chance(lossPercent)) return;
    world.schedule(1 + world.random.below(delayMsMax), () => {
      Y.applyUpdate(to, update, 'carried');
    });
  };
  for (const doc of docs) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'carried') return;
      for (const other of docs) if (other !== doc) carry(update, other);
    });
  }
  for (let i = 0; i < peers * messagesEach; i++) {
    const doc = world.random.pick(docs);
    doc.getMap('messages').set(`m${i}`, `message ${i} of somebody who writes`);
    await world.run(world.random.pick([0, 10, 200]));
  }
  const isComplete = (): boolean =>
    docs.every((doc) => doc.getMap('messages').size === peers * messagesEach);
  while (!isComplete()) {
    const [from, to] = [world.random.pick(docs), world.random.pick(docs)];
    carry(Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), to);
    await world.run(delayMsMax);
  }
};

/** Histories in a minute of CPU, from so many of them. */
const perMinute = async (
  seeds: ReadonlyArray<number>,
  run: (seed: number) => Promise<void>,
): Promise<number> => {
  const startedMs = cpuMs();
  for (const seed of seeds) await run(seed);
  return (seeds.length * minuteMs) / (cpuMs() - startedMs);
};

const rowFor = async (
  { peers, messagesEach }: Size,
  { rounds, seedsEach }: { readonly rounds: number; readonly seedsEach: number },
): Promise<Row> => {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const seeds = Array.from({ length: seedsEach }, (_, i) => 2000 + round * seedsEach + i);
    ours.push(
      await perMinute(seeds, async (seed) => {
        await runHistory(seed, { peers, messages: messagesEach, isHarsh: true });
      }),
    );
    bare.push(await perMinute(seeds, (seed) => runBareModel(seed, { peers, messagesEach })));
  }
  return {
    id: `P24/${peers}`,
    measures: `histories of ${peers} peers, ${peers * messagesEach} messages, all faults`,
    unit: 'per CPU min',
    rounds: ours,
    against: { name: 'bare model over plain Yjs', rounds: bare },
    aim: '≥ 300',
  };
};

export const simulationBench: Bench = {
  id: 'P24',
  title: 'simulated histories in a minute of one core',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const small = await rowFor(
      { peers: 3, messagesEach: 10 },
      { rounds: isSmoke ? 3 : 5, seedsEach: isSmoke ? 1 : 3 },
    );
    if (isSmoke) return [small];
    const large = await rowFor({ peers: 8, messagesEach: 13 }, { rounds: 3, seedsEach: 1 });
    return [small, large];
  },
};
