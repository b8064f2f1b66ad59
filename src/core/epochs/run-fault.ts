/** Why a run was left out of a log, and what that says of who sent it. */
import type { Refusal } from '../../replication/gate.ts';
import type { Run } from '../../replication/runs.ts';

/** Why a run was left out. The others of the same update are taken all the same. */
export type RunFault =
  | 'invalid' // no honest peer sends this: unsigned, of another epoch, or a bind that does not hold
  | 'unknown-writer' // validly signed by a device that may not (yet) write here
  | 'out-of-order' // entries before it are missing: catch up
  | 'other-history'; // two histories of one writer: the sender only passes on what it got

/** What a refusal says of who sent the run. */
export const faultOf = ({ code }: Refusal, { envelopes }: Run): RunFault => {
  if (code === 'gap') return 'out-of-order';
  if (code === 'fork' || code === 'diverged') return 'other-history';
  // A single live entry may lean on a later signature; it comes again with its successor.
  return code === 'unsigned' && envelopes.length === 1 ? 'out-of-order' : 'invalid';
};
