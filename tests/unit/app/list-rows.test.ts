import { expect, test } from 'vitest';
import { createListRows } from '../../../src/app/list-rows.ts';
import { groupNamed } from '../../support/plain.ts';

test('[MY5] going on to another conversation makes two rows anew, whatever the length of the list', () => {
  const rowsOf = createListRows();
  const conversations = Array.from({ length: 500 }, (_, i) => groupNamed(String(i)));
  const open = (id: string) => rowsOf({ conversations, openId: id, firstId: id });
  const before = open('7');
  const after = open('70');
  const isNew = (_: unknown, at: number): boolean => after[at] !== before[at];
  expect(after.filter(isNew)).toMatchObject([
    { conversation: { id: '7' }, isOpen: false, isFirst: false },
    { conversation: { id: '70' }, isOpen: true, isFirst: true },
  ]);
});

test('[MY5] rows go where their conversations go, and one that says something else is another', () => {
  const rowsOf = createListRows();
  const [a, b, c] = [groupNamed('a'), groupNamed('b'), groupNamed('c')];
  const places = { openId: undefined, firstId: undefined };
  const [rowA, rowB, rowC] = rowsOf({ conversations: [a, b, c], ...places });
  const moved = rowsOf({ conversations: [{ ...c, unreadCount: 1 }, a, b], ...places });
  expect(moved.slice(1)).toEqual([rowA, rowB]);
  expect(moved[1]).toBe(rowA);
  expect(moved[2]).toBe(rowB);
  expect(moved[0]).not.toBe(rowC);
  expect(moved[0]?.conversation.unreadCount).toBe(1);
});
