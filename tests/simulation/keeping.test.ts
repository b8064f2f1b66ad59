/** What a conversation holds on a device: all of it, not what a screen has at the moment. */
import { describe, expect, test } from 'vitest';
import type { MessageItem } from '../../src/core/api.ts';
import { FileGroup } from './files.ts';
import type { Peer } from './peer.ts';

const setup = async (peers = 3) => {
  const group = new FileGroup(3, { peers });
  const [alice, bob, carol = bob] = await group.begin();
  if (!alice || !bob || !carol) throw new Error('two peers at least');
  return { group, world: group.history.world, alice, bob, carol };
};

const usageOf = async (peer: Peer, conversationId: string) => {
  const measured = await peer.do({ type: 'MeasureFiles' });
  return measured.ok ? measured.value.find((each) => each.conversationId === conversationId) : {};
};

describe('what is kept', () => {
  test('[XP1] is told page by page: every message once, also when some come meanwhile', async () => {
    const { group, world, alice, bob } = await setup(2);
    const conversationId = group.idOf(bob);
    for (let at = 0; at < 230; at++) {
      await alice.do({
        type: 'SendMessage',
        conversationId: group.idOf(alice),
        text: `n${String(at)}`,
      });
    }
    await world.run(20_000);
    const told: MessageItem[] = [];
    let from: string | undefined;
    do {
      const page = await bob.do({ type: 'ReadMessages', conversationId, from });
      if (!page.ok) throw new Error(page.error);
      told.push(...page.value.items);
      from = page.value.next;
      await alice.do({ type: 'SendMessage', conversationId: group.idOf(alice), text: 'later' });
      await world.run(5000);
    } while (from !== undefined);
    const texts = told.map(({ text }) => text);
    expect(texts.slice(0, 230)).toEqual(Array.from({ length: 230 }, (_, at) => `n${String(at)}`));
    expect(texts.length).toBeLessThanOrEqual(232);
    expect(await bob.do({ type: 'ReadMessages', conversationId, from: 'none' })).toMatchObject({
      ok: false,
      error: 'unknown-message',
    });
  });

  test('[SU1, SU2] is counted over all files; what nobody else has is not freed, the rest comes again', async () => {
    const { group, world, alice, bob, carol } = await setup();
    await group.send(alice, 'for all', { size: 300_000 });
    expect(await group.until([bob, carol], 'for all', 'here')).toBe(true);
    await world.run(5000);
    await bob.crash();
    await carol.crash();
    await group.send(alice, 'only here', { size: 100_000 });
    await world.run(2000);
    const conversationId = group.idOf(alice);
    expect(await usageOf(alice, conversationId)).toEqual({
      conversationId,
      count: 2,
      sizeBytes: 400_000,
      freeable: [{ deviceCount: 2, count: 1, sizeBytes: 300_000 }],
    });
    const listed = await alice.do({ type: 'ListFiles', conversationId });
    expect(listed.ok && listed.value.map(({ isMine, view }) => [isMine, view.sizeBytes])).toEqual([
      [true, 100_000],
      [true, 300_000],
    ]);
    expect(await alice.do({ type: 'FreeFiles', of: conversationId })).toMatchObject({ ok: true });
    expect(group.stateAt(alice, 'only here')).toBe('here');
    expect(await usageOf(alice, conversationId)).toMatchObject({ count: 1, freeable: [] });
    bob.start();
    await group.history.reopen(bob);
    await alice.do({ type: 'FetchAttachment', ...group.named(alice, 'for all') });
    expect(await group.until([alice], 'for all', 'here')).toBe(true);
  });

  test('[SU2] what somebody gave can be freed though they are away', async () => {
    const { group, world, alice, bob, carol } = await setup();
    await group.send(alice, 'a gift', { size: 200_000 });
    expect(await group.until([bob], 'a gift', 'here')).toBe(true);
    await world.run(3000);
    for (const peer of [alice, carol, bob]) await peer.crash();
    bob.start();
    await group.history.reopen(bob);
    await world.run(5000);
    expect(await usageOf(bob, group.idOf(bob))).toMatchObject({
      freeable: [{ deviceCount: 0, count: 1, sizeBytes: 200_000 }],
    });
    expect(await bob.do({ type: 'FreeFiles', of: undefined })).toMatchObject({ ok: true });
    expect(bob.blobDisk.usedBytes).toBe(0);
  });
});
