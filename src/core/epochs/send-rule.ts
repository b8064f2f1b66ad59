/**
 * The send rule (PROTOCOL §4): under which of the epochs held this device may write now. Safety
 * hangs on it alone, so it looks at what the epoch itself has seen, never at what came when.
 */
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { lamportCeiling } from '../../protocol/body.ts';
import { limits } from '../../protocol/limits.ts';
import { levels } from '../../protocol/membership/op-bodies.ts';
import {
  greatestEpochBase,
  isBefore,
  viewAt,
  viewDigest,
  type OpNode,
  type View,
} from '../../protocol/membership/membership.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';

export interface SendRuleInput<E> {
  readonly membership: Pick<MembershipState, 'opSet' | 'view' | 'departures'>;
  readonly held: ReadonlyArray<E>;
  /** Too old or too full, a turn in a direct conversation, or shared as history (HI2). */
  readonly isClosed: (epoch: E) => boolean;
}

/** People whose words count: readers have none (see `CL5`). */
const writersOf = (view: View): string =>
  [...view.levels]
    .filter(([, level]) => level >= levels.member)
    .map(([identityHex]) => identityHex)
    .sort()
    .join();

/**
 * [SR1] An epoch whose recipients are exactly the device set now and whose writers are those of
 * now, which has seen everybody go who went, and which no other epoch held has replaced: what was
 * written there is closed. Nor one whose lamports end before those of another epoch begin: what is
 * written there would stand before all of that. Of several the deepest, then the smallest id;
 * undefined: one must be made.
 */
export const chooseEpoch = <E extends { readonly id: Uint8Array; readonly idHex: string }>({
  membership,
  held,
  isClosed,
}: SendRuleInput<E>): E | undefined => {
  const { opSet, view } = membership;
  const digest = viewDigest(view);
  const greatestBase = greatestEpochBase(opSet);
  const nodes = new Map<E, OpNode>();
  for (const epoch of held) {
    const node = opSet.nodeByKey.get(epoch.idHex);
    if (node !== undefined) nodes.set(epoch, node);
  }
  const isFit = (epoch: E, node: OpNode): boolean => {
    const { body } = node.op;
    if (body.type !== 'epoch' || !equalBytes(body.recipientsDigest, digest)) return false;
    if (isClosed(epoch) || lamportCeiling(body.base, 1) < greatestBase) return false;
    if ([...nodes.values()].some((other) => isBefore(node, other))) return false;
    if (!membership.departures().every((departure) => isBefore(departure, node))) return false;
    const then = viewAt(opSet, epoch.id);
    return then !== undefined && writersOf(then) === writersOf(view);
  };
  return [...nodes]
    .sort(([, a], [, b]) => b.op.depth - a.op.depth || compareBytes(a.op.opId, b.op.opId))
    .find(([epoch, node]) => isFit(epoch, node))?.[0];
};

/** [SR2] Time to rotate: too many entries, too many bytes, too old; sooner where two take turns. */
export const isWornOut = ({
  entries,
  bytes,
  ageMs,
  isTurn,
}: {
  readonly entries: number;
  readonly bytes: number;
  readonly ageMs: number;
  readonly isTurn: boolean;
}): boolean => {
  if (isTurn && (ageMs > limits.turnAgeMaxMs || entries > limits.turnEntriesMax)) return true;
  return (
    entries >= limits.entriesPerEpochSoftMax ||
    bytes >= limits.bytesPerEpochSoftMax ||
    ageMs > limits.epochAgeMaxMs
  );
};
