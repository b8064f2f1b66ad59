import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConversationSummary } from '../../../src/core/api.ts';
import Rows from '../../../src/ui/list/Rows.svelte';
import { plainSummary } from '../../support/plain.ts';

const nowMs = 1_000_000;

const summary = (i: number): ConversationSummary => ({
  ...plainSummary,
  id: `group-${String(i)}`,
  kind: 'group',
  name: `Group ${String(i)}`,
  other: undefined,
  lastLine: undefined,
  draft: '',
  unreadCount: 0,
  waitingCount: 0,
  peopleCount: 2,
  truth: { kind: 'alone' },
  activeAtMs: nowMs - i,
  failure: undefined,
  closed: undefined,
});

const namesIn = (target: Element): ReadonlyArray<string | null> =>
  [...target.querySelectorAll('a b')].map(({ textContent }) => textContent);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('[MY4] of a long list the first rows stand at once, the others a few at a time', async () => {
  const conversations = Array.from({ length: 60 }, (_, i) => summary(i));
  const target = document.createElement('ul');
  const rows = mount(Rows, {
    target,
    props: { conversations, openId: undefined, firstId: undefined, nowMs },
  });
  flushSync();
  const all = conversations.map(({ name }) => name);
  expect(namesIn(target)).toEqual(all.slice(0, 24));
  const first = target.querySelector('li');
  const counts = [24];
  while (vi.getTimerCount() > 0) {
    vi.advanceTimersToNextTimer();
    flushSync();
    counts.push(namesIn(target).length);
  }
  expect(counts).toEqual([24, 48, 60]);
  expect(namesIn(target)).toEqual(all);
  expect(target.querySelector('li')).toBe(first); // what stood there was not made again
  await unmount(rows);
});
