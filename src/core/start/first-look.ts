/**
 * [FP2] The state as it can be told before any conversation is open, and before the code that opens
 * them is there: what was kept, and nothing that is not all there.
 */
import { toHex } from '../../base/bytes.ts';
import { identityIdOf } from '../../protocol/membership/identity-id.ts';
import type { CoreState, Trouble } from '../api.ts';
import { listedAs, newestFirst } from '../conversation/views/kept-summary.ts';
import { Notes } from '../conversation/notes.ts';
import type { CoreConfig } from '../deps.ts';
import { troubleOf } from '../failures.ts';
import { nothingOpen } from '../nothing-open.ts';
import { nobodysState, ownStateOf } from '../screen/own-state.ts';
import type { Begun, Kept } from './begin.ts';

const nobody = { ...nothingOpen, ...nobodysState };

/** Undefined: something has to be opened before the list can be shown. */
export const firstLookOf = (begun: Begun, { wasUsed }: CoreConfig): CoreState | undefined => {
  if (!begun.ok) return unusable(troubleOf(begun.error));
  if (begun.value !== undefined) return listOf(begun.value);
  const troubles: ReadonlyArray<Trouble> = wasUsed === true ? ['storage-lost'] : [];
  return { ...nobody, phase: 'first-run', troubles, isPartial: true };
};

const listOf = ({ stored: { vault, record }, settings, listed }: Kept): CoreState | undefined => {
  const known = listed?.flatMap(({ kept, ...rest }) =>
    kept === undefined ? [] : { ...rest, kept },
  );
  if (known === undefined || known.length !== listed?.length) return undefined;
  if (!known.some(({ kept }) => kept.kind === 'self')) return undefined; // it is made first
  const conversations = known.map(({ convId, notes: value, kept }) => {
    const notes = new Notes(vault, convId);
    notes.take(value);
    return listedAs(kept, notes, { settings, isOnline: true });
  });
  const ownHex = toHex(identityIdOf(record.rootPub));
  return {
    ...nothingOpen,
    ...ownStateOf({ ownHex, ownName: record.name, settings }, false),
    phase: 'ready',
    conversations: newestFirst(conversations),
    isPartial: true,
  };
};

/** What is shown stays, where there is something; what is missing is said. */
export const lookWithoutRest = (look: CoreState | undefined): CoreState => {
  if (look?.phase === 'unusable') return look;
  return look?.phase === 'ready' ? { ...look, troubles: ['core-failed'] } : unusable('core-failed');
};

const unusable = (trouble: Trouble): CoreState => ({
  ...nobody,
  phase: 'unusable',
  troubles: [trouble],
});
