/** How people are seen by those who come later into a large group; here three devices are many. */
import { expect, test, vi } from 'vitest';
import { limits } from '../../src/protocol/limits.ts';
import { conversationIdOf } from './members.ts';
import { Peer } from './peer.ts';
import { History } from './run.ts';
import { begin } from './workload.ts';

vi.mock('../../src/protocol/limits.ts', async (original) => {
  const real = await original<{ readonly limits: object }>();
  return { ...real, limits: { ...real.limits, smallGroupDevicesMax: 2 } };
});

test('[PF4] in a large group it goes with what one says, not more often than every few hours', async () => {
  const history = new History(5, { messages: 0, isHarsh: false, peers: 3 });
  await history.meet();
  await history.world.run(1000);
  const [alice] = history.peers;
  if (alice === undefined) throw new Error('no alice');
  await alice.do({ type: 'SetProfile', status: 'busy', picture: undefined });
  history.say(alice, 'hello');
  await history.world.run(5000);
  const dave = new Peer(history.net, 'dave');
  await begin(dave);
  const target = {
    kind: 'conversation',
    conversationId: conversationIdOf(history, alice),
  } as const;
  const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
  if (!invite.ok) throw new Error(invite.error);
  await dave.do({ type: 'Join', link: invite.value.link });
  const groupId = () => dave.state?.conversations.find(({ kind }) => kind === 'group')?.id;
  expect(await history.world.run(60_000, () => groupId() !== undefined)).toBe(true);
  await dave.open(groupId() ?? '');
  const statusSeen = () =>
    dave.details?.members.find(({ person }) => person.name === 'alice')?.person.status;
  await history.world.run(5000); // she hears of him
  history.say(alice, 'welcome');
  await history.world.run(15_000);
  expect(dave.texts).toEqual(['alice: welcome']);
  expect(statusSeen()).toBeUndefined();
  alice.skewMs = limits.profileAgainMs;
  await history.world.run(15_000);
  expect(statusSeen()).toBeUndefined(); // it waits until she says something
  history.say(alice, 'how are you?');
  await history.world.run(15_000);
  expect(dave.texts).toHaveLength(2);
  expect(statusSeen()).toBe('busy');
});
