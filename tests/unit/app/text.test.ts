import { describe, expect, test } from 'vitest';
import { en } from '../../../src/app/text/en.ts';
import { counted, day, moment, shortened, shortTime, size } from '../../../src/app/text/format.ts';
import type { DeliveryState } from '../../../src/core/api.ts';
import { plainContent } from '../../support/plain.ts';

const now = new Date(2026, 4, 3, 14, 5).getTime(); // a Sunday
const hoursAgo = (hours: number): number => now - hours * 3_600_000;

const states: ReadonlyArray<DeliveryState> = [
  'saved',
  'parked',
  'delivered',
  'read',
  'blocked',
  'expired',
];

/** Every string in the catalogue; functions are left to the tests that call them. */
const stringsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
};

describe('words', () => {
  test('[UI44] nothing is ever "sent", and nothing is "loading"', () => {
    const words = [
      ...stringsOf(en),
      ...states.flatMap((state) =>
        (['self', 'direct', 'group'] as const).map((kind) =>
          en.message.delivery({ state, haveCount: 1, peopleCount: 3 }, kind, 'Ana'),
        ),
      ),
    ];
    expect(words.length).toBeGreaterThan(100);
    expect(words.filter((text) => /\b(sent|sending|loading|failed to)\b/iu.test(text))).toEqual([]);
  });

  test('[UI44] delivery counts people and names the one who is waited for', () => {
    const saved = { state: 'saved', haveCount: 0, peopleCount: 1 } as const;
    expect(en.message.delivery(saved, 'direct', 'Ana')).toBe('Waiting for Ana');
    expect(en.message.delivery(saved, 'self', '')).toBe('Only on this device');
    const nobody = { state: 'parked', haveCount: 0, peopleCount: 0 } as const;
    const forNobody = { ...nobody, isForNobody: true } as const;
    expect(en.message.delivery(nobody, 'group', '')).toBe('In the mailbox. No one has it yet.');
    expect(en.message.delivery(forNobody, 'group', '')).toBe(
      'Nobody else was here yet: only you have it',
    );
    const some = { state: 'delivered', haveCount: 1, peopleCount: 4 } as const;
    expect(en.message.delivery(some, 'group', 'Team')).toBe('1 of 4 people have it · 3 waiting');
    const all = { state: 'delivered', haveCount: 4, peopleCount: 4 } as const;
    expect(en.message.delivery(all, 'group', 'Team')).toBe('Everyone has it');
    expect(en.message.delivery(all, 'direct', 'Ana')).toBe('Delivered');
  });

  test('[UI45] a message is named author, time, text, edited, status', () => {
    const item = {
      type: 'message' as const,
      key: 'k',
      author: { id: 'me', name: 'Nora', isMe: true },
      text: 'x'.repeat(300),
      sentAtMs: now,
      arrivedAtMs: undefined,
      ...plainContent,
      isEdited: true,
      delivery: undefined,
    };
    const name = en.message.name(item, 'Delivered');
    expect(name).toMatch(/^You, 14:05, x+…, edited, Delivered$/u);
    expect(name.split(', ')[2]?.length).toBe(200);
    expect(en.message.name({ ...item, isEdited: false, text: 'hi' }, undefined)).toBe(
      'You, 14:05, hi',
    );
  });

  test('[UI46] times get shorter the nearer they are', () => {
    expect(shortTime(hoursAgo(1), now)).toBe('13:05');
    expect(shortTime(hoursAgo(24), now)).toBe('Yesterday');
    expect(shortTime(hoursAgo(72), now)).toBe('Thu');
    expect(shortTime(hoursAgo(24 * 30), now)).toBe('3 Apr');
    expect(day(now, now)).toBe('Today');
    expect(moment(hoursAgo(24), now)).toBe('yesterday 14:05');
  });

  test('[UI46] numbers go with their nouns, sizes with their units', () => {
    expect(counted(1, 'person', 'people')).toBe('1 person');
    expect(counted(2400, 'person', 'people')).toBe('2,400 people');
    expect(size(512)).toBe('512 bytes');
    expect(size(12_345_678)).toBe('12.3 MB');
  });

  test('[UI46] shortening never cuts a character in half', () => {
    expect(shortened('👩‍🌾'.repeat(3), 200)).toBe('👩‍🌾'.repeat(3));
    expect(shortened('🌱🌱🌱🌱', 3)).toBe('🌱🌱…');
  });
});
