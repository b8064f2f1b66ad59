import { describe, expect, test } from 'vitest';
import { fromLocalField, laterChoices, toLocalField } from '../../../src/app/later.ts';

const at = (...parts: [number, number, number, number, number]): number =>
  new Date(...parts).getTime();

const chosen = (nowMs: number): ReadonlyArray<string> =>
  laterChoices(nowMs).map(({ name, atMs }) => `${name} ${toLocalField(atMs)}`);

describe('times for what goes out later', () => {
  test('[SL4] on a Tuesday at noon', () => {
    expect(chosen(at(2026, 10, 24, 12, 5))).toEqual([
      'hour 2026-11-24T13:05',
      'evening 2026-11-24T18:00',
      'morning 2026-11-25T09:00',
      'week 2026-11-30T09:00',
    ]);
  });

  test('[SL4] in the evening, and where tomorrow is Monday, there are fewer', () => {
    expect(chosen(at(2026, 10, 29, 20, 0))).toEqual([
      'hour 2026-11-29T21:00',
      'morning 2026-11-30T09:00',
    ]);
    expect(chosen(at(2026, 10, 30, 17, 30))).toEqual([
      'hour 2026-11-30T18:30',
      'morning 2026-12-01T09:00',
      'week 2026-12-07T09:00',
    ]);
  });

  test('[SL4] a field gives back what it was given, to the minute', () => {
    const ms = at(2026, 0, 2, 3, 4);
    expect(fromLocalField(toLocalField(ms))).toBe(ms);
    expect(fromLocalField('')).toBeUndefined();
  });
});
