import { describe, expect, test } from 'vitest';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { introduce } from './workload.ts';

describe('two peers', () => {
  test('[SM1] meet by an invite, both approve and write, and each has what the other wrote', async () => {
    const world = new World(1);
    const net = new Internet(world, noFaults);
    const alice = new Peer(net, 'alice');
    const bob = new Peer(net, 'bob');
    const pair = await introduce(world, alice, bob);
    await alice.open(pair.alice);
    await bob.open(pair.bob);
    expect(
      await alice.do({ type: 'SendMessage', conversationId: pair.alice, text: 'hello' }),
    ).toMatchObject({ ok: true });
    await world.run(5000, () => bob.texts.includes('alice: hello'));
    expect(bob.texts).toEqual(['alice: hello']);
    await bob.do({ type: 'SendMessage', conversationId: pair.bob, text: 'hi alice' });
    await world.run(5000, () => alice.texts.includes('bob: hi alice'));
    expect(alice.texts).toEqual(['alice: hello', 'bob: hi alice']);
    await world.run(2000);
    expect(alice.messages[0]?.delivery).toEqual({
      state: 'delivered',
      haveCount: 1,
      peopleCount: 1,
    });
  });
});
