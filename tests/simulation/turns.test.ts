import { expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { envelopesIn } from '../support/whole-state.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { introduce } from './workload.ts';

test('[SR2] two people: an answer after a day, and no other message, begins a new epoch', async () => {
  const world = new World(31);
  const net = new Internet(world, noFaults);
  const mailboxes = new Set<string>();
  net.arriving = (frame, { by }) => {
    if (by === 'gossip')
      for (const { mailbox } of envelopesIn(frame)) mailboxes.add(toHex(mailbox));
    return frame.slice();
  };
  const [alice, bob] = [new Peer(net, 'alice'), new Peer(net, 'bob')];
  const ids = await introduce(world, alice, bob);
  await alice.open(ids.alice);
  await bob.open(ids.bob);
  const say = async (peer: Peer, conversationId: string, text: string): Promise<number> => {
    mailboxes.clear();
    await peer.do({ type: 'SendMessage', conversationId, text });
    await world.run(5000);
    return mailboxes.size;
  };
  await say(alice, ids.alice, 'good morning');
  const [first] = mailboxes;
  await world.run(25 * 60 * 60_000);
  await say(alice, ids.alice, 'are you there?');
  expect([...mailboxes]).toEqual([first]);
  await say(bob, ids.bob, 'now I am');
  expect([...mailboxes]).not.toContain(first);
  expect(alice.texts).toEqual(['alice: good morning', 'alice: are you there?', 'bob: now I am']);
}, 60_000);
