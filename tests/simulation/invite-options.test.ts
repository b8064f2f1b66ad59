import { expect, test } from 'vitest';
import { closedFor, namesSeenBy, setLevel } from './members.ts';
import { Peer } from './peer.ts';
import { History } from './run.ts';
import { begin } from './workload.ts';

const hourMs = 3_600_000;

test('[IV1, IV2] links are what was asked for, one for each choice, and only who may makes them', async () => {
  const history = new History(41, { messages: 0, isHarsh: false, peers: 3 });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob] = history.peers;
  if (alice === undefined || bob === undefined) throw new Error('two peers');
  const targetOf = (peer: Peer) => {
    const conversationId = history.ids.get(peer) ?? '';
    return { kind: 'conversation', conversationId } as const;
  };
  const prepare = (peer: Peer, level: 'admin' | 'member' | 'reader', isOpen = false) =>
    peer.do({
      type: 'PrepareInvite',
      target: targetOf(peer),
      isOpen,
      options: { level, usesMax: 1, lifeMs: hourMs },
    });

  const reader = await prepare(alice, 'reader');
  if (!reader.ok) throw new Error(reader.error);
  expect(reader.value.options).toEqual({ level: 'reader', usesMax: 1, lifeMs: hourMs });
  expect(await prepare(alice, 'reader')).toEqual(reader);
  const other = await prepare(alice, 'member');
  expect(other).toMatchObject({ ok: true });
  expect(other).not.toEqual(reader);
  expect(await prepare(alice, 'admin')).toMatchObject({ ok: true });
  expect(await prepare(alice, 'admin', true)).toEqual({ ok: false, error: 'not-allowed' });
  await setLevel(history, alice, { name: 'bob', level: 'admin' });
  await history.world.run(5000);
  expect(await prepare(bob, 'admin')).toEqual({ ok: false, error: 'not-allowed' });
  expect(await prepare(bob, 'member')).toMatchObject({ ok: true });
  for (const [usesMax, lifeMs] of [
    [0, hourMs],
    [1, 0],
    [1.5, hourMs],
    [1, 366 * 24 * hourMs],
  ] as const) {
    const options = { level: 'member', usesMax, lifeMs } as const;
    const refused = await alice.do({
      type: 'PrepareInvite',
      target: targetOf(alice),
      isOpen: false,
      options,
    });
    expect(refused).toEqual({ ok: false, error: 'too-many' });
  }

  const dave = new Peer(history.net, 'dave');
  await begin(dave);
  await dave.do({ type: 'Join', link: reader.value.link });
  await history.world.run(30_000, () => (alice.state?.requests.length ?? 0) > 0);
  const requestId = alice.state?.requests[0]?.requestId ?? '';
  await alice.do({ type: 'Decide', requestId, isApproved: true });
  await history.world.run(20_000);
  expect(namesSeenBy(alice)).toContain('dave');
  const group = dave.state?.conversations.find(({ kind }) => kind === 'group');
  expect(group?.closed).toEqual({ kind: 'reader' });
  expect(closedFor(history, alice)).toBeUndefined();
});
