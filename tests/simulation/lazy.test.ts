/** Devices that start with more than they can read at once: what is listed, shown, said and kept meanwhile. */
import { describe, expect, test } from 'vitest';
import { err } from '../../src/base/result.ts';
import type { ConversationSummary } from '../../src/core/api.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { Storage, Write } from '../../src/storage/port.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { bytesFrom, plainFile } from '../support/files.ts';
import { World } from './world.ts';
import { valueOf } from '../unit/protocol/fixtures.ts';
import { directId, introduce } from './workload.ts';

const minuteMs = 60_000;

/** A door in front of a disk: while it is shut, nothing is read of segments that were there before. */
class Door {
  readonly #known = new Set<string>();
  #shut: ReadonlySet<string> = new Set();
  #open: (() => void) | undefined;
  #isOpen: Promise<void> = Promise.resolve();

  shut(): void {
    this.#shut = new Set(this.#known);
    this.#isOpen = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
  }

  readonly wrap = (storage: Storage): Storage => ({
    ...storage,
    openSegment: async (name) => {
      this.#known.add(name);
      if (this.#shut.has(name)) await this.#isOpen;
      return storage.openSegment(name);
    },
  });
}

interface Pair {
  readonly world: World;
  readonly alice: Peer;
  readonly bob: Peer;
  readonly ids: { readonly alice: string; readonly bob: string };
  /** Of Bob's disk. */
  readonly door: Door;
}

const setupPair = async (seed: number): Promise<Pair> => {
  const world = new World(seed);
  const net = new Internet(world, noFaults);
  const door = new Door();
  const alice = new Peer(net, 'alice');
  const bob = new Peer(net, 'bob', { wrapStorage: door.wrap });
  await introduce(world, alice, bob);
  return { world, alice, bob, ids: { alice: directId(alice), bob: directId(bob) }, door };
};

const say = async (peer: Peer, conversationId: string, texts: ReadonlyArray<string>) => {
  for (const text of texts) {
    expect((await peer.do({ type: 'SendMessage', conversationId, text })).ok).toBe(true);
  }
};

const listed = (peer: Peer, id: string): ConversationSummary | undefined =>
  peer.state?.conversations.find((summary) => summary.id === id);

const restart = async ({ world, bob }: Pair): Promise<void> => {
  await bob.crash();
  bob.start();
  await world.run(minuteMs, () => bob.state?.phase === 'ready');
};

const numbers = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => `message ${String(i)}`);

const own = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.map((text) => `alice: ${text}`);

/** Alice wrote more than a screen, in one log. */
const setupLong = async (seed: number, count: number): Promise<Pair> => {
  const pair = await setupPair(seed);
  const { world, alice, bob, ids } = pair;
  const sent = numbers(count).map((text) =>
    alice.execute({ type: 'SendMessage', conversationId: ids.alice, text }),
  );
  await world.run(10 * minuteMs, () => listed(bob, ids.bob)?.unreadCount === count);
  expect((await Promise.all(sent)).every(({ ok }) => ok)).toBe(true);
  await world.run(5000); // it is kept as it is listed
  return pair;
};

/** Bob, with three groups of his own, and the names of their segments in the order of opening. */
const setupGroups = async (seed: number) => {
  const world = new World(seed);
  const opened: string[] = [];
  const slow = new Set<string | undefined>();
  const bob = new Peer(new Internet(world, noFaults), 'bob', {
    wrapStorage: (storage) => ({
      ...storage,
      openSegment: async (name) => {
        if (!opened.includes(name)) opened.push(name);
        if (slow.has(name)) await new Promise<void>((resolve) => world.schedule(5000, resolve));
        return storage.openSegment(name);
      },
    }),
  });
  bob.start();
  await world.run(minuteMs, () => bob.state?.phase === 'first-run');
  await bob.do({ type: 'CreateIdentity', name: 'bob' });
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    const made = await bob.do({ type: 'CreateGroup', name });
    ids.push(valueOf(made).conversationId);
    await world.run(5000);
  }
  const [, ...segments] = opened;
  await bob.crash();
  opened.length = 0;
  slow.add(segments[0]);
  return { world, bob, ids, segments, opened };
};

test('[LZ9] what somebody waits for is opened before all others', async () => {
  const { world, bob, ids, segments, opened } = await setupGroups(823);
  const [one, two, three] = segments;
  bob.start();
  bob.openNow(ids[0] ?? '');
  await world.run(2000);
  expect(opened).toEqual([one]);
  await world.run(minuteMs);
  expect(opened.slice(1, 3)).toEqual([three, two]);
});

test('[LZ12] who goes on before one is read sees the next, and goes on seeing it', async () => {
  const { world, bob, ids } = await setupGroups(824);
  const [slow = '', quick = ''] = ids;
  bob.start();
  bob.openNow(slow);
  bob.openNow(quick);
  await world.run(minuteMs);
  await bob.do({ type: 'SendMessage', conversationId: quick, text: 'seen' });
  await world.run(5000);
  expect(bob.texts).toEqual(['bob: seen']);
});

describe('what waits when a device starts', () => {
  test('[LZ8] is shown a window at a time, like all the rest', async () => {
    const pair = await setupPair(821);
    const { world, alice, bob, ids } = pair;
    await say(alice, ids.alice, ['hello']);
    await world.run(5000);
    await alice.crash();
    await world.run(minuteMs);
    await say(bob, ids.bob, numbers(450));
    await restart(pair);
    await bob.open(ids.bob);
    expect(bob.items).toHaveLength(60);
    expect(bob.texts.at(-1)).toBe('bob: message 449');
    await bob.do({ type: 'ShowEarlier', conversationId: ids.bob });
    expect(bob.items).toHaveLength(80);
    await bob.showAll();
    const all = numbers(450).map((text) => `bob: ${text}`);
    expect(bob.texts).toEqual(['alice: hello', ...all]);
  });

  test('[LZ8] goes on its way without another word', async () => {
    const world = new World(822);
    const isEntry = ({ key, value }: Write): boolean => value !== undefined && key.startsWith('j/');
    let journalCount = 0;
    let isFull = false;
    const bob = new Peer(new Internet(world, noFaults), 'bob', {
      wrapStorage: (storage) => ({
        ...storage,
        commit: (writes) => {
          const entries = writes.filter(isEntry);
          if (isFull && entries.length > 0) return Promise.resolve(err('disk-full'));
          journalCount += entries.length;
          return storage.commit(writes);
        },
      }),
    });
    bob.start();
    await world.run(minuteMs, () => bob.state?.phase === 'first-run');
    const { conversationId } = valueOf(await bob.do({ type: 'CreateIdentity', name: 'bob' }));
    isFull = true;
    await say(bob, conversationId, ['one', 'two', 'three']);
    await bob.crash();
    isFull = false;
    const before = journalCount;
    bob.start();
    await world.run(minuteMs);
    expect(journalCount).toBe(before + 3);
  });
});

describe('a start before anything is open', () => {
  test('[LZ1] lists everything as it was last known, and corrects it once it is open', async () => {
    const pair = await setupPair(801);
    const { world, alice, bob, ids, door } = pair;
    await say(alice, ids.alice, ['one', 'two']);
    await world.run(5000);
    await bob.do({ type: 'SaveDraft', conversationId: ids.bob, text: 'begun', replyTo: undefined });
    door.shut();
    await restart(pair);
    expect(bob.state?.conversations.map(({ kind }) => kind).toSorted()).toEqual(['direct', 'self']);
    expect(listed(bob, ids.bob)).toMatchObject({ unreadCount: 2, name: 'alice', draft: 'begun' });
    expect(listed(bob, ids.bob)?.lastLine).toMatchObject({
      text: 'two',
      author: { name: 'alice' },
    });
    await say(alice, ids.alice, ['three']);
    await world.run(5000);
    expect(listed(bob, ids.bob)?.unreadCount).toBe(2);
    door.open();
    await world.run(minuteMs, () => listed(bob, ids.bob)?.unreadCount === 3);
    expect(listed(bob, ids.bob)).toMatchObject({ unreadCount: 3, draft: 'begun' });
  });

  test('[LZ5] tells nobody what it has not read, and misses nothing that comes meanwhile', async () => {
    const pair = await setupPair(802);
    const { world, alice, bob, ids, door } = pair;
    await say(alice, ids.alice, ['before']);
    await alice.open(ids.alice);
    await world.run(5000);
    door.shut();
    await restart(pair);
    await say(alice, ids.alice, ['meanwhile']);
    await world.run(20_000);
    expect(alice.messages.at(-1)).toMatchObject({ text: 'meanwhile', delivery: { haveCount: 0 } });
    expect(alice.violations).toEqual([]);
    door.open();
    await world.run(minuteMs, () => alice.messages.at(-1)?.delivery?.haveCount === 1);
    await bob.open(ids.bob);
    expect(bob.texts).toEqual(['alice: before', 'alice: meanwhile']);
    expect(alice.messages.at(-1)?.delivery?.haveCount).toBe(1);
  });

  test('[LZ4] what is asked for waits until it can be answered, in its order', async () => {
    const pair = await setupPair(803);
    const { world, alice, bob, ids, door } = pair;
    await say(alice, ids.alice, ['hello']);
    await world.run(5000);
    door.shut();
    await restart(pair);
    const conversationId = ids.bob;
    bob.openNow(conversationId);
    const answers = ['first', 'second'].map((text) =>
      bob.execute({ type: 'SendMessage', conversationId, text }),
    );
    const made = bob.execute({ type: 'CreateGroup', name: 'new' });
    await world.run(10_000);
    expect((await made).ok).toBe(true);
    expect(bob.items).toEqual([]);
    door.open();
    await world.run(minuteMs, () => bob.texts.length === 3);
    expect((await Promise.all(answers)).every(({ ok }) => ok)).toBe(true);
    expect(bob.texts).toEqual(['alice: hello', 'bob: first', 'bob: second']);
    await alice.open(ids.alice);
    await world.run(minuteMs, () => alice.texts.length === 3);
    expect(alice.texts).toEqual(['alice: hello', 'bob: first', 'bob: second']);
  });

  test('[FT13] sweeps no files of a conversation that is not open yet', async () => {
    const pair = await setupPair(807);
    const { world, alice, bob, ids, door } = pair;
    const attachments = [plainFile(bytesFrom(5, 40_000))];
    const photo = { type: 'SendMessage', text: 'a photo', attachments } as const;
    await alice.do({ ...photo, conversationId: ids.alice });
    await world.run(minuteMs, () => bob.blobDisk.files.size === 1);
    await world.run(5000);
    door.shut();
    await restart(pair);
    const self = bob.state?.conversations.find(({ kind }) => kind === 'self')?.id ?? '';
    const note = bob.execute({ ...photo, conversationId: self });
    await world.run(20_000);
    const [kept] = bob.blobDisk.files.values();
    expect(kept?.size).toBe(1);
    door.open();
    await world.run(minuteMs, () => bob.blobDisk.files.size === 2);
    expect((await note).ok).toBe(true);
    await bob.open(ids.bob);
    await world.run(5000);
    expect(bob.messages.at(-1)?.attachments[0]?.state.kind).toBe('here');
  });

  test('[LZ2] does not show words that were deleted for everybody with nobody there', async () => {
    const pair = await setupPair(806);
    const { world, bob, ids, door } = pair;
    await bob.open(ids.bob);
    for (const text of ['said to all', 'only here']) {
      await say(bob, ids.bob, [text]);
      await world.run(5000);
      expect(listed(bob, ids.bob)?.lastLine?.text).toBe(text);
      await pair.alice.crash(); // what is asked now waits, as does what is said next
      const keys = [bob.messages.find((message) => message.text === text)?.key ?? ''];
      const deletion = { type: 'DeleteMessages', from: 'everyone', keys } as const;
      expect((await bob.do({ ...deletion, conversationId: ids.bob })).ok).toBe(true);
      door.shut();
      await restart(pair);
      expect(listed(bob, ids.bob)?.lastLine?.text).not.toBe(text);
      door.open();
      await world.run(minuteMs, () => listed(bob, ids.bob) !== undefined);
      await bob.open(ids.bob);
    }
  });

  test('[LZ2] does not show words that were erased just before, or that disappear', async () => {
    const pair = await setupPair(804);
    const { world, alice, bob, ids, door } = pair;
    await alice.open(ids.alice);
    await say(alice, ids.alice, ['a secret']);
    await world.run(5000);
    expect(listed(bob, ids.bob)?.lastLine?.text).toBe('a secret');
    const [message] = alice.messages;
    const keys = [message?.key ?? ''];
    await alice.do({
      ...{ type: 'DeleteMessages', conversationId: ids.alice, keys, from: 'everyone' },
    });
    await world.run(minuteMs, () => listed(bob, ids.bob)?.lastLine?.text !== 'a secret');
    door.shut();
    await restart(pair);
    await world.run(2000);
    expect(listed(bob, ids.bob)?.lastLine?.text ?? '').toBe('');
    door.open();
    await world.run(minuteMs, () => listed(bob, ids.bob) !== undefined);
    await alice.do({ type: 'SetTimer', conversationId: ids.alice, timerMs: 10 * minuteMs });
    await say(alice, ids.alice, ['for ten minutes']);
    await world.run(10_000);
    expect(listed(bob, ids.bob)?.lastLine?.text).toBe('for ten minutes');
    door.shut();
    await restart(pair);
    expect(listed(bob, ids.bob)).toMatchObject({ unreadCount: 1, lastLine: undefined });
  });
});

test('[LZ6] a message makes nothing anew but the summary of its conversation', async () => {
  const { world, alice, bob, ids } = await setupPair(821);
  await world.run(5000);
  const self = bob.state?.conversations.find(({ kind }) => kind === 'self');
  await say(alice, ids.alice, ['hello']);
  await world.run(5000);
  expect(listed(bob, ids.bob)?.unreadCount).toBe(1);
  expect(bob.state?.conversations.find(({ kind }) => kind === 'self')).toBe(self);
});

describe('a long conversation', () => {
  test('[LZ3, LZ14] shows its end first, without holes, and all of it once that is read', async () => {
    const pair = await setupLong(811, 700);
    const { world, bob, ids } = pair;
    await bob.crash();
    bob.start();
    const seen: ReadonlyArray<string>[] = [];
    let heldFirst = 0;
    let firstAtMs: number | undefined;
    bob.openNow(ids.bob);
    await world.run(minuteMs, () => {
      if (bob.texts.length > 0) {
        seen.push(bob.texts);
        firstAtMs ??= world.nowMs;
      }
      heldFirst ||= bob.heldCount;
      return bob.heldCount >= 700;
    });
    const expected = own(numbers(700));
    const [first] = seen;
    expect(first?.length).toBeGreaterThan(50);
    expect(heldFirst).toBeLessThan(600); // it did not wait for all
    expect(world.nowMs - (firstAtMs ?? world.nowMs)).toBeGreaterThanOrEqual(limits.readableRestMs);
    expect(seen.every((texts) => texts.join() === expected.slice(-texts.length).join())).toBe(true);
    expect(bob.heldCount).toBeGreaterThanOrEqual(700);
    await world.run(5000);
    await bob.showAll();
    expect(bob.texts).toEqual(expected);
    expect(bob.state?.conversations.find(({ id }) => id === ids.bob)?.unreadCount).toBe(700);
  });

  test('[LZ13] words are kept at once while older messages are on their way', async () => {
    const pair = await setupPair(815);
    const { world, alice, bob, ids } = pair;
    await alice.do({ type: 'SetTimer', conversationId: ids.alice, timerMs: 60 * minuteMs });
    const sent = numbers(700).map((text) =>
      alice.execute({ type: 'SendMessage', conversationId: ids.alice, text }),
    );
    await world.run(10 * minuteMs, () => listed(bob, ids.bob)?.unreadCount === 700);
    await Promise.all(sent);
    await world.run(5000); // it is kept as it is listed
    await bob.crash();
    bob.start();
    bob.openNow(ids.bob);
    await world.run(minuteMs, () => bob.texts.length > 0);
    const heldCounts: number[] = [];
    const answers = ['early', 'next'].map(async (text) => {
      const answer = await bob.execute({ type: 'SendMessage', conversationId: ids.bob, text });
      heldCounts.push(bob.heldCount);
      return answer.ok;
    });
    await world.run(minuteMs, () => heldCounts.length === 2);
    expect(Math.max(...heldCounts)).toBeLessThan(600); // they did not wait for all
    await bob.crash();
    bob.start();
    bob.openNow(ids.bob);
    await world.run(minuteMs, () => bob.texts.at(-1) === 'bob: next');
    expect(bob.texts.slice(-2)).toEqual(['bob: early', 'bob: next']);
    expect(bob.messages.slice(-2).map((message) => message.disappearing?.timerMs)).toEqual([
      60 * minuteMs,
      60 * minuteMs,
    ]);
    await alice.open(ids.alice);
    await world.run(minuteMs, () => alice.texts.at(-1) === 'bob: next');
    expect(alice.texts.slice(-3)).toEqual(['alice: message 699', 'bob: early', 'bob: next']);
    expect(await Promise.all(answers)).toEqual([true, true]);
  });

  test('[LZ3] what was done to an old message shows on it when it comes from disk', async () => {
    const pair = await setupLong(812, 400);
    const { world, alice, bob, ids } = pair;
    await alice.open(ids.alice);
    await alice.showAll();
    const keyOf = (text: string): string =>
      alice.messages.find((message) => message.text === text)?.key ?? '';
    const [edited, deleted, liked] = [keyOf('message 1'), keyOf('message 2'), keyOf('message 3')];
    const conversationId = ids.alice;
    await alice.do({
      ...{ type: 'EditMessage', conversationId, key: edited, text: 'edited', mentions: [] },
    });
    await alice.do({
      ...{ type: 'DeleteMessages', conversationId, keys: [deleted], from: 'everyone' },
    });
    await alice.do({ type: 'React', conversationId, key: liked, emoji: '👍', isOn: true });
    await world.run(minuteMs);
    await restart(pair);
    await bob.open(ids.bob);
    await world.run(minuteMs);
    await bob.showAll();
    expect(bob.texts.slice(0, 2)).toEqual(['alice: message 0', 'alice: edited']);
    expect(bob.texts).not.toContain('alice: message 2');
    expect(bob.messages.find(({ key }) => key === liked)?.reactions).toHaveLength(1);
  });

  test('[LZ3, EX4] nothing is shown whose time was over meanwhile, however old it is', async () => {
    const pair = await setupPair(813);
    const { world, alice, bob, ids } = pair;
    await alice.do({ type: 'SetTimer', conversationId: ids.alice, timerMs: 10 * minuteMs });
    await say(alice, ids.alice, ['goes']);
    await alice.do({ type: 'SetTimer', conversationId: ids.alice, timerMs: undefined });
    const sent = numbers(400).map((text) =>
      alice.execute({ type: 'SendMessage', conversationId: ids.alice, text }),
    );
    await world.run(10 * minuteMs, () => listed(bob, ids.bob)?.unreadCount === 401);
    await Promise.all(sent);
    await bob.do({ type: 'MarkRead', conversationId: ids.bob });
    await world.run(5000);
    await bob.crash();
    await world.run(20 * minuteMs);
    bob.start();
    await world.run(minuteMs, () => bob.state?.phase === 'ready');
    const seen = new Set<string>();
    bob.openNow(ids.bob);
    await world.run(minuteMs, () => {
      for (const text of bob.texts) seen.add(text);
      return false;
    });
    await bob.showAll();
    for (const text of bob.texts) seen.add(text);
    expect(seen.size).toBe(400);
    expect(seen.has('alice: goes')).toBe(false);
  });

  test('[LZ5, OW1] a crash in the middle of opening loses and forks nothing', async () => {
    const pair = await setupLong(814, 400);
    const { world, alice, bob, ids } = pair;
    for (const events of [20, 60, 100]) {
      await bob.crash();
      bob.start();
      bob.openNow(ids.bob);
      const text = `try ${String(events)}`;
      void bob.execute({ type: 'SendMessage', conversationId: ids.bob, text });
      let left = events;
      await world.run(minuteMs, () => (left -= 1) < 0);
    }
    await restart(pair);
    await say(bob, ids.bob, ['at last']);
    await world.run(minuteMs);
    await bob.open(ids.bob);
    await bob.showAll();
    await alice.open(ids.alice);
    await alice.showAll();
    expect(bob.texts.slice(0, 400)).toEqual(own(numbers(400)));
    expect(bob.texts.at(-1)).toBe('bob: at last');
    expect(alice.texts).toEqual(bob.texts);
    expect(
      alice.items.some((item) => item.type === 'notice' && item.notice.kind === 'forked'),
    ).toBe(false);
  });
});
