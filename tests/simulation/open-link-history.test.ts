/** What an open link with history gives from the mailbox alone: nobody else is online. */
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/protocol/limits.ts';
import { readLinkRoom } from '../support/link-room.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { must } from '../support/writers.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { begin, groupId } from './workload.ts';
import { World } from './world.ts';

const options = { level: 'member', usesMax: 100, lifeMs: limits.inviteLifeMaxMs } as const;

const setup = async (seed: number) => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => new Peer(net, name));
  if (!alice || !bob || !carol) throw new Error('three peers');
  for (const peer of [alice, bob, carol]) await begin(peer);
  const { conversationId } = must(await alice.do({ type: 'CreateGroup', name: 'garden' }));
  await world.run(1000);
  await alice.open(conversationId);
  const target = { kind: 'conversation', conversationId } as const;
  const linkFor = async (history: 'none' | 'all'): Promise<string> => {
    const made = must(
      await alice.do({ type: 'PrepareInvite', target, isOpen: true, history, options }),
    );
    await world.run(5000);
    return made.link;
  };
  const say = async (peer: Peer, ...texts: ReadonlyArray<string>): Promise<void> => {
    for (const text of texts) {
      must(await peer.do({ type: 'SendMessage', conversationId: groupId(peer), text }));
    }
    await world.run(10_000);
  };
  const join = async (peer: Peer, link: string): Promise<void> => {
    must(await peer.do({ type: 'Join', link }));
    const isJoined = (): boolean =>
      peer.state?.joins.some(({ stage }) => stage === 'joined') === true;
    expect(await world.run(60_000, isJoined)).toBe(true);
    await peer.open(groupId(peer));
  };
  const sees = async (peer: Peer, ...texts: ReadonlyArray<string>): Promise<void> => {
    await world.run(200_000, () => peer.texts.length >= texts.length);
    expect(peer.texts).toEqual(texts);
  };
  return { world, net, alice, bob, carol, conversationId, linkFor, say, join, sees };
};

describe('[MB19] an open link with history, while nobody is there', () => {
  test('gives what was written before it', async () => {
    const { alice, carol, linkFor, say, join, sees } = await setup(71);
    await say(alice, 'one', 'two', 'three');
    const link = await linkFor('all');
    await alice.crash();
    await join(carol, link);
    await sees(carol, 'alice: one', 'alice: two', 'alice: three');
  });

  test('gives what was written after it', async () => {
    const { alice, carol, linkFor, say, join, sees } = await setup(72);
    await say(alice, 'one');
    const link = await linkFor('all');
    await say(alice, 'two', 'three');
    await alice.crash();
    await join(carol, link);
    await sees(carol, 'alice: one', 'alice: two', 'alice: three');
  });

  test('gives what several epochs hold', async () => {
    const { world, alice, bob, carol, linkFor, say, join, sees } = await setup(73);
    await say(alice, 'one');
    await join(bob, await linkFor('none'));
    await world.run(10_000);
    await say(bob, 'two');
    await say(alice, 'three');
    const link = await linkFor('all');
    await say(bob, 'four');
    await say(alice, 'five');
    const { texts } = alice; // in everybody's order
    expect(texts).toHaveLength(5);
    await alice.crash();
    await bob.crash();
    await join(carol, link);
    await sees(carol, ...texts);
  });

  test('gives what many epochs hold that were made after it, also by an ordinary member', async () => {
    const { world, alice, bob, carol, linkFor, say, join, sees } = await setup(76);
    await join(bob, await linkFor('none'));
    const link = await linkFor('all');
    await world.run(10_000);
    for (const peer of [alice, bob, bob, alice]) {
      for (const each of [alice, bob]) each.skewMs += limits.epochAgeMaxMs + 1000;
      await say(peer, `week ${String(alice.texts.length)}`);
    }
    await alice.crash();
    bob.skewMs += limits.epochAgeMaxMs;
    await say(bob, 'alone');
    const { texts } = bob;
    expect(texts).toHaveLength(5);
    await bob.crash();
    await join(carol, link);
    await sees(carol, ...texts);
  });

  test('gives what somebody wrote who came in by it before, while nobody was there either', async () => {
    const { alice, bob, carol, linkFor, say, join, sees } = await setup(77);
    await say(alice, 'one');
    const link = await linkFor('all');
    await alice.crash();
    await join(bob, link);
    await sees(bob, 'alice: one');
    await say(bob, 'two');
    await bob.crash();
    await join(carol, link);
    await sees(carol, 'alice: one', 'bob: two');
  });

  test('lets in who writes, and the others see them and the message when they come back', async () => {
    const { world, alice, carol, conversationId, linkFor, say, join, sees } = await setup(78);
    await say(alice, 'one');
    const link = await linkFor('all');
    await alice.crash();
    await join(carol, link);
    await sees(carol, 'alice: one');
    await say(carol, 'two');
    await carol.crash();
    alice.start();
    await world.run(1000);
    await alice.open(conversationId);
    await sees(alice, 'alice: one', 'carol: two');
    const people = () => alice.details?.members.map(({ person }) => person.name).sort();
    expect(await world.run(60_000, () => people()?.length === 2)).toBe(true);
    expect(people()).toEqual(['alice', 'carol']);
  });

  test('gives nothing that was written after somebody went, who may have it too', async () => {
    const { world, alice, bob, carol, linkFor, say, join, sees } = await setup(79);
    await join(bob, await linkFor('none'));
    const link = await linkFor('all');
    await say(alice, 'one');
    must(await bob.do({ type: 'Leave', conversationId: groupId(bob) }));
    await world.run(10_000);
    await bob.crash();
    await say(alice, 'two');
    await alice.crash();
    await join(carol, link);
    await sees(carol, 'alice: one');
    await world.run(60_000);
    await sees(carol, 'alice: one');
    alice.start(); // members who are there hand it over
    await world.run(60_000, () => carol.texts.length > 1);
    await sees(carol, 'alice: one', 'alice: two');
  });

  test('gives what was written after a restart of who made it', async () => {
    const { world, alice, carol, conversationId, linkFor, say, join, sees } = await setup(74);
    await say(alice, 'one');
    const link = await linkFor('all');
    await alice.crash();
    alice.start();
    await world.run(10_000, () => alice.state?.phase === 'ready');
    await world.run(1000);
    await alice.open(conversationId);
    await say(alice, 'two');
    await alice.crash();
    await join(carol, link);
    await sees(carol, 'alice: one', 'alice: two');
  });

  test('is told once, not again by the next session of who made it', async () => {
    const { world, net, alice, linkFor, say } = await setup(80);
    await say(alice, 'one');
    const link = await linkFor('all');
    await say(alice, 'two');
    const { byteCounts } = await readLinkRoom(net.mailbox, link);
    await alice.crash();
    alice.start();
    await world.run(60_000);
    expect((await readLinkRoom(net.mailbox, link)).byteCounts).toEqual(byteCounts);
  });

  test('gives what many epochs hold, though members stopped looking into the oldest', async () => {
    const { alice, bob, carol, linkFor, say, join, sees } = await setup(75);
    await join(bob, await linkFor('none'));
    const texts: string[] = [];
    for (let i = 0; i < 8; i++) {
      alice.skewMs += limits.epochAgeMaxMs + 1000; // an epoch of its own
      await say(alice, `week ${String(i)}`);
      texts.push(`alice: week ${String(i)}`);
    }
    await bob.crash();
    const link = await linkFor('all');
    await alice.crash();
    await join(carol, link);
    await sees(carol, ...texts);
  });

  test('[LA3] [LA4] and what newcomers write who can read nothing from before stands at the end', async () => {
    const { world, alice, bob, carol, linkFor, say, join, sees } = await setup(81);
    await say(alice, 'zero');
    const link = await linkFor('none');
    await say(alice, ...Array.from({ length: 12 }, (_, i) => `number ${String(i)}`));
    const before = alice.texts;
    await join(bob, link); // while she is there
    await say(bob, 'good morning');
    await sees(alice, ...before, 'bob: good morning');
    await alice.crash();
    await bob.crash();
    await join(carol, link);
    await say(carol, 'good evening');
    alice.start();
    await world.run(5000);
    await alice.open(groupId(alice));
    await sees(alice, ...before, 'bob: good morning', 'carol: good evening');
  });

  test('[DL6] who came later is waited for by nobody, and has not read what is closed to them', async () => {
    const { world, alice, bob, carol, linkFor, say, join } = await setup(82);
    const link = await linkFor('none');
    await say(alice, 'alone');
    await join(bob, link);
    await world.run(10_000); // she hears of him
    await say(alice, 'hello bob');
    await bob.do({ type: 'MarkRead', conversationId: groupId(bob) });
    await world.run(20_000);
    const seen = () => alice.messages.map(({ text, delivery }) => ({ text, ...delivery }));
    const nobody = { haveCount: 0, peopleCount: 0, isForNobody: true };
    const alone = { text: 'alone', state: 'parked', ...nobody };
    const helloBob = { text: 'hello bob', state: 'read', haveCount: 1, peopleCount: 1 };
    expect(seen()).toEqual([alone, helloBob]);
    await join(carol, await linkFor('none'));
    await world.run(20_000);
    expect(alice.details?.members).toHaveLength(3);
    expect(seen()).toEqual([alone, helloBob]);
    await say(alice, 'hello both');
    expect(seen().at(-1)).toMatchObject({ haveCount: 2, peopleCount: 2 });
  });

  test('[RM4] newcomers are told what was done before them in its order', async () => {
    const { alice, bob, linkFor, join } = await setup(86);
    const link = await linkFor('none');
    await alice.crash();
    await join(bob, link);
    const told = bob.items.flatMap((item) => (item.type === 'notice' ? [item.notice.kind] : []));
    expect(told).toEqual(['created', 'joined']);
  });

  test('[RU4] what was read stays so when its reader goes', async () => {
    const { world, alice, bob, linkFor, say, join } = await setup(182);
    await join(bob, await linkFor('none'));
    await world.run(10_000); // she hears of him
    await say(alice, 'hello bob');
    await bob.do({ type: 'MarkRead', conversationId: groupId(bob) });
    await world.run(20_000);
    expect(alice.messages.at(-1)?.delivery?.state).toBe('read');
    must(await bob.do({ type: 'Leave', conversationId: groupId(bob) }));
    await world.run(20_000);
    expect(alice.messages.at(-1)?.delivery?.state).toBe('read');
  });
});
