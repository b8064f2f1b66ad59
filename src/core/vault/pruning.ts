/** Empties the journal of what lies safely in its segment, again while something waits. */
import type { Clock } from '../../platform/port.ts';
import { limits } from '../../protocol/limits.ts';
import type { Segments } from './segments.ts';

export const createPruning = (clock: Clock, segments: Pick<Segments, 'prune'>): (() => void) => {
  let isDue = false;
  const soon = (): void => {
    if (isDue) return;
    isDue = true;
    clock.schedule(limits.journalPruneMs, () => {
      void segments.prune().then((waiting) => {
        isDue = false;
        if (waiting > 0) soon();
      });
    });
  };
  return soon;
};
