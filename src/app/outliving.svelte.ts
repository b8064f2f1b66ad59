import { assert } from '../base/assert.ts';

/**
 * Makes a state for as long as the window lives. What is derived in it would otherwise end with the
 * component that happened to ask for it first, and say for ever what it said last.
 */
export const outliving = <State extends object>(make: () => State): State => {
  const made: State[] = [];
  $effect.root(() => {
    made.push(make());
  });
  const [state] = made;
  assert(state !== undefined, 'a root runs at once');
  return state;
};
