import { describe, expect, test } from 'vitest';
import type { Person, Sharing } from '../../src/core/api.ts';
import { pngOf } from '../support/pictures.ts';
import { Peer } from './peer.ts';
import { History } from './run.ts';
import { begin } from './workload.ts';

const calm = { messages: 0, isHarsh: false } as const;
const everything: Sharing = { receipts: true, typing: true, presence: true };

const setup = async () => {
  const history = new History(3, { ...calm, peers: 3 });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  for (const peer of history.peers) history.say(peer, `hello from ${peer.name}`);
  await history.world.run(5000);
  const memberOf = (peer: Peer, name: string) => {
    const member = peer.details?.members.find(({ person }) => person.name === name);
    if (member === undefined) throw new Error(`${peer.name} sees no ${name}`);
    return member;
  };
  const seen = (peer: Peer, name: string): Person => memberOf(peer, name).person;
  const summary = (peer: Peer) =>
    peer.state?.conversations.find(({ id }) => id === history.ids.get(peer));
  return { history, alice, bob, carol, memberOf, seen, summary };
};

describe('how people want to be seen', () => {
  test('[PF3] status and picture reach the others, the picture once, and the latest holds', async () => {
    const { history, alice, bob, seen } = await setup();
    const picture = pngOf(64, 64);
    await alice.do({ type: 'SetProfile', status: ' in the\ngarden ', picture });
    await history.world.run(5000);
    const { id: personId, status, pictureId } = seen(bob, 'alice');
    expect(status).toBe('in the garden');
    expect(alice.state?.me).toMatchObject({ status, pictureId });
    const loaded = await bob.do({ type: 'LoadPicture', personId, pictureId: pictureId ?? '' });
    expect(loaded).toEqual({ ok: true, value: picture });
    expect(await bob.do({ type: 'LoadPicture', personId, pictureId: 'another' })).toMatchObject({
      ok: false,
    });
    await alice.do({ type: 'Rename', name: 'Alice B' });
    await history.world.run(5000);
    expect(seen(bob, 'Alice B')).toMatchObject({ status, pictureId });
    await alice.do({ type: 'SetProfile', status: '', picture: undefined });
    await history.world.run(5000);
    expect(seen(bob, 'Alice B').status).toBeUndefined();
    expect(seen(bob, 'Alice B').pictureId).toBeUndefined();
  });

  test('[PF1] what is no picture, or too long, is refused', async () => {
    const { alice } = await setup();
    const set = (status: string, picture?: Uint8Array) =>
      alice.do({ type: 'SetProfile', status, picture });
    expect(await set('', new Uint8Array(100))).toEqual({ ok: false, error: 'bad-picture' });
    expect(await set('', new Uint8Array(17 * 1024))).toEqual({ ok: false, error: 'too-long' });
    expect(await set('x'.repeat(141))).toEqual({ ok: false, error: 'too-long' });
    expect(await set('🌻'.repeat(140))).toMatchObject({ ok: true });
  });

  test('[PF4] who comes later is told, with what is written next', async () => {
    const { history, alice, seen } = await setup();
    await alice.do({ type: 'SetProfile', status: 'busy', picture: undefined });
    await history.world.run(3000);
    const dave = new Peer(history.net, 'dave');
    await begin(dave);
    const conversationId = history.ids.get(alice) ?? '';
    const target = { kind: 'conversation', conversationId } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
    if (!invite.ok) throw new Error(invite.error);
    await dave.do({ type: 'Join', link: invite.value.link });
    const groupOf = () => dave.state?.conversations.find(({ kind }) => kind === 'group')?.id;
    await history.world.run(60_000, () => groupOf() !== undefined);
    await dave.open(groupOf() ?? '');
    await history.world.run(5000);
    history.say(alice, 'welcome');
    await history.world.run(10_000);
    expect(dave.texts).toEqual(['alice: welcome']);
    expect(seen(dave, 'alice').status).toBe('busy');
  });

  test('[PR1] presence is mutual', async () => {
    const { history, alice, bob, carol, memberOf } = await setup();
    const presence = (peer: Peer, name: string) => memberOf(peer, name).presence.kind;
    expect(presence(bob, 'alice')).toBe('here');
    await alice.do({ type: 'SetSharing', sharing: { ...everything, presence: false } });
    await history.world.run(5000);
    expect(presence(bob, 'alice')).toBe('unknown');
    expect(presence(alice, 'bob')).toBe('unknown');
    expect(presence(bob, 'carol')).toBe('here');
    await alice.crash();
    alice.start();
    await history.reopen(alice);
    await history.world.run(5000);
    expect(alice.state?.sharing.presence).toBe(false);
    await alice.do({ type: 'SetSharing', sharing: everything });
    await history.world.run(5000);
    expect(presence(carol, 'alice')).toBe('here');
    expect(presence(alice, 'bob')).toBe('here');
  });

  test('[BK1] nothing is shown of who is blocked, until they no longer are', async () => {
    const { history, alice, bob, seen, summary, memberOf } = await setup();
    const personId = seen(bob, 'alice').id;
    await bob.do({ type: 'MarkRead', conversationId: history.ids.get(bob) ?? '' });
    bob.arrivals = [];
    expect(await bob.do({ type: 'Block', personId, isOn: true })).toMatchObject({ ok: true });
    await history.world.run(500);
    expect(bob.texts).not.toContain('alice: hello from alice');
    await history.world.run(20_000);
    history.say(alice, 'hey');
    await history.world.run(5000);
    await alice.do({ type: 'TellTyping', conversationId: history.ids.get(alice) ?? '' });
    await history.world.run(500);
    expect(bob.texts).not.toContain('alice: hey');
    expect(bob.arrivals).toEqual([]);
    expect(summary(bob)).toMatchObject({ unreadCount: 0, typing: [] });
    expect(summary(bob)?.lastLine?.text).not.toBe('hey');
    expect(memberOf(bob, 'alice').isBlocked).toBe(true);
    expect(bob.state?.blocked.map(({ name }) => name)).toEqual(['alice']);
    await bob.do({ type: 'MarkRead', conversationId: history.ids.get(bob) ?? '' });
    await history.world.run(20_000);
    const hey = alice.messages.find(({ text }) => text === 'hey');
    expect(hey?.delivery?.state).toBe('delivered'); // nobody tells that they read it
    await bob.crash();
    bob.start();
    await history.reopen(bob);
    await history.world.run(2000);
    expect(bob.texts).not.toContain('alice: hey');
    await bob.do({ type: 'Block', personId, isOn: false });
    await history.world.run(500);
    expect(bob.texts).toContain('alice: hey');
    const ownId = bob.state?.me?.id ?? '';
    expect(await bob.do({ type: 'Block', personId: ownId, isOn: true })).toEqual({
      ok: false,
      error: 'unknown-person',
    });
  });
});
