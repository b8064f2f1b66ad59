import { expect, test } from 'vitest';
import type { ConversationSummary, CoreState } from '../../../src/core/api.ts';
import { createStateHearer, createStateTeller } from '../../../src/core/screen/state-change.ts';
import { startingState } from '../../../src/app/starting-state.ts';
import { groupNamed } from '../../support/plain.ts';

const stateWith = (...conversations: ReadonlyArray<ConversationSummary>): CoreState => ({
  ...startingState,
  phase: 'ready',
  conversations,
});

/** As a worker and a window: nothing crosses but copies. */
const setup = () => {
  const [tell, hear] = [createStateTeller(), createStateHearer()];
  const changes: number[] = [];
  const orders: (number | undefined)[] = [];
  return {
    changes,
    orders,
    next: (state: CoreState): CoreState => {
      const change = tell(state);
      changes.push(change.changed.length);
      orders.push(change.order?.length);
      return hear(structuredClone(change));
    },
  };
};

const [a, b, c] = [groupNamed('a'), groupNamed('b'), groupNamed('c')];

test('[LZ7] what the window hears is what the worker told, whatever changed', () => {
  const { next } = setup();
  const states = [
    stateWith(),
    stateWith(a, b),
    stateWith(b, a),
    stateWith({ ...b, unreadCount: 3 }, c, a),
    stateWith(c),
    stateWith(a, c),
    { ...stateWith(a, c), phase: 'unusable' as const },
  ];
  for (const state of states) expect(next(state)).toEqual(state);
});

test('[LZ7] only rows that look different cross, and the others are the same objects as before', () => {
  const { next, changes } = setup();
  const before = next(stateWith(a, b));
  const after = next(stateWith({ ...b, unreadCount: 1 }, { ...a }));
  expect(changes).toEqual([2, 1]);
  expect(after.conversations[1]).toBe(before.conversations[0]);
  expect(after.conversations[0]).not.toBe(before.conversations[1]);
});

test('[LZ7] where nothing of the list is different nothing of it crosses, and it is the same list', () => {
  const { next, changes, orders } = setup();
  const before = next(stateWith(a, b));
  const same = next({ ...stateWith({ ...a }, b), phase: 'unusable' });
  const other = next(stateWith({ ...a, unreadCount: 1 }, b));
  expect(changes).toEqual([2, 0, 1]);
  expect(orders).toEqual([2, undefined, undefined]);
  expect(same.conversations).toBe(before.conversations);
  expect(other.conversations).toMatchObject([{ id: 'a', unreadCount: 1 }, { id: 'b' }]);
});
