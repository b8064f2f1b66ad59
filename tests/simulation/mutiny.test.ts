/** Five who all do at one time, apart from each other, what begins a new epoch. */
import { expect, test } from 'vitest';
import { namesSeenBy, remove, setLevel } from './members.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

test.each([1, 2, 3])(
  '[SM2] [row 41] five epochs made at once end in one, and every message of each can be read, seed %i',
  async (seed) => {
    const history = new History(seed, { messages: 0, isHarsh: false, peers: 6 });
    const { net, world } = history;
    await history.meet();
    await world.run(1000);
    const [alice, ...others] = history.peers;
    const frank = others.pop();
    if (alice === undefined || frank === undefined) throw new Error('six peers');
    const five: ReadonlyArray<Peer> = [alice, ...others];
    for (const { name } of others) await setLevel(history, alice, { name, level: 'admin' });
    await world.run(10_000);
    net.partition(history.peers.map(({ name }) => [name]));
    await world.run(5000);
    for (const peer of five) await remove(history, peer, 'frank');
    await world.run(5000);
    const said: string[] = [];
    const everySay = (what: string): void => {
      for (const peer of five) {
        said.push(`${peer.name}: ${peer.name} ${what}`);
        history.say(peer, `${peer.name} ${what}`);
      }
    };
    everySay('alone');
    await world.run(30_000);
    net.heal();
    await world.run(60_000);
    everySay('together');
    await world.run(60_000);
    for (const peer of five) {
      expect(peer.texts).toEqual(alice.texts);
      expect(peer.texts.toSorted()).toEqual(said.toSorted());
      expect(namesSeenBy(peer)).toEqual(['alice', 'bob', 'carol', 'dave', 'erin']);
      for (const { delivery } of peer.messages.filter((message) => message.author.isMe)) {
        expect(delivery).toMatchObject({ state: 'delivered', haveCount: 4 });
      }
    }
    expect(frank.texts).toEqual([]);
    expect(net.witness.violations).toEqual([]);
  },
  60_000,
);
