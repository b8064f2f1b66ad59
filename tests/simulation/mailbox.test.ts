import { describe, expect, test } from 'vitest';
import { decodeEnvelope } from '../../src/protocol/envelope.ts';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { begin, directId, groupId, introduce } from './workload.ts';

const setup = (seed: number, ...names: ReadonlyArray<string>) => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  const { backend } = world;
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend });
  return { world, net, peers: names.map((name) => new Peer(net, name)) };
};

const two = (seed: number) => {
  const { world, net, peers } = setup(seed, 'alice', 'bob');
  const [alice, bob] = peers;
  if (!alice || !bob) throw new Error('two peers');
  return { world, net, alice, bob };
};

/** Starts a device that was switched off and looks at its conversation. */
const comeBack = async (world: World, peer: Peer, id: string): Promise<void> => {
  peer.start();
  const isThere = (): boolean => peer.state?.conversations.some((c) => c.id === id) === true;
  expect(await world.run(30_000, isThere)).toBe(true);
  await peer.open(id);
};

const say = async (peer: Peer, conversationId: string, text: string): Promise<void> => {
  expect(await peer.do({ type: 'SendMessage', conversationId, text })).toMatchObject({ ok: true });
};

const stateOf = (peer: Peer, text: string) =>
  peer.messages.find((message) => message.text === text)?.delivery?.state;

describe('two people who are never there at the same time', () => {
  test('[MB8] talk through the mailbox: saved, parked, and delivered once an answer tells so', async () => {
    const { world, alice, bob } = two(11);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'are you there?');
    expect(stateOf(alice, 'are you there?')).toBe('saved');
    expect(await world.run(10_000, () => stateOf(alice, 'are you there?') === 'parked')).toBe(true);
    await alice.crash();

    await comeBack(world, bob, pair.bob);
    expect(await world.run(30_000, () => bob.texts.includes('alice: are you there?'))).toBe(true);
    await say(bob, pair.bob, 'I was away');
    expect(await world.run(10_000, () => stateOf(bob, 'I was away') === 'parked')).toBe(true);
    await bob.crash();

    await comeBack(world, alice, pair.alice);
    expect(stateOf(alice, 'are you there?')).toBe('parked');
    expect(await world.run(30_000, () => alice.texts.includes('bob: I was away'))).toBe(true);
    expect(alice.texts).toEqual(['alice: are you there?', 'bob: I was away']);
    expect(await world.run(5000, () => stateOf(alice, 'are you there?') === 'delivered')).toBe(
      true,
    );
    await comeBack(world, bob, pair.bob);
    expect(await world.run(60_000, () => stateOf(bob, 'I was away') === 'delivered')).toBe(true);
    expect([...alice.violations, ...bob.violations]).toEqual([]);
  });

  test('[MB8] [WI1] a mailbox that has it is nobody who has it, and yet another place', async () => {
    const { world, alice, bob } = two(12);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'only there');
    await world.run(10 * 60_000);
    expect(alice.messages.at(-1)?.delivery).toEqual({
      state: 'parked',
      haveCount: 0,
      peopleCount: 1,
    });
    expect(alice.details?.safety).toMatchObject({
      ownCount: 1,
      onlyHereCount: 0,
      fullDeviceCount: 0,
    });
  });

  test('[DL4] what no mailbox has confirmed for 30 days is not said to lie in one', async () => {
    const { world, net, alice, bob } = two(17);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'still there?');
    expect(await world.run(10_000, () => stateOf(alice, 'still there?') === 'parked')).toBe(true);
    const key = alice.messages.at(-1)?.key ?? '';
    const stateNow = async () => {
      const looked = await alice.do({ type: 'InspectMessage', conversationId: pair.alice, key });
      return looked.ok && looked.value.item.delivery?.state;
    };
    alice.skewMs = 40 * 86_400_000; // by her clock the time is over: it is asked, and says so again
    await world.run(60_000);
    expect(await stateNow()).toBe('parked');
    net.isRelayUp = false;
    alice.network?.reconsider();
    alice.skewMs += 40 * 86_400_000;
    await world.run(60_000);
    expect(await stateNow()).toBe('saved');
    net.isRelayUp = true;
    alice.network?.reconsider();
    await world.run(60_000);
    expect(await stateNow()).toBe('parked');
  });

  test('[MB9] with neither a person nor a mailbox nothing is appended; with one of them it is', async () => {
    const { world, net, alice, bob } = two(13);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    net.isRelayUp = false;
    alice.network?.reconsider();
    await world.run(1000);
    const before = net.witness.entryCount;
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'later');
    await world.run(10 * 60_000);
    expect(stateOf(alice, 'later')).toBe('saved');
    net.isRelayUp = true;
    alice.network?.reconsider();
    expect(await world.run(30_000, () => stateOf(alice, 'later') === 'parked')).toBe(true);
    expect(net.witness.entryCount).toBeGreaterThan(before);
  });

  test('[MB9] what a mailbox holds is read before anything is written', async () => {
    const { world, net, alice, bob } = two(14);
    const pair = await introduce(world, alice, bob);
    await alice.crash();
    await bob.open(pair.bob);
    const texts = ['one', 'two', 'three'];
    for (const text of texts) await say(bob, pair.bob, text);
    expect(await world.run(10_000, () => stateOf(bob, 'three') === 'parked')).toBe(true);
    await bob.crash();

    net.isRelayUp = false;
    alice.start();
    await say(alice, pair.alice, 'last');
    await alice.open(pair.alice);
    await world.run(60_000);
    net.isRelayUp = true;
    alice.network?.reconsider();
    expect(await world.run(30_000, () => stateOf(alice, 'last') === 'parked')).toBe(true);
    // Appended any sooner, it would stand among those that it did not know.
    expect(alice.texts).toEqual(['bob: one', 'bob: two', 'bob: three', 'alice: last']);
  });

  test('[MB13] without a mailbox they wait for each other, as ever', async () => {
    const { world, net, alice, bob } = two(15);
    net.mailbox = undefined;
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'hello');
    await world.run(10 * 60_000);
    expect(stateOf(alice, 'hello')).toBe('saved');
    await comeBack(world, bob, pair.bob);
    expect(await world.run(60_000, () => bob.texts.includes('alice: hello'))).toBe(true);
  });

  test('[MB10] a mailbox that was emptied is filled again by who still has it', async () => {
    const { world, net, alice, bob } = two(16);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'once more');
    expect(await world.run(10_000, () => stateOf(alice, 'once more') === 'parked')).toBe(true);
    net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
    await world.run(60_000);
    await alice.crash();
    await comeBack(world, bob, pair.bob);
    expect(await world.run(30_000, () => bob.texts.includes('alice: once more'))).toBe(true);
  });
});

const isJoined = (peer: Peer): boolean =>
  peer.state?.joins.some(({ stage }) => stage === 'joined') === true;

/** A group of the first, who prepares a link to it. */
const groupWithLink = async (world: World, founder: Peer, isOpen: boolean) => {
  const created = await founder.do({ type: 'CreateGroup', name: 'garden' });
  if (!created.ok) throw new Error(created.error);
  const { conversationId } = created.value;
  const target = { kind: 'conversation', conversationId } as const;
  const invite = await founder.do({ type: 'PrepareInvite', target, isOpen });
  if (!invite.ok) throw new Error(invite.error);
  await world.run(5000);
  return { conversationId, link: invite.value.link };
};

const join = async (world: World, peer: Peer, link: string): Promise<void> => {
  expect(await peer.do({ type: 'Join', link })).toMatchObject({ ok: true });
  expect(await world.run(60_000, () => isJoined(peer))).toBe(true);
};

const memberCount = (peer: Peer, id: string) =>
  peer.state?.conversations.find((conversation) => conversation.id === id)?.peopleCount;

const three = (seed: number) => {
  const { world, net, peers } = setup(seed, 'alice', 'bob', 'carol');
  const [alice, bob, carol] = peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { world, net, alice, bob, carol };
};

describe('coming in while nobody is there', () => {
  test('[MB11] an open link lets a newcomer in and write; the others see it when they are back', async () => {
    const { world, alice, bob, carol } = three(21);
    for (const peer of [alice, bob, carol]) await begin(peer);
    const { conversationId, link } = await groupWithLink(world, alice, true);
    await join(world, bob, link);
    await world.run(30_000, () => memberCount(alice, conversationId) === 2);
    await world.run(30_000);
    await alice.crash();
    await bob.crash();

    await join(world, carol, link);
    const carolsId = groupId(carol);
    await carol.open(carolsId);
    await say(carol, carolsId, 'anybody home?');
    const isParked = (): boolean => stateOf(carol, 'anybody home?') === 'parked';
    expect(await world.run(30_000, isParked)).toBe(true);
    expect(memberCount(carol, carolsId)).toBe(3);
    await carol.crash();

    // Not even the founder is there: an ordinary member finds the newcomer in the mailbox.
    bob.start();
    await world.run(1000, () => bob.state?.phase === 'ready');
    await bob.open(groupId(bob));
    const hasRead = (peer: Peer) => () => peer.texts.includes('carol: anybody home?');
    expect(await world.run(60_000, hasRead(bob))).toBe(true);
    expect(memberCount(bob, groupId(bob))).toBe(3);
    await say(bob, groupId(bob), 'welcome');
    expect(await world.run(30_000, () => stateOf(bob, 'welcome') === 'parked')).toBe(true);
    await bob.crash();

    await comeBack(world, alice, conversationId);
    expect(await world.run(60_000, hasRead(alice))).toBe(true);
    expect(await world.run(60_000, () => alice.texts.includes('bob: welcome'))).toBe(true);
    await alice.crash();
    await comeBack(world, carol, carolsId);
    expect(await world.run(60_000, () => carol.texts.includes('bob: welcome'))).toBe(true);
  });

  test('[MB18] who comes in with history reads it from the mailbox, though no member serves it', async () => {
    const { world, net, alice, bob, carol } = three(27);
    for (const peer of [alice, bob, carol]) await begin(peer);
    const first = await groupWithLink(world, alice, true);
    await join(world, bob, first.link);
    await world.run(30_000, () => memberCount(alice, first.conversationId) === 2);
    await alice.open(first.conversationId);
    for (const text of ['one', 'two', 'three']) await say(alice, first.conversationId, text);
    const target = { kind: 'conversation', conversationId: first.conversationId } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true, history: 'all' });
    if (!invite.ok) throw new Error(invite.error);
    await world.run(30_000);
    // Members hand the secrets over, and no entry: those come from nowhere but the mailbox.
    const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });
    net.arriving = (frame) => {
      const decoded = decodeSyncFrame(frame);
      const isUpdate = decoded.ok && decoded.value.t === 'update';
      return isUpdate || decodeEnvelope(frame).ok ? nothing : frame.slice();
    };

    await join(world, carol, invite.value.link);
    await carol.open(groupId(carol));
    const texts = ['alice: one', 'alice: two', 'alice: three'];
    expect(await world.run(60_000, () => carol.texts.length === 3)).toBe(true);
    expect(carol.texts).toEqual(texts);
  });

  test('[MB11] two newcomers, one after the other, find each other before anybody else is back', async () => {
    const { world, alice, bob, carol } = three(22);
    for (const peer of [alice, bob, carol]) await begin(peer);
    const { link } = await groupWithLink(world, alice, true);
    await alice.crash();
    await join(world, bob, link);
    await world.run(30_000);
    await bob.crash();
    await join(world, carol, link);
    expect(memberCount(carol, groupId(carol))).toBe(3);
    await carol.open(groupId(carol));
    await say(carol, groupId(carol), 'hello bob');
    await world.run(30_000);
    await carol.crash();
    bob.start();
    await world.run(1000, () => bob.state?.phase === 'ready');
    await bob.open(groupId(bob));
    expect(await world.run(60_000, () => bob.texts.includes('carol: hello bob'))).toBe(true);
  });

  test('[MB12] a request that waits for a yes says so, and completes without the joiner', async () => {
    const { world, alice, bob } = two(23);
    await begin(alice);
    await begin(bob);
    const { conversationId, link } = await groupWithLink(world, alice, false);
    await alice.crash();
    await bob.do({ type: 'Join', link });
    const stage = () => bob.state?.joins[0]?.stage;
    expect(await world.run(30_000, () => stage() === 'parked')).toBe(true);
    await world.run(60_000);
    expect(stage()).toBe('parked');
    await bob.crash();

    await comeBack(world, alice, conversationId);
    expect(await world.run(60_000, () => alice.state?.requests.length === 1)).toBe(true);
    const requestId = alice.state?.requests[0]?.requestId ?? '';
    await alice.do({ type: 'Decide', requestId, isApproved: true });
    await say(alice, conversationId, 'come in');
    expect(await world.run(30_000, () => stateOf(alice, 'come in') === 'parked')).toBe(true);
    await alice.crash();

    bob.start();
    expect(await world.run(60_000, () => isJoined(bob))).toBe(true);
    await bob.open(groupId(bob));
    expect(await world.run(60_000, () => bob.texts.includes('alice: come in'))).toBe(true);
  });

  test('[MB12] the same for two people, over a relay that was restarted in between', async () => {
    const { world, net, alice, bob } = two(24);
    await begin(alice);
    await begin(bob);
    const target = { kind: 'direct' } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: false });
    if (!invite.ok) throw new Error(invite.error);
    await world.run(5000);
    await alice.crash();
    await bob.do({ type: 'Join', link: invite.value.link });
    await world.run(30_000, () => bob.state?.joins[0]?.stage === 'parked');
    net.isRelayUp = false;
    for (const node of net.nodes.values()) node.reconsider();
    await world.run(60_000);
    net.isRelayUp = true;
    for (const node of net.nodes.values()) node.reconsider();
    await world.run(30_000, () => bob.state?.joins[0]?.stage === 'parked');
    await bob.crash();
    alice.start();
    expect(await world.run(60_000, () => alice.state?.requests.length === 1)).toBe(true);
    const requestId = alice.state?.requests[0]?.requestId ?? '';
    await alice.do({ type: 'Decide', requestId, isApproved: true });
    await world.run(30_000);
    await alice.crash();
    bob.start();
    expect(await world.run(60_000, () => isJoined(bob))).toBe(true);
    expect(directId(bob)).toBeDefined();
  });

  test('[MB11] a link that was taken back lets nobody in, whatever still lies in the mailbox', async () => {
    const { world, alice, bob } = two(26);
    await begin(alice);
    await begin(bob);
    const { link } = await groupWithLink(world, alice, true);
    const target = { kind: 'conversation', conversationId: groupId(alice) } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
    if (!invite.ok) throw new Error(invite.error);
    await alice.do({ type: 'RevokeInvite', inviteId: invite.value.inviteId });
    await world.run(5000);
    await alice.crash();
    await bob.do({ type: 'Join', link });
    expect(await world.run(60_000, () => isJoined(bob))).toBe(false);
  });

  test('[MB11] [RM3] nor does one that a removal took back', async () => {
    const { world, alice, bob, carol } = three(28);
    for (const peer of [alice, bob, carol]) await begin(peer);
    const { conversationId, link } = await groupWithLink(world, alice, true);
    await alice.open(conversationId);
    await join(world, bob, link);
    const hasBob = (): boolean => alice.details?.members.length === 2;
    expect(await world.run(30_000, hasBob)).toBe(true);
    await bob.crash();
    const { person } = alice.details?.members.find((member) => member.person.name === 'bob') ?? {};
    const removal = { type: 'Remove', conversationId, personId: person?.id ?? '' } as const;
    expect(await alice.do(removal)).toMatchObject({ ok: true });
    await world.run(10_000);
    await alice.crash();
    await carol.do({ type: 'Join', link });
    expect(await world.run(60_000, () => isJoined(carol))).toBe(false);
  });

  test('[MB11] a welcome that still holds is not written again by the next session', async () => {
    const { world, net, alice } = two(25);
    await begin(alice);
    const { conversationId } = await groupWithLink(world, alice, true);
    const bytes = net.mailbox?.status.bytes;
    expect(bytes).toBeGreaterThan(0);
    await alice.crash();
    await comeBack(world, alice, conversationId);
    await world.run(60_000);
    expect(net.mailbox?.status.bytes).toBe(bytes);
  });
});
