/**
 * A removal while nobody can reach anybody else: who removes, who is removed and a third each go on
 * in a partition of their own, each with somebody at hand, and meet again in every order.
 */
import { describe, expect, test } from 'vitest';
import { closedFor, namesSeenBy, remove, setLevel } from './members.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const calm = { messages: 0, isHarsh: false, peers: 6 } as const;

const islands = {
  remover: ['alice', 'dave'],
  removed: ['bob', 'erin'],
  third: ['carol', 'frank'],
} as const;

type Meeting = ReadonlyArray<ReadonlyArray<string>>;

const { remover, removed, third } = islands;
/** What can reach what, one after the other; at the end everybody. */
const orders: ReadonlyArray<{ readonly order: string; readonly steps: ReadonlyArray<Meeting> }> = [
  { order: 'remover and removed first', steps: [[[...remover, ...removed], third]] },
  { order: 'remover and third first', steps: [[[...remover, ...third], removed]] },
  { order: 'removed and third first', steps: [[remover, [...removed, ...third]]] },
  {
    order: 'third with the removed, then with the remover alone',
    steps: [
      [remover, [...removed, ...third]],
      [[...remover, ...third], removed],
    ],
  },
  {
    order: 'removed with the third, then with the remover alone',
    steps: [
      [remover, [...removed, ...third]],
      [[...remover, ...removed], third],
    ],
  },
  { order: 'all at once', steps: [] },
];

const setup = async (seed: number): Promise<{ history: History; of: (name: string) => Peer }> => {
  const history = new History(seed, calm);
  await history.meet();
  await history.world.run(1000);
  const of = (name: string): Peer => {
    const peer = history.peers.find((other) => other.name === name);
    if (peer === undefined) throw new Error(name);
    return peer;
  };
  await setLevel(history, of('alice'), { name: 'bob', level: 'admin' });
  for (const { name } of history.peers) history.say(of(name), `${name} before`);
  await history.world.run(20_000);
  return { history, of };
};

const everySay = (history: History, of: (name: string) => Peer, when: string): void => {
  for (const { name } of history.peers) {
    if (closedFor(history, of(name)) === undefined) history.say(of(name), `${name} ${when}`);
  }
};

describe('a removal in three partitions', () => {
  test.each(orders)(
    '[CL1, CL4] [RS3] [row 40] nothing of the removed after the cut is shown by anybody, $order',
    async ({ steps }) => {
      const { history, of } = await setup(11);
      const { net, world } = history;
      net.partition([remover, removed, third]);
      await world.run(10_000);
      await remove(history, of('alice'), 'bob');
      await remove(history, of('bob'), 'carol');
      await world.run(1000);
      everySay(history, of, 'apart');
      await world.run(10_000);
      for (const step of steps) {
        net.partition(step);
        await world.run(30_000);
        everySay(history, of, 'on the way');
        await world.run(10_000);
      }
      net.heal();
      await world.run(60_000);
      everySay(history, of, 'after');
      await world.run(30_000);

      const members = ['alice', 'carol', 'dave', 'erin', 'frank'];
      for (const name of members) {
        expect(namesSeenBy(of(name)), name).toEqual(members);
        expect(closedFor(history, of(name)), name).toBeUndefined();
      }
      const { texts } = of('alice');
      for (const name of ['dave', 'erin', 'frank']) expect(of(name).texts, name).toEqual(texts);
      // What was sealed while bob's removal of carol seemed to hold was not sealed to her.
      const withoutCarol = /^(erin|frank): \w+ (apart|on the way)$/;
      const sealedToAll = texts.filter((text) => !withoutCarol.test(text));
      expect(of('carol').texts.filter((text) => !withoutCarol.test(text))).toEqual(sealedToAll);
      expect(texts.filter((text) => text.startsWith('bob'))).toEqual(['bob: bob before']);
      for (const name of members) {
        for (const when of ['before', 'apart', 'after']) {
          expect(texts).toContain(`${name}: ${name} ${when}`);
        }
      }
      expect(closedFor(history, of('bob'))).toBe('removed');
      expect(of('bob').texts.filter((text) => text.endsWith('after'))).toEqual([]);
      expect(history.net.witness.violations).toEqual([]);
    },
    60_000,
  );
});
