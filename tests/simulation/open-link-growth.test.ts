/** What lies in the room of an open link while many people come in by it, one after the other. */
import { expect, test } from 'vitest';
import { readLinkRoom } from '../support/link-room.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { must } from '../support/writers.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { begin, groupId } from './workload.ts';
import { World } from './world.ts';

const joinersCount = 12;

const isJoined = (peer: Peer): boolean =>
  peer.state?.joins.some(({ stage }) => stage === 'joined') === true;

test('[MB17] the room of an open link grows by what came, and whoever comes last knows all of it', async () => {
  const world = new World(61);
  const net = new Internet(world, { ...noFaults });
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  const alice = new Peer(net, 'alice');
  await begin(alice);
  const { conversationId } = must(await alice.do({ type: 'CreateGroup', name: 'garden' }));
  await alice.open(conversationId);
  const target = { kind: 'conversation', conversationId } as const;
  const { link } = must(await alice.do({ type: 'PrepareInvite', target, isOpen: true }));
  await world.run(5000);
  const join = async (name: string): Promise<Peer> => {
    const peer = new Peer(net, name);
    await begin(peer);
    must(await peer.do({ type: 'Join', link }));
    expect(await world.run(60_000, () => isJoined(peer))).toBe(true);
    await world.run(5000);
    return peer;
  };
  for (let i = 0; i < joinersCount; i++) await (await join(`joiner ${i}`)).crash();
  const [most = 0, ...others] = (await readLinkRoom(net.mailbox, link)).byteCounts;
  expect(others).toHaveLength(joinersCount);
  // The founder's, who says who is in: not all of it again for each of them.

  expect(most).toBeLessThan(64 * 1024);

  const first = alice.details?.members.find(({ person }) => person.name === 'joiner 0');
  must(
    await alice.do({
      type: 'SetLevel',
      conversationId,
      personId: first?.person.id ?? '',
      level: 'admin',
    }),
  );
  await world.run(10_000);
  await alice.crash();
  const last = await join('last');
  await last.open(groupId(last));
  await world.run(1000);
  expect(last.details?.members).toHaveLength(joinersCount + 2);
  const promoted = last.details?.members.find(({ person }) => person.name === 'joiner 0');
  expect(promoted?.level).toBe('admin');
});
