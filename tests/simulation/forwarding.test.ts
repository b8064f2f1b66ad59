/** Who carries what somebody wrote, over links without gossip and to the mailbox. */
import { expect, test } from 'vitest';
import { decodeMailboxRequest } from '../../src/protocol/mailbox-frames.ts';
import { encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { limits } from '../../src/protocol/limits.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { envelopesIn } from '../support/whole-state.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { formGroup } from './workload.ts';

const names = ['alice', 'bob', 'carol', 'dave'] as const;

/** A group over links that gossip does not cross; what lies in the relay's mailbox is counted, too. */
const setup = async (seed: number, hasMailbox = false) => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults, relayedPercent: 100 });
  const mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  /** Each time an entry goes to somebody, by whom and to whom. */
  const ways: string[] = [];
  const note = (way: string, frame: Uint8Array): void => {
    ways.push(...envelopesIn(frame).map(() => way));
  };
  net.arriving = (frame, { from, to, by }) => {
    if (by === 'link') note(`${from} ${to}`, frame);
    return frame.slice();
  };
  const counted = {
    status: mailbox.status,
    answer: (request: Uint8Array, from: string) => {
      const decoded = decodeMailboxRequest(request);
      if (decoded.ok && decoded.value.t === 'put') {
        note(`${from} mailbox`, encodeSyncFrame({ t: 'update', update: decoded.value.update }));
      }
      return mailbox.answer(request, from);
    },
  };
  if (hasMailbox) net.mailbox = counted;
  const peers = names.map((name) => new Peer(net, name));
  const ids = await formGroup(world, peers, true);
  for (const [peer, id] of ids) await peer.open(id);
  const [alice, bob, carol, dave] = peers;
  if (!alice || !bob || !carol || !dave) throw new Error('four peers');
  const say = (peer: Peer, text: string) =>
    peer.do({ type: 'SendMessage', conversationId: ids.get(peer) ?? '', text });
  for (const peer of peers) await say(peer, 'hello'); // the first entry of a log comes with its bind
  await world.run(30_000);
  ways.length = 0;
  return { world, net, peers, alice, bob, carol, dave, say, ways };
};

test('[FW1] where all are linked an entry goes over each link of its writer, and over no other', async () => {
  const { world, peers, alice, bob, say, ways } = await setup(31);
  await say(alice, 'once');
  await world.run(500);
  await say(bob, 'twice');
  await world.run(1000);
  for (const peer of peers) expect(peer.texts.slice(4)).toEqual(['alice: once', 'bob: twice']);
  await world.run(10_000);
  const others = (name: string) => names.filter((other) => other !== name);
  expect(ways.filter((way) => !way.endsWith('mailbox')).sort()).toEqual(
    [
      ...others('alice').map((to) => `alice ${to}`),
      ...others('bob').map((to) => `bob ${to}`),
    ].sort(),
  );
});

test('[FW1] whom the writer does not reach gets it from the others, and soon', async () => {
  const { world, net, alice, carol, say } = await setup(32);
  // Alice and carol see bob and dave, and not each other.
  net.partition([['alice'], ['carol']]);
  await world.run(10_000);
  await say(alice, 'round the corner');
  await world.run(2 * limits.forwardDelayMs + 100);
  expect(carol.texts).toContain('alice: round the corner');
  net.heal();
});

test('[MB26] each leaves in the mailbox what it wrote, and with the next poll what is not there', async () => {
  const { world, alice, bob, carol, say, ways } = await setup(33, true);
  await say(alice, 'mine');
  await say(bob, 'mine, too');
  await world.run(2000);
  const left = () => ways.filter((way) => way.endsWith('mailbox'));
  expect(left().sort()).toEqual(['alice mailbox', 'bob mailbox']);
  ways.length = 0;
  // Written by alice, who is gone before she could leave it.
  await say(alice, 'good bye');
  await world.run(100);
  expect(carol.texts).toContain('alice: good bye');
  await alice.crash();
  await world.run(2 * limits.mailboxPollMs);
  expect(left().length).toBeGreaterThan(0);
});
