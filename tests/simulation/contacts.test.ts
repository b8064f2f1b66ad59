import { describe, expect, test } from 'vitest';
import type { ConversationSummary } from '../../src/core/api.ts';
import { namesSeenBy, personOf } from './members.ts';
import { Peer } from './peer.ts';
import { History } from './run.ts';
import { begin } from './workload.ts';

const calm = { messages: 0, isHarsh: false } as const;

const setup = async () => {
  const history = new History(21, { ...calm, peers: 3 });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  const directOf = (peer: Peer): ConversationSummary | undefined =>
    peer.state?.conversations.find(({ kind }) => kind === 'direct');
  /** Alice writes to bob, whom she knows from the group alone. */
  const approach = async (text = 'hi bob'): Promise<string> => {
    const conversationId = history.ids.get(alice) ?? '';
    const personId = personOf(alice, 'bob').id;
    const made = await alice.do({ type: 'MessagePerson', conversationId, personId });
    if (!made.ok) throw new Error(made.error);
    await alice.open(made.value.conversationId);
    await write(alice, made.value.conversationId, text);
    return made.value.conversationId;
  };
  const write = async (peer: Peer, conversationId: string, text: string): Promise<void> => {
    const sent = await peer.do({ type: 'SendMessage', conversationId, text });
    if (!sent.ok) throw new Error(sent.error);
    await history.world.run(15_000);
  };
  return { history, alice, bob, carol, directOf, approach, write };
};

describe('writing to somebody from a group', () => {
  test('[CT1] arrives as a request, and a reply accepts it', async () => {
    const { history, alice, bob, carol, directOf, approach, write } = await setup();
    const conversationId = await approach();
    const request = directOf(bob);
    expect(request).toMatchObject({ isRequest: true, name: 'alice' });
    expect(request?.lastLine?.text).toBe('hi bob');
    expect(bob.arrivals).toEqual([]);
    expect(directOf(carol)).toBeUndefined();
    await bob.open(request?.id ?? '');
    await bob.do({ type: 'MarkRead', conversationId: request?.id ?? '' });
    await bob.do({ type: 'TellTyping', conversationId: request?.id ?? '' });
    await history.world.run(2000);
    expect(directOf(alice)?.typing).toEqual([]);
    await history.world.run(20_000);
    expect(alice.messages[0]?.delivery?.state).toBe('delivered'); // reading is not told yet
    await write(bob, request?.id ?? '', 'hi alice');
    expect(directOf(bob)?.isRequest).toBe(false);
    expect(directOf(alice)).toMatchObject({ id: conversationId, isRequest: false });
    expect(alice.texts).toEqual(['alice: hi bob', 'bob: hi alice']);
    const again = await alice.do({
      type: 'MessagePerson',
      conversationId: history.ids.get(alice) ?? '',
      personId: directOf(alice)?.lastLine?.author?.id ?? '',
    });
    expect(again).toEqual({ ok: true, value: { conversationId } });
  });

  test('[CT3] turned down it stays away, also after a restart', async () => {
    const { history, alice, bob, directOf, approach, write } = await setup();
    const conversationId = await approach();
    const id = directOf(bob)?.id ?? '';
    const no = await bob.do({ type: 'AnswerRequest', conversationId: id, isAccepted: false });
    expect(no).toEqual({ ok: true, value: undefined });
    await history.world.run(1000);
    expect(directOf(bob)).toBeUndefined();
    await write(alice, conversationId, 'please');
    await bob.crash();
    bob.start();
    await history.reopen(bob);
    await history.world.run(10_000);
    expect(directOf(bob)).toBeUndefined();
    await write(alice, conversationId, 'hello?');
    expect(directOf(bob)).toBeUndefined();
    // Who turned it down may write all the same.
    const made = await bob.do({
      type: 'MessagePerson',
      conversationId: history.ids.get(bob) ?? '',
      personId: personOf(bob, 'alice').id,
    });
    expect(made).toEqual({ ok: true, value: { conversationId: id } });
    await history.world.run(30_000);
    expect(directOf(bob)).toMatchObject({ isRequest: false });
    expect(directOf(bob)?.lastLine?.text).toBe('hello?');
  });

  test('[CT3] accepted it is as any other', async () => {
    const { history, alice, bob, directOf, approach } = await setup();
    await approach();
    const conversationId = directOf(bob)?.id ?? '';
    await bob.do({ type: 'MarkRead', conversationId });
    await bob.do({ type: 'AnswerRequest', conversationId, isAccepted: true });
    await history.world.run(20_000);
    expect(directOf(bob)?.isRequest).toBe(false);
    expect(alice.messages[0]?.delivery?.state).toBe('read');
    expect(await bob.do({ type: 'AnswerRequest', conversationId, isAccepted: true })).toEqual({
      ok: false,
      error: 'unknown-request',
    });
  });

  test('[CT1] who both write at once meet in one conversation, and nobody is asked', async () => {
    const { history, alice, bob, directOf } = await setup();
    for (const [from, to] of [
      [alice, 'bob'],
      [bob, 'alice'],
    ] as const) {
      const conversationId = history.ids.get(from) ?? '';
      const personId = personOf(from, to).id;
      await from.do({ type: 'MessagePerson', conversationId, personId });
    }
    await history.world.run(30_000);
    for (const peer of [alice, bob]) {
      const directs = peer.state?.conversations.filter(({ kind }) => kind === 'direct') ?? [];
      expect(directs).toHaveLength(1);
      expect(directOf(peer)?.isRequest).toBe(false);
    }
  });

  test('[CT4] who is blocked cannot ask', async () => {
    const { history, alice, bob, directOf, approach } = await setup();
    const personId = personOf(bob, 'alice').id;
    await bob.do({ type: 'Block', personId, isOn: true });
    await approach();
    expect(directOf(bob)).toBeUndefined();
    await bob.do({ type: 'Block', personId, isOn: false });
    history.say(alice, 'something in the group');
    await history.world.run(15_000);
    expect(directOf(bob)).toMatchObject({ isRequest: true });
    await bob.do({ type: 'Block', personId, isOn: true });
    await history.world.run(500);
    expect(directOf(bob)).toBeUndefined();
  });

  test('[CT1] only members of that group, and not oneself', async () => {
    const { history, alice } = await setup();
    const conversationId = history.ids.get(alice) ?? '';
    const unknown = { ok: false, error: 'unknown-person' };
    const message = (personId: string) =>
      alice.do({ type: 'MessagePerson', conversationId, personId });
    expect(await message(alice.state?.me?.id ?? '')).toEqual(unknown);
    expect(await message('00'.repeat(32))).toEqual(unknown);
  });
});

describe('adding a contact to a group', () => {
  test('[CT2] takes no link: they are told in the direct conversation', async () => {
    const { history, alice, bob, carol, directOf, approach, write } = await setup();
    await approach();
    await write(bob, directOf(bob)?.id ?? '', 'hi');
    const made = await alice.do({ type: 'CreateGroup', name: 'new crew' });
    if (!made.ok) throw new Error(made.error);
    const { conversationId } = made.value;
    const personId = personOf(alice, 'bob').id;
    const add = { type: 'AddContact', conversationId, personId } as const;
    expect(await alice.do(add)).toEqual({ ok: true, value: undefined });
    await alice.do(add); // nothing happens twice
    await history.world.run(15_000);
    const groupsOf = (peer: Peer) =>
      (peer.state?.conversations ?? []).filter(({ kind }) => kind === 'group');
    const found = groupsOf(bob).find(({ name }) => name === 'new crew');
    expect(found).toMatchObject({ isRequest: false });
    expect(groupsOf(carol)).toHaveLength(1);
    await bob.open(found?.id ?? '');
    await alice.open(conversationId);
    await write(bob, found?.id ?? '', 'here');
    expect(alice.texts).toEqual(['bob: here']);
    expect(namesSeenBy(bob)).toEqual(['alice', 'bob']);
  });

  test.each(['none', 'all'] as const)(
    '[CT5] and gives what was written before, or not: %s',
    async (history) => {
      const { history: run, alice, bob, directOf, approach, write } = await setup();
      await approach();
      await write(bob, directOf(bob)?.id ?? '', 'hi');
      const made = await alice.do({ type: 'CreateGroup', name: 'new crew' });
      if (!made.ok) throw new Error(made.error);
      const { conversationId } = made.value;
      await write(alice, conversationId, 'before');
      const personId = personOf(alice, 'bob').id;
      await alice.do({ type: 'AddContact', conversationId, personId, history });
      await run.world.run(15_000);
      const found = bob.state?.conversations.find(({ name }) => name === 'new crew');
      await bob.open(found?.id ?? '');
      await write(alice, conversationId, 'after');
      const expected = history === 'all' ? ['alice: before', 'alice: after'] : ['alice: after'];
      expect(bob.texts).toEqual(expected);
    },
  );

  test('[CT2] a stranger leads nowhere, and one who may not add adds nobody', async () => {
    const { history, alice, bob, carol, directOf, approach } = await setup();
    await approach(); // bob does not answer
    const made = await alice.do({ type: 'CreateGroup', name: 'trap' });
    if (!made.ok) throw new Error(made.error);
    const { conversationId } = made.value;
    await alice.do({ type: 'AddContact', conversationId, personId: personOf(alice, 'bob').id });
    await history.world.run(15_000);
    const namesOf = (peer: Peer) => (peer.state?.conversations ?? []).map(({ name }) => name);
    expect(namesOf(bob)).not.toContain('trap');
    await bob.do({
      type: 'AnswerRequest',
      conversationId: directOf(bob)?.id ?? '',
      isAccepted: true,
    });
    await history.world.run(15_000);
    expect(namesOf(bob)).toContain('trap');
    const dave = new Peer(history.net, 'dave');
    await begin(dave);
    expect(
      await carol.do({
        type: 'AddContact',
        conversationId: history.ids.get(carol) ?? '',
        personId: dave.state?.me?.id ?? '',
      }),
    ).toEqual({ ok: false, error: 'unknown-person' });
  });
});
