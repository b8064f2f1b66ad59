import { expect, test } from 'vitest';
import type { ConversationSummary, CoreState } from '../../../src/core/api.ts';
import { createStateHearer, createStateTeller } from '../../../src/core/screen/state-change.ts';
import { startingState } from '../../../src/app/starting-state.ts';
import { plainSummary } from '../../support/plain.ts';

const stateWith = (...conversations: ReadonlyArray<ConversationSummary>): CoreState => ({
  ...startingState,
  phase: 'ready',
  conversations,
});

/** As a worker and a window: nothing crosses but copies. */
const setup = () => {
  const [tell, hear] = [createStateTeller(), createStateHearer()];
  const changes: number[] = [];
  return {
    changes,
    next: (state: CoreState): CoreState => {
      const change = tell(state);
      changes.push(change.changed.length);
      return hear(structuredClone(change));
    },
  };
};

const named = (id: string): ConversationSummary => ({
  ...plainSummary,
  id,
  kind: 'group',
  name: id,
  other: undefined,
  lastLine: undefined,
  draft: '',
  unreadCount: 0,
  waitingCount: 0,
  peopleCount: 1,
  truth: { kind: 'alone' },
  activeAtMs: 0,
  failure: undefined,
  closed: undefined,
});
const [a, b, c] = [named('a'), named('b'), named('c')];

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
