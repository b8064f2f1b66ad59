/** What somebody who has a link, and was not let in, reads of the group it leads to. */
import { expect, test } from 'vitest';
import { utf8ToBytes } from '../../src/base/bytes.ts';
import { encodeCanonical } from '../../src/protocol/cbor.ts';
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { begin } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';
import { readLinkRoom } from '../support/link-room.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { must } from '../support/writers.ts';

const isJoined = (peer: Peer): boolean =>
  peer.state?.joins.some(({ stage }) => stage === 'joined') === true;

const holds = (bytes: Uint8Array, word: string): boolean =>
  Buffer.from(bytes).includes(utf8ToBytes(word));

test('[WE6] the welcome of who was approved tells nobody else who has the link of the group', async () => {
  const world = new World(71);
  const net = new Internet(world, { ...noFaults });
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => new Peer(net, name));
  if (!alice || !bob || !carol) throw new Error('three peers');
  for (const peer of [alice, bob, carol]) await begin(peer);
  const group = { type: 'CreateGroup', name: 'Secret garden' } as const;
  const { conversationId } = must(await alice.do(group));
  const target = { kind: 'conversation', conversationId } as const;
  const linkOf = async (isOpen: boolean): Promise<string> =>
    must(await alice.do({ type: 'PrepareInvite', target, isOpen })).link;
  const letIn = async (peer: Peer, link: string): Promise<void> => {
    must(await peer.do({ type: 'Join', link }));
    const isAsked = (): boolean => (alice.state?.requests.length ?? 0) > 0;
    expect(await world.run(60_000, isAsked)).toBe(true);
    const requestId = alice.state?.requests[0]?.requestId ?? '';
    must(await alice.do({ type: 'Decide', requestId, isApproved: true }));
    expect(await world.run(60_000, () => isJoined(peer))).toBe(true);
  };
  const link = await linkOf(false);
  await letIn(carol, link);
  await letIn(bob, link);
  await world.run(10_000);

  const entries = await (await readLinkRoom(net.mailbox, link)).open();
  const types = new Set(entries.map(({ body }) => body.type));
  expect(types).toContain('request'); // it was opened
  expect(entries.some(({ body }) => holds(encodeCanonical(body.payload), 'bob'))).toBe(true);
  const tells = entries.filter(({ body }) => holds(encodeCanonical(body.payload), 'Secret garden'));
  expect(tells.map(({ body }) => body.type)).toEqual([]);

  // An open link lets anybody in: there its welcome may be read.
  const open = await linkOf(true);
  await world.run(10_000);
  const inOpen = await (await readLinkRoom(net.mailbox, open)).open();
  expect(inOpen.some(({ body }) => holds(encodeCanonical(body.payload), 'Secret garden'))).toBe(
    true,
  );
});
