/**
 * JOIN: somebody follows an open link with history into a group of 1 000, 3 000 and 10 000 entries while
 * nobody is there, so that all of it comes from the mailbox: until the first message is on the timeline,
 * and until all are. BACK: a member who was away for all of them returns, to the founder and the mailbox.
 * Whole cores over simulated links; processor time of everybody in the process, the mailbox included,
 * since a shared machine's clock says nothing. Against: plain Yjs carrying and loading as many entries.
 */
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { cpuMs } from '../support/cost.ts';
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { begin, formGroup, groupId } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { spentMs } from './support/devices.ts';
import { syncPlain } from './support/plain-yjs.ts';

const withinVirtualMs = 10 * 60_000;
const batch = 100;

interface Group {
  readonly world: World;
  readonly net: Internet;
  readonly founder: Peer;
  /** Members since the beginning, who are away. */
  readonly away: ReadonlyArray<Peer>;
  readonly link: string;
}

/** A group in which the founder wrote so much while the others were away, all of it in the mailbox. */
const setup = async (count: number, awayCount: number): Promise<Group> => {
  const world = new World(1700 + count);
  const net = new Internet(world, { ...noFaults });
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  const alice = new Peer(net, 'alice');
  const away = Array.from({ length: awayCount }, (_, i) => new Peer(net, `away${String(i)}`));
  const ids = await formGroup(world, [alice, ...away], true);
  const conversationId = ids.get(alice) ?? '';
  for (const peer of away) await peer.crash();
  await alice.open(conversationId);
  for (let sent = 0; sent < count; sent += batch) {
    const all = Array.from({ length: batch }, (_, i) =>
      alice.execute({
        type: 'SendMessage',
        conversationId,
        text: `message ${String(sent + i)}, about as long as what people really write`,
      }),
    );
    await world.run(60_000, () => alice.heldCount >= sent + batch);
    if ((await Promise.all(all)).some(({ ok }) => !ok)) throw new Error('a message was refused');
  }
  const target = { kind: 'conversation', conversationId } as const;
  const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true, history: 'all' });
  if (!invite.ok) throw new Error(invite.error);
  const isLeft = (): boolean => alice.messages.at(-1)?.delivery?.state === 'parked';
  if (!(await world.run(withinVirtualMs, isLeft))) throw new Error('the mailbox took it not');
  return { world, net, founder: alice, away, link: invite.value.link };
};

interface Course {
  readonly firstMs: number;
  readonly allMs: number;
}

/** From now until one message is on the peer's timeline, and until so many are. */
const follow = async (world: World, peer: Peer, count: number): Promise<Course> => {
  const startedMs = cpuMs();
  const isIn = (): boolean =>
    peer.state?.conversations.some(({ kind }) => kind === 'group') === true;
  if (!(await world.run(withinVirtualMs, isIn))) throw new Error(`${peer.name} did not get in`);
  await peer.open(groupId(peer));
  if (!(await world.run(withinVirtualMs, () => peer.messages.length > 0))) {
    throw new Error(`${peer.name} sees nothing`);
  }
  const firstMs = cpuMs() - startedMs;
  if (!(await world.run(withinVirtualMs, () => peer.heldCount >= count))) {
    throw new Error(`${peer.name} has ${String(peer.heldCount)} of ${String(count)}`);
  }
  return { firstMs, allMs: cpuMs() - startedMs };
};

const rowsOf = (
  count: number,
  plain: ReadonlyArray<number>,
  [back, joined]: readonly [ReadonlyArray<Course>, ReadonlyArray<Course>],
): ReadonlyArray<Row> => {
  const row = (
    id: string,
    measures: string,
    { rounds, aim }: { readonly rounds: ReadonlyArray<number>; readonly aim: string },
  ): Row => ({
    id: `${id}${String(count)}`,
    measures: `${measures}, CPU`,
    unit: 'ms',
    rounds,
    against: { name: `plain Yjs, ${String(count)} entries of 512 B`, rounds: plain },
    ...(count === 10_000 ? { aim } : {}),
  });
  const first = joined.map(({ firstMs }) => firstMs);
  const all = joined.map(({ allMs }) => allMs);
  const returned = back.map(({ allMs }) => allMs);
  return [
    row('JOINf', `join ${String(count)} entries by mailbox: first message`, {
      rounds: first,
      aim: '≤ 2 s',
    }),
    row('JOINa', `join ${String(count)} entries by mailbox: all`, { rounds: all, aim: '≤ 8 s' }),
    row('BACK', `return after ${String(count)} entries: all`, { rounds: returned, aim: '≤ 5 s' }),
  ];
};

const measure = async (count: number, rounds: number): Promise<ReadonlyArray<Row>> => {
  const { world, net, founder, away, link } = await setup(count, rounds);
  const plain: number[] = [];
  const back: Course[] = [];
  for (const peer of away) {
    plain.push(await spentMs(() => syncPlain(count)));
    peer.start();
    back.push(await follow(world, peer, count));
    await peer.crash();
  }
  await founder.crash();
  const joined: Course[] = [];
  for (let i = 0; i < rounds; i++) {
    const newcomer = new Peer(net, `newcomer${String(i)}`);
    await begin(newcomer);
    const asked = await newcomer.do({ type: 'Join', link });
    if (!asked.ok) throw new Error(asked.error);
    joined.push(await follow(world, newcomer, count));
    await newcomer.crash();
  }
  return rowsOf(count, plain, [back, joined]);
};

export const joinBench: Bench = {
  id: 'JOIN',
  title: 'join a long group from a mailbox, and come back to it',
  isSmoke: false,
  run: async ({ isSmoke, say }: BenchOptions) => {
    const rows: Row[] = [];
    for (const count of isSmoke ? [300, 1000] : [1000, 3000, 10_000]) {
      rows.push(...(await measure(count, 2)));
      say(`  ${String(count)} entries done`);
    }
    return rows;
  },
};
