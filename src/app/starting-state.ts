/** What the window knows before its core has said anything. */
import type { CoreEvent, CoreState } from '../core/api.ts';
import { nothingOpen } from '../core/nothing-open.ts';

export const startingState: CoreState = {
  ...nothingOpen,
  phase: 'starting',
  me: undefined,
  sharing: { receipts: true, typing: true, presence: true },
  fetching: {
    rules: { kinds: [], sizeBytesMax: 0, onMetered: false },
    treatAsMetered: false,
    isMetered: false,
  },
  blocked: [],
};

/** What the window knows when its worker does not even start. */
export const coreFailed: CoreEvent = {
  type: 'StateChanged',
  state: { ...startingState, phase: 'unusable', troubles: ['core-failed'] },
};
