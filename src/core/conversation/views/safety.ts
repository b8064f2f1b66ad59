/**
 * What of this person's messages other devices hold (UX §B3, "Safe to close"). Counted log by log: a
 * device takes a log in its order, but it may hold a later epoch and lack an earlier one.
 */
import { bisect } from '../../../base/bisect.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Safety } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ViewContext } from './view-context.ts';

export const otherDevices = ({ membership, deviceHex }: Conversation): ReadonlyArray<string> =>
  membership.view.devices
    .map(({ devSignPub }) => toHex(devSignPub))
    .filter((other) => other !== deviceHex);

const unsentCount = ({ readable }: Conversation): number => readable.waiting().length;

/** [WI1] Own messages that neither another device nor a mailbox is known to hold. */
export const onlyHereCount = (conversation: Conversation, nowMs: number): number => {
  const { delivery } = conversation;
  const others = otherDevices(conversation);
  return conversation.fold.ownPlaces().reduce((count, places) => {
    const [first] = places;
    if (first === undefined) return count;
    const heldSeq = Math.max(
      delivery.parkedCount(first, nowMs),
      ...others.map((one) => delivery.heldCount(one, first)),
    );
    const heldHere = bisect(places.length, (at) => (places[at]?.seq ?? heldSeq) < heldSeq);
    return count + places.length - heldHere;
  }, unsentCount(conversation));
};

/** [WI1] A device holds everything iff it holds the last message of every log of ours. */
export const safetyOf = (
  conversation: Conversation,
  { nowMs, filesOnlyHere }: Pick<ViewContext, 'nowMs' | 'filesOnlyHere'>,
): Safety => {
  const logs = conversation.fold.ownPlaces();
  const unsent = unsentCount(conversation);
  const holdsAll = (device: string): boolean =>
    logs.every((places) => {
      const last = places.at(-1);
      return last === undefined || conversation.delivery.isHeldBy(device, last);
    });
  const ownCount = logs.reduce((sum, places) => sum + places.length, unsent);
  return {
    ownCount,
    onlyHereCount: onlyHereCount(conversation, nowMs),
    fullDeviceCount:
      unsent > 0 || ownCount === 0 ? 0 : otherDevices(conversation).filter(holdsAll).length,
    onlyHereFileCount: filesOnlyHere(conversation),
  };
};
