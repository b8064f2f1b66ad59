/** Edits, reactions, threads, polls and deletions, by people who are apart and meet again. */
import { describe, expect, test } from 'vitest';
import { act, commonView, refused, seen, write } from './content.ts';
import { setupScene, type Scene } from './hostile.ts';
import { conversationIdOf, personOf, remove, setLevel } from './members.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { introduce } from './workload.ts';
import { World } from './world.ts';

const everybody = ({ alice, bob, carol }: Scene): ReadonlyArray<Peer> => [alice, bob, carol];

const settle = ({ history }: Scene): Promise<boolean> => history.world.run(20_000);

const sayAlike = (scene: Scene): void => {
  const [first, ...others] = everybody(scene).map(commonView);
  expect(first?.length).toBeGreaterThan(0);
  for (const view of others) expect(view).toEqual(first);
  for (const { violations, state } of everybody(scene)) {
    expect(violations).toEqual([]);
    expect(state?.conversations.some(({ failure }) => failure !== undefined)).toBe(false);
  }
  expect(scene.history.net.witness.violations).toEqual([]);
};

const apart = async ({ history }: Scene): Promise<void> => {
  history.net.partition([['alice'], ['bob'], ['carol']]);
  await history.world.run(10_000);
};

const together = async (scene: Scene): Promise<void> => {
  scene.history.net.heal();
  await scene.history.world.run(60_000);
};

const lastLine = ({ history }: Scene, peer: Peer) =>
  peer.state?.conversations.find(({ id }) => id === conversationIdOf(history, peer))?.lastLine;

describe('apart and together', () => {
  test('[OB4, AN1] what each does alone shows at once, after a restart too, and all have all alike', async () => {
    const scene = await setupScene(51);
    const { history, alice, bob, carol } = scene;
    const plan = await write(history, alice, 'meet at ten');
    const news = await write(history, bob, 'it rains');
    await settle(scene);
    await apart(scene);

    await act(history, alice, (conversationId) => ({
      type: 'EditMessage',
      conversationId,
      key: plan,
      text: 'meet at noon, @bob',
      mentions: [{ name: 'bob', personId: personOf(alice, 'bob').id }],
    }));
    for (const emoji of ['👍', '🎉']) {
      await act(history, bob, (conversationId) => ({
        ...{ type: 'React', conversationId, key: plan, emoji, isOn: true },
      }));
    }
    await act(history, carol, (conversationId) => ({
      ...{ type: 'React', conversationId, key: plan, emoji: '👍', isOn: true },
    }));
    await act(history, carol, (conversationId) => ({
      ...{ type: 'Pin', conversationId, key: news, isOn: true },
    }));
    const answer = await write(history, carol, { text: 'fine', replyTo: plan });
    await history.world.run(200);

    expect(seen(alice, plan)).toMatchObject({ text: 'meet at noon, @bob', isEdited: true });
    expect(seen(bob, plan)).toMatchObject({ text: 'meet at ten', isEdited: false });
    expect(seen(bob, plan).reactions.map(({ emoji, isMine }) => [emoji, isMine])).toEqual([
      ['👍', true],
      ['🎉', true],
    ]);
    expect(carol.details?.pins.map(({ key }) => key)).toEqual([news]);
    expect(seen(carol, answer).replyTo).toMatchObject({ state: 'here', text: 'meet at ten' });

    for (const peer of everybody(scene)) {
      await peer.crash();
      peer.start();
      await history.reopen(peer);
    }
    await history.world.run(200);
    expect(seen(alice, plan).text).toBe('meet at noon, @bob');
    expect(seen(bob, plan).reactions).toHaveLength(2);
    expect(carol.details?.pins.map(({ key }) => key)).toEqual([news]);

    await together(scene);
    sayAlike(scene);
    expect(seen(bob, plan)).toMatchObject({
      text: 'meet at noon, @bob',
      isEdited: true,
      isMentioningMe: true,
    });
    expect(seen(carol, plan).isMentioningMe).toBe(false);
    expect(seen(alice, answer).replyTo?.text).toBe('meet at noon, @bob');
    const reactions = seen(alice, plan).reactions.map(({ emoji, people }) => [
      emoji,
      people.length,
    ]);
    expect(new Map(reactions.map(([emoji, count]) => [emoji, count]))).toEqual(
      new Map([
        ['👍', 2],
        ['🎉', 1],
      ]),
    );
    for (const { details } of everybody(scene)) {
      expect(details?.pins.map(({ key, pinnedBy }) => [key, pinnedBy.name])).toEqual([
        [news, 'carol'],
      ]);
    }
    const versions = await act(history, carol, (conversationId) => ({
      type: 'ShowVersions',
      conversationId,
      key: plan,
    }));
    expect(versions.map(({ text }) => text)).toEqual(['meet at ten', 'meet at noon, @bob']);
  }, 60_000);

  test('[AN1] what is done to one message by two who are apart ends alike for all', async () => {
    const scene = await setupScene(52);
    const { history, alice, bob, carol } = scene;
    const key = await write(history, alice, 'the plan');
    await settle(scene);
    await apart(scene);
    for (const [peer, isOn] of [
      [bob, true],
      [carol, true],
      [carol, false],
    ] as const) {
      await act(history, peer, (conversationId) => ({ type: 'Pin', conversationId, key, isOn }));
    }
    for (const text of ['first', 'second']) {
      await act(history, alice, (conversationId) => ({
        ...{ type: 'EditMessage', conversationId, key, text },
      }));
    }
    await together(scene);
    sayAlike(scene);
    expect(seen(carol, key).text).toBe('second');
  }, 60_000);
});

describe('deleting', () => {
  test('[ME2, AN6] the words are gone from every place, whoever edited, quoted or pinned them', async () => {
    const scene = await setupScene(53);
    const { history, alice, bob, carol } = scene;
    const secret = await write(history, alice, 'the secret');
    await settle(scene);
    const answer = await write(history, bob, { text: 'oh!', replyTo: secret });
    await act(history, bob, (conversationId) => ({
      ...{ type: 'Pin', conversationId, key: secret, isOn: true },
    }));
    await settle(scene);
    await carol.crash();
    await history.world.run(5000);
    const del = (conversationId: string) =>
      ({ type: 'DeleteMessages', conversationId, keys: [secret], from: 'everyone' }) as const;
    expect(await refused(history, bob, del)).toBe('not-allowed');
    await act(history, alice, (conversationId) => ({
      ...{ type: 'EditMessage', conversationId, key: secret, text: 'the edited secret' },
    }));
    await act(history, alice, del);
    await settle(scene);
    expect(seen(alice, secret).deletion).toEqual({ askedCount: 2, confirmedCount: 1 });
    expect(seen(bob, secret).deletion).toEqual({ askedCount: 0, confirmedCount: 0 });
    carol.start();
    await history.reopen(carol);
    await history.world.run(60_000);
    expect(seen(alice, secret).deletion).toEqual({ askedCount: 2, confirmedCount: 2 });
    sayAlike(scene);
    for (const peer of everybody(scene)) {
      const { messages, details } = peer;
      expect(seen(peer, secret)).toMatchObject({ text: '', reactions: [], isPinned: false });
      expect(seen(peer, answer).replyTo).toMatchObject({ state: 'deleted', text: '' });
      expect(details?.pins).toEqual([]);
      expect(JSON.stringify([messages, details, peer.state])).not.toContain('secret');
      const versions = (conversationId: string) =>
        ({ type: 'ShowVersions', conversationId, key: secret }) as const;
      expect(await refused(history, peer, versions)).toBe('unknown-message');
    }
    // The last of all: the list says that something was deleted, not what.
    const last = await write(history, bob, 'the last secret');
    await settle(scene);
    await act(history, bob, (conversationId) => ({
      ...{ type: 'DeleteMessages', conversationId, keys: [last], from: 'everyone' },
    }));
    await settle(scene);
    for (const peer of everybody(scene)) {
      expect(lastLine(scene, peer)).toMatchObject({ kind: 'deleted', text: '' });
    }
  }, 60_000);

  test('[OB4] what still waits is taken back, and nobody hears of it', async () => {
    const scene = await setupScene(54);
    const { history, alice, bob } = scene;
    await write(history, alice, 'before');
    await settle(scene);
    await apart(scene);
    const rash = await write(history, alice, 'rash words');
    const kept = await write(history, alice, 'kept words');
    await act(history, alice, (conversationId) => ({
      ...{ type: 'React', conversationId, key: rash, emoji: '👍', isOn: true },
    }));
    await act(history, alice, (conversationId) => ({
      ...{ type: 'DeleteMessages', conversationId, keys: [rash], from: 'everyone' },
    }));
    await history.world.run(200);
    expect(alice.texts).toEqual(['alice: before', 'alice: kept words']);
    await together(scene);
    sayAlike(scene);
    expect(bob.texts).toEqual(['alice: before', 'alice: kept words']);
    expect(seen(alice, kept).delivery).toMatchObject({ haveCount: 2 });
  }, 60_000);

  test('[HD1] deleted here: gone here, after a restart too, and nowhere else', async () => {
    const scene = await setupScene(55);
    const { history, alice, bob, carol } = scene;
    const key = await write(history, alice, 'not for my eyes');
    await settle(scene);
    const answer = await write(history, bob, { text: 'why?', replyTo: key });
    await settle(scene);
    await act(history, bob, (conversationId) => ({
      ...{ type: 'DeleteMessages', conversationId, keys: [key], from: 'here' },
    }));
    await history.world.run(200);
    const check = (): void => {
      expect(bob.texts).toEqual(['bob: why?']);
      expect(seen(bob, answer).replyTo).toMatchObject({ state: 'deleted', text: '' });
    };
    check();
    await bob.crash();
    bob.start();
    await history.reopen(bob);
    await history.world.run(5000);
    check();
    for (const peer of [alice, carol]) {
      expect(peer.texts).toEqual(['alice: not for my eyes', 'bob: why?']);
    }
    const again = (conversationId: string) =>
      ({ type: 'DeleteMessages', conversationId, keys: [key], from: 'here' }) as const;
    expect(await refused(history, bob, again)).toBe('unknown-message');
  }, 60_000);
});

describe('threads', () => {
  test('[TH1, ME5] answers stand under their root, are counted and told; a lost root loses none', async () => {
    const scene = await setupScene(56);
    const { history, alice, bob, carol } = scene;
    const root = await write(history, alice, 'what shall we read?');
    await settle(scene);
    await act(history, bob, (conversationId) => ({
      ...{ type: 'OpenThread', conversationId, key: root },
    }));
    expect(bob.threads.at(-1)).toMatchObject({ root: { key: root }, items: [] });
    const first = await write(history, carol, { text: 'poems', threadOf: root });
    await settle(scene);
    // An answer to an answer belongs to the same thread.
    const second = await write(history, alice, { text: 'novels', threadOf: first });
    await settle(scene);
    sayAlike(scene);
    for (const peer of everybody(scene)) {
      expect(peer.texts).toEqual(['alice: what shall we read?']);
      expect(seen(peer, root).replyCount).toBe(2);
      expect(lastLine(scene, peer)?.text).toBe('novels');
    }
    expect(bob.threads.at(-1)?.items.map(({ key, threadOf }) => [key, threadOf])).toEqual([
      [first, root],
      [second, root],
    ]);
    const told = bob.threads.length;
    await history.world.run(10_000);
    expect(bob.threads).toHaveLength(told);
    await act(history, bob, (conversationId) => ({
      ...{ type: 'DeleteMessages', conversationId, keys: [root], from: 'here' },
    }));
    await history.world.run(200);
    expect(bob.texts).toEqual(['carol: poems', 'alice: novels']);
    await apart(scene);
    await write(history, alice, { text: 'alone in the thread', threadOf: root });
    await history.world.run(200);
    expect(seen(alice, root).replyCount).toBe(3);
    expect(alice.texts).toEqual(['alice: what shall we read?']);
  }, 60_000);
});

describe('polls', () => {
  test.each([false, true])(
    '[AN4] votes are counted once each, as they stand last (anonymous: %s)',
    async (isAnonymous) => {
      const scene = await setupScene(57);
      const { history, alice, bob, carol } = scene;
      const { key } = await act(history, alice, (conversationId) => ({
        type: 'CreatePoll',
        conversationId,
        poll: { question: 'When?', options: ['now', 'later'], isMultiple: false, isAnonymous },
      }));
      await settle(scene);
      await apart(scene);
      const vote = (peer: Peer, choices: ReadonlyArray<number>) =>
        act(history, peer, (conversationId) => ({ type: 'Vote', conversationId, key, choices }));
      await vote(alice, [0]);
      await vote(bob, [0]);
      await vote(bob, [1]);
      await vote(carol, [1]);
      await history.world.run(200);
      expect(seen(bob, key).poll?.options.map(({ count }) => count)).toEqual([0, 1]);
      const both = (conversationId: string) =>
        ({ type: 'Vote', conversationId, key, choices: [0, 1] }) as const;
      expect(await refused(history, carol, both)).toBe('not-allowed');
      await together(scene);
      sayAlike(scene);
      const { poll } = seen(carol, key);
      expect(poll).toMatchObject({ question: 'When?', voterCount: 3 });
      expect(poll?.options.map(({ count, isMine }) => [count, isMine])).toEqual([
        [1, false],
        [2, true],
      ]);
      expect(poll?.options.map(({ people }) => people.length)).toEqual(
        isAnonymous ? [0, 0] : [1, 2],
      );
      expect(lastLine(scene, carol)).toMatchObject({ kind: 'poll', text: 'When?' });
      await vote(carol, []);
      await settle(scene);
      expect(seen(alice, key).poll).toMatchObject({ voterCount: 2 });
    },
    60_000,
  );
});

describe('who may', () => {
  test('[ME1] nobody but the author edits or deletes, and a reader does nothing', async () => {
    const scene = await setupScene(58);
    const { history, alice, bob, carol } = scene;
    const key = await write(history, alice, 'hers');
    await settle(scene);
    await setLevel(history, alice, { name: 'carol', level: 'reader' });
    await settle(scene);
    const edit = (conversationId: string) =>
      ({ type: 'EditMessage', conversationId, key, text: 'his' }) as const;
    expect(await refused(history, bob, edit)).toBe('not-allowed');
    for (const command of [
      { type: 'React', key, emoji: '👍', isOn: true },
      { type: 'Pin', key, isOn: true },
      { type: 'SendMessage', text: 'hello' },
    ] as const) {
      const asked = await refused(history, carol, (conversationId) => ({
        ...command,
        conversationId,
      }));
      expect(asked).toBe('not-allowed');
    }
    expect(await refused(history, bob, (id) => ({ ...edit(id), key: 'no/such' }))).toBe(
      'unknown-message',
    );
  }, 60_000);

  test('[TI1] in a group an owner sets the timer, and messages carry it from then on', async () => {
    const scene = await setupScene(59);
    const { history, alice, bob } = scene;
    const before = await write(history, bob, 'stays');
    await settle(scene);
    const set = (timerMs: number | undefined) => (conversationId: string) =>
      ({ type: 'SetTimer', conversationId, timerMs }) as const;
    expect(await refused(history, bob, set(60_000))).toBe('not-allowed');
    expect(await refused(history, alice, set(1))).toBe('not-allowed');
    await act(history, alice, set(60_000));
    await settle(scene);
    const after = await write(history, bob, 'goes');
    await settle(scene);
    sayAlike(scene);
    for (const peer of everybody(scene)) {
      expect(seen(peer, before).disappearing).toBeUndefined();
      expect(seen(peer, after).disappearing).toMatchObject({ timerMs: 60_000 });
      expect(peer.state?.conversations.some(({ timerMs }) => timerMs === 60_000)).toBe(true);
    }
    await act(history, alice, set(undefined));
    await settle(scene);
    const later = await write(history, bob, 'stays again');
    expect(seen(bob, later).disappearing).toBeUndefined();
  }, 60_000);
});

describe('forwarding', () => {
  test('[ME3] words go without whom they name; all of them or none', async () => {
    const scene = await setupScene(60);
    const { history, alice, bob } = scene;
    await settle(scene);
    const key = await write(history, bob, {
      text: 'hello @alice',
      mentions: [{ name: 'alice', personId: personOf(bob, 'alice').id }],
      location: { latitude: 52.52, longitude: 13.405 },
    });
    await settle(scene);
    expect(seen(alice, key)).toMatchObject({
      isMentioningMe: true,
      location: { latitude: 52.52, longitude: 13.405 },
    });
    const notes = alice.state?.conversations.find(({ kind }) => kind === 'self');
    if (notes === undefined) throw new Error('alice has notes');
    const here = conversationIdOf(history, alice);
    const lost = await refused(history, alice, (conversationId) => ({
      ...{ type: 'Forward', conversationId, keys: [key], to: [notes.id, 'nowhere'] },
    }));
    expect(lost).toBe('unknown-conversation');
    await act(history, alice, (conversationId) => ({
      ...{ type: 'Forward', conversationId, keys: [key], to: [notes.id, here] },
    }));
    await settle(scene);
    sayAlike(scene);
    expect(bob.messages.at(-1)).toMatchObject({
      author: { name: 'alice' },
      text: 'hello @alice',
      mentions: [],
      isForwarded: true,
      location: { latitude: 52.52, longitude: 13.405 },
    });
    await alice.open(notes.id);
    expect(alice.messages.map(({ text, isForwarded }) => [text, isForwarded])).toEqual([
      ['hello @alice', true],
    ]);
  }, 60_000);
});

describe('what nobody takes', () => {
  test('[ME4] is written again by who is back, as a new message, and the old one goes', async () => {
    const scene = await setupScene(63);
    const { history, alice, bob, carol } = scene;
    const fine = await write(history, bob, 'before');
    await settle(scene);
    history.net.partition([['alice'], ['bob', 'carol']]);
    await history.world.run(10_000);
    await remove(history, alice, 'bob');
    const late = await write(history, bob, { text: 'too late', replyTo: fine });
    await history.world.run(5000);
    await together(scene);
    expect(carol.texts).toEqual(['bob: before']);
    const again = (key: string) => (conversationId: string) =>
      ({ type: 'Resend', conversationId, key }) as const;
    expect(await refused(history, bob, again(late))).toBe('not-allowed');

    const target = {
      kind: 'conversation',
      conversationId: conversationIdOf(history, alice),
    } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
    if (!invite.ok) throw new Error(invite.error);
    expect((await bob.do({ type: 'Join', link: invite.value.link })).ok).toBe(true);
    await history.world.run(60_000);
    expect(bob.texts).toEqual(['bob: before', 'bob: too late']);
    expect(await refused(history, bob, again(fine))).toBe('not-allowed');
    const { key } = await act(history, bob, again(late));
    await settle(scene);
    sayAlike(scene);
    expect(key).not.toBe(late);
    expect(seen(alice, key)).toMatchObject({ text: 'too late', replyTo: { key: fine } });
    expect(bob.texts).toEqual(['bob: before', 'bob: too late']);
  }, 60_000);
});

test('[TI1] between two either sets the timer, and the last word holds', async () => {
  const world = new World(64);
  const net = new Internet(world, { ...noFaults });
  const [alice, bob] = [new Peer(net, 'alice'), new Peer(net, 'bob')];
  const ids = await introduce(world, alice, bob);
  const timers = [
    [alice, ids.alice],
    [bob, ids.bob],
  ] as const;
  const shown = () =>
    timers.map(([peer, id]) => peer.state?.conversations.find((c) => c.id === id)?.timerMs);
  for (const [[peer, conversationId], timerMs] of [
    [timers[0], 60_000],
    [timers[1], 3_600_000],
    [timers[0], undefined],
  ] as const) {
    expect((await peer.do({ type: 'SetTimer', conversationId, timerMs })).ok).toBe(true);
    await world.run(5000);
    expect(shown()).toEqual([timerMs, timerMs]);
  }
});
