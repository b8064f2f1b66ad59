import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { bytesIn, fieldOf, openedRecords } from '../support/opened-disk.ts';
import { namesSeenBy, personOf } from './members.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const calm = { messages: 0, isHarsh: false } as const;

const setup = async () => {
  const history = new History(31, { ...calm, peers: 3 });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  history.say(alice, 'hello');
  history.say(bob, 'hi');
  await history.world.run(10_000);
  const remove = (peer: Peer) =>
    peer.do({ type: 'DeleteConversation', conversationId: history.ids.get(peer) ?? '' });
  const listed = (peer: Peer): ReadonlyArray<string> =>
    (peer.state?.conversations ?? []).map(({ kind }) => kind).sort();
  return { history, alice, bob, carol, remove, listed };
};

/** Epoch secrets on a disk, whatever record they lie in. */
const secretsOn = async (peer: Peer): Promise<ReadonlySet<string>> => {
  const records = await openedRecords(peer.disk);
  return new Set(records.flatMap((value) => fieldOf(value, 'secret') ?? []).map(toHex));
};

const segmentsOn = ({ disk }: Peer): number =>
  [...disk.records().keys()].filter((key) => key.startsWith('g/')).length;

const everythingOn = async (peer: Peer): Promise<ReadonlySet<string>> => {
  const records = await openedRecords(peer.disk);
  return new Set(records.flatMap((value) => bytesIn(value, 32)).map(toHex));
};

describe('deleting a conversation', () => {
  test('[FG1] leaves it, and nothing of it on this device', async () => {
    const { history, alice, bob, carol, remove, listed } = await setup();
    const shared = [...(await secretsOn(bob))].filter((secret) => secret !== '');
    const before = await secretsOn(alice);
    const ofGroup = shared.filter((secret) => before.has(secret));
    expect(ofGroup.length).toBeGreaterThan(0);
    const segments = segmentsOn(bob);
    expect(await remove(bob)).toEqual({ ok: true, value: undefined });
    await history.world.run(100);
    expect(listed(bob)).toEqual(['self']);
    await history.world.run(20_000);
    const left = await everythingOn(bob);
    expect(ofGroup.filter((secret) => left.has(secret))).toEqual([]);
    expect(segmentsOn(bob)).toBeLessThan(segments);
    expect(namesSeenBy(alice)).toEqual(['alice', 'carol']);
    expect([...alice.texts].sort()).toEqual(['alice: hello', 'bob: hi']);
    history.say(carol, 'after');
    await history.world.run(10_000);
    await bob.crash();
    bob.start();
    await history.world.run(5000);
    expect(listed(bob)).toEqual(['self']);
    expect([...(await secretsOn(bob))].filter((secret) => before.has(secret))).toEqual([]);
  });

  test('[FG1] killed at any moment, it is gone after the next start', async () => {
    for (let step = 0; step < 60; step += 10) {
      const { history, bob, remove, listed } = await setup();
      bob.disk.faults.delayMs = 30;
      const conversationId = history.ids.get(bob) ?? '';
      let isDone = false;
      void bob.execute({ type: 'DeleteConversation', conversationId }).then(({ ok }) => {
        isDone = ok;
      });
      await history.world.run(30_000, () => isDone);
      await history.world.run(4800 + step * 15);
      await bob.crash();
      bob.disk.faults.delayMs = 0;
      bob.start();
      await history.world.run(10_000);
      expect(bob.state?.phase).toBe('ready');
      expect(listed(bob)).toEqual(['self']);
      expect(await remove(bob)).toEqual({ ok: false, error: 'unknown-conversation' });
      expect(segmentsOn(bob)).toBeLessThanOrEqual(2); // Notes to self, and the rooms of invites
    }
  });

  test('[FG1] an old offer does not bring it back', async () => {
    const { history, alice, bob, listed } = await setup();
    const made = await alice.do({
      type: 'MessagePerson',
      conversationId: history.ids.get(alice) ?? '',
      personId: personOf(alice, 'bob').id,
    });
    if (!made.ok) throw new Error(made.error);
    await history.world.run(15_000);
    expect(listed(bob)).toEqual(['direct', 'group', 'self']);
    const direct = bob.state?.conversations.find(({ kind }) => kind === 'direct');
    await bob.do({ type: 'DeleteConversation', conversationId: direct?.id ?? '' });
    await history.world.run(10_000);
    await bob.crash();
    bob.start();
    await history.reopen(bob);
    await history.world.run(10_000);
    expect(listed(bob)).toEqual(['group', 'self']);
  });

  test('[FG1] Notes to self stay', async () => {
    const { bob } = await setup();
    const own = bob.state?.conversations.find(({ kind }) => kind === 'self');
    expect(await bob.do({ type: 'DeleteConversation', conversationId: own?.id ?? '' })).toEqual({
      ok: false,
      error: 'not-allowed',
    });
  });
});

test('[FG2] archived, muted and a draft with what it answers last', async () => {
  const { history, bob } = await setup();
  const conversationId = history.ids.get(bob) ?? '';
  const replyTo = bob.messages[0]?.key ?? '';
  await bob.do({ type: 'SetArchived', conversationId, isOn: true });
  await bob.do({ type: 'SetMuted', conversationId, isOn: true });
  await bob.do({ type: 'SaveDraft', conversationId, text: 'well', replyTo });
  await bob.crash();
  bob.start();
  await history.reopen(bob);
  await history.world.run(500);
  const summary = () => bob.state?.conversations.find(({ id }) => id === conversationId);
  expect(summary()).toMatchObject({
    isArchived: true,
    isMuted: true,
    draft: 'well',
    draftReplyTo: replyTo,
  });
  await bob.do({ type: 'SetArchived', conversationId, isOn: false });
  await bob.do({ type: 'SaveDraft', conversationId, text: '' });
  await history.world.run(100);
  expect(summary()).toMatchObject({ isArchived: false, draft: '', draftReplyTo: undefined });
});
