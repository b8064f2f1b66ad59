/** What a review of the core found about epochs, each as the test that failed before it was fixed. */
import { describe, expect, test } from 'vitest';
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { begin } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';

const selfId = (peer: Peer): string => {
  const id = peer.state?.conversations.find(({ kind }) => kind === 'self')?.id;
  if (id === undefined) throw new Error('Notes to self are there from the start');
  return id;
};

const restart = async (world: World, peer: Peer): Promise<void> => {
  await world.run(5000); // everything is on disk, the journal is empty
  await peer.crash();
  peer.start();
  await world.run(5000);
};

describe('[EH1] epochs that are held', () => {
  test('[EH1] an epoch stays in its segment over restarts, also when later segments were begun', async () => {
    const world = new World(1);
    const peer = new Peer(new Internet(world, noFaults), 'alice');
    await begin(peer);
    await world.run(1000);
    const count = 200; // of 24 KiB: three epochs, each in a segment of its own
    const text = 'x'.repeat(24_000);
    for (let i = 0; i < count; i++) {
      const sent = await peer.do({
        type: 'SendMessage',
        conversationId: selfId(peer),
        text: `${String(i)} ${text}`,
      });
      expect(sent.ok).toBe(true);
    }
    await restart(world, peer);
    await restart(world, peer);
    await peer.open(selfId(peer));
    for (let i = 0; i < 7; i++) {
      await peer.do({ type: 'ShowEarlier', conversationId: selfId(peer) });
    }
    expect(peer.messages.length).toBe(count);
  }, 120_000);
});
