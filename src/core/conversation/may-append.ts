/** Whether what was composed may go into a log now (PROTOCOL §5, Outbox). */
import { toHex } from '../../base/bytes.ts';
import { levels } from '../../protocol/membership/op-bodies.ts';
import type { View } from '../../protocol/membership/membership.ts';
import type { Conversation } from './conversation.ts';

/**
 * Alone, or caught up with a device of somebody or with a mailbox; by a device that takes part, to
 * people who have one.
 */
export const mayAppend = ({ membership, deviceHex, peers, hasMailbox }: Conversation): boolean => {
  const { view } = membership;
  const own = view.devices.find(({ devSignPub }) => toHex(devSignPub) === deviceHex);
  const level = own && view.levels.get(toHex(own.identityId));
  // After two histories a device is out, and with it its person where it was the only one.
  if (level === undefined || level < levels.member) return false;
  if (view.kind === 'direct' && !hasDevices(view)) return false;
  if (view.devices.length === 1 || hasMailbox) return true;
  return peers.some(({ isCaughtUp }) => isCaughtUp);
};

/** Everybody has one at least. */
const hasDevices = ({ levels: people, devices }: View): boolean => {
  const owners = new Set(devices.map(({ identityId }) => toHex(identityId)));
  return [...people.keys()].every((identityHex) => owners.has(identityHex));
};
