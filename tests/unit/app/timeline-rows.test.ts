import { describe, expect, test } from 'vitest';
import {
  createTimelineRows,
  isLate,
  timelineRows,
  type RowsOf,
} from '../../../src/app/timeline-rows.ts';
import type { MessageItem, Person } from '../../../src/core/api.ts';
import { plainContent } from '../../support/plain.ts';

const me: Person = { id: 'me', name: 'Nora', isMe: true };
const ben: Person = { id: 'ben', name: 'Ben', isMe: false };
const noon = new Date(2026, 4, 3, 12).getTime();
const minute = 60_000;

const message = (key: string, author: Person, atMs: number): MessageItem => ({
  type: 'message',
  key,
  author,
  text: key,
  sentAtMs: atMs,
  arrivedAtMs: author.isMe ? undefined : atMs,
  ...plainContent,
  delivery: undefined,
});

const shape = (items: RowsOf['items'], newKey?: string): string[] =>
  timelineRows({ items, newKey, earlierCount: 0 }).map((row) =>
    row.type === 'message'
      ? `${row.key}${row.isFirst ? ' first' : ''}${row.isLast ? ' last' : ''}`
      : row.type,
  );

test('[LZ10] what is put before or behind a timeline makes only new rows and those it touches', () => {
  const rowsOf = createTimelineRows();
  const hour = 60 * minute;
  const items = [0, 1, 2, 3, 4].map((at) => message(`m${String(at)}`, ben, noon + at * hour));
  const before = rowsOf({ items: items.slice(2, 4), newKey: undefined, earlierCount: 2 });
  const after = rowsOf({ items, newKey: undefined, earlierCount: 0 });
  expect(before.map(({ key }) => key)).toEqual(['day-m2', 'm2', 'm3']);
  expect(after.map(({ key }) => key)).toEqual(['day-m0', 'm0', 'm1', 'm2', 'm3', 'm4']);
  expect(after.filter((row) => before.includes(row)).map(({ key }) => key)).toEqual(['m2', 'm3']);
  const marked = rowsOf({ items, newKey: 'm4', earlierCount: 0 });
  expect(marked.filter((row) => !after.includes(row)).map(({ key }) => key)).toEqual(['new']);
});

describe('rows of a timeline', () => {
  test('[UI40] one sender within five minutes is one group', () => {
    const items = [
      message('a', ben, noon),
      message('b', ben, noon + 5 * minute),
      message('c', ben, noon + 11 * minute),
      message('d', me, noon + 12 * minute),
    ];
    expect(shape(items)).toEqual(['day', 'a first', 'b last', 'c first last', 'd first last']);
  });

  test('[UI40] a new day breaks the group and gets a line', () => {
    const midnight = new Date(2026, 4, 4).getTime();
    const items = [message('a', ben, midnight - minute), message('b', ben, midnight + minute)];
    expect(shape(items)).toEqual(['day', 'a first last', 'day', 'b first last']);
  });

  test('[UI40] the line above what is new breaks the group', () => {
    const items = [message('a', ben, noon), message('b', ben, noon + minute)];
    expect(shape(items, 'b')).toEqual(['day', 'a first last', 'new', 'b first last']);
  });

  test('[UI40] what is no message keeps its place and breaks the group', () => {
    const items = [
      message('a', ben, noon),
      { type: 'gap' as const, key: 'g', author: ben, missingCount: 2 },
      message('b', ben, noon + minute),
    ];
    expect(shape(items)).toEqual(['day', 'a first last', 'gap', 'b first last']);
  });

  test('[UI41] late is more than ten minutes between writing and arriving', () => {
    const arriving = (lateMs: number): MessageItem => ({
      ...message('a', ben, noon),
      arrivedAtMs: noon + lateMs,
    });
    expect(isLate(arriving(10 * minute))).toBe(false);
    expect(isLate(arriving(10 * minute + 1))).toBe(true);
    expect(isLate(message('a', me, noon))).toBe(false);
  });
});
