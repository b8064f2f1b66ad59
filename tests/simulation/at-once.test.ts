/** A message with nothing before it waits for one disk here and one there. */
import { expect, test } from 'vitest';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { begin, introduce } from './workload.ts';
import { World } from './world.ts';

const diskMs = 400;
const keepMs = 2 * diskMs; // written and flushed

const setup = async () => {
  const world = new World(17);
  const net = new Internet(world, { ...noFaults });
  const [alice, bob] = [new Peer(net, 'alice'), new Peer(net, 'bob')];
  const ids = await introduce(world, alice, bob);
  await alice.open(ids.alice);
  await bob.open(ids.bob);
  const say = (text: string) =>
    alice.execute({ type: 'SendMessage', conversationId: ids.alice, text });
  await say('before');
  await world.run(20_000);
  for (const { disk } of [alice, bob]) disk.faults.delayMs = diskMs;
  return { world, alice, bob, say };
};

test('[OB5] what is composed with nothing before it waits for two disks until others see it', async () => {
  const { world, alice, bob, say } = await setup();
  const startMs = world.nowMs;
  const said = say('quick');
  await world.run(10_000, () => alice.texts.includes('alice: quick'));
  expect(world.nowMs - startMs).toBeGreaterThanOrEqual(keepMs); // shown once it is kept
  await world.run(10_000, () => bob.texts.includes('alice: quick'));
  expect(world.nowMs - startMs).toBeLessThan(3 * keepMs);
  expect((await said).ok).toBe(true);
});

test('[OB5] what is composed while that is under way comes after it, in its order', async () => {
  const { world, bob, say } = await setup();
  const texts = Array.from({ length: 12 }, (_, i) => `number ${String(i)}`);
  const said = texts.map(say);
  await world.run(60_000, () => bob.texts.length > texts.length);
  expect((await Promise.all(said)).every(({ ok }) => ok)).toBe(true);
  expect(bob.texts).toEqual(['before', ...texts].map((text) => `alice: ${text}`));
});

test('[OB5] where the disk takes nothing it is refused, and shows nowhere', async () => {
  const { world, alice, bob, say } = await setup();
  alice.disk.faults.capacityBytes = alice.disk.usedBytes;
  const said = say('too much');
  await world.run(5000);
  expect(await said).toEqual({ ok: false, error: 'disk-full' });
  alice.disk.faults.capacityBytes = Infinity;
  const again = say('fits again');
  await world.run(60_000, () => bob.texts.includes('alice: fits again'));
  expect((await again).ok).toBe(true);
  expect(bob.texts).toEqual(['alice: before', 'alice: fits again']);
});

test('[IV4, WE7] people who are said yes to at once come in together, by one welcome', async () => {
  const world = new World(18);
  const net = new Internet(world, { ...noFaults });
  const names = ['alice', 'bob', 'carol', 'dave', 'erin'];
  const peers = names.map((name) => new Peer(net, name));
  for (const peer of peers) await begin(peer);
  const [alice, ...others] = peers;
  if (alice === undefined) throw new Error('five peers');
  const made = await alice.do({ type: 'CreateGroup', name: 'crowd' });
  if (!made.ok) throw new Error(made.error);
  const { conversationId } = made.value;
  const target = { kind: 'conversation', conversationId } as const;
  const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: false });
  if (!invite.ok) throw new Error(invite.error);
  for (const peer of others) await peer.do({ type: 'Join', link: invite.value.link });
  const requests = () => alice.state?.requests ?? [];
  await world.run(60_000, () => requests().length === others.length);
  const epochKeys = () => [...alice.disk.records().keys()].filter((key) => key.startsWith('e/'));
  const before = epochKeys().length;
  alice.disk.faults.delayMs = 5; // each yes is said before the first is carried out
  let bytes = 0;
  net.arriving = (frame) => {
    bytes += frame.length;
    return frame.slice();
  };
  const decided = requests().map(({ requestId }) =>
    alice.execute({ type: 'Decide', requestId, isApproved: true }),
  );
  const peopleAt = (peer: Peer) =>
    peer.state?.conversations.find(({ kind }) => kind === 'group')?.peopleCount;
  const areAllIn = () => peers.every((peer) => peopleAt(peer) === names.length);
  expect(await world.run(120_000, areAllIn)).toBe(true);
  expect((await Promise.all(decided)).every(({ ok }) => ok)).toBe(true);
  expect(epochKeys().length - before).toBe(1);
  expect(bytes).toBeLessThan(250_000); // a welcome for each would be twice as much
});
