/** Whether what was just written has to be told by gossip, beside the links it goes over anyway. */
import { limits } from '../../protocol/limits.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { Conversation } from './conversation.ts';

/**
 * [FW4] Gossip reaches who is linked with somebody else alone. Where every device that may read it is
 * linked with this one it would bring each of them the same again, once from each of its neighbours:
 * among a few that costs nothing, in a group more than all else.
 */
export const needsGossip = (
  { peers, epochs, deviceHex }: Pick<Conversation, 'peers' | 'epochs' | 'deviceHex'>,
  epoch: Epoch,
): boolean => {
  const readers = [...epochs.recipients(epoch).keys()];
  if (readers.length <= limits.gossipAlwaysDevicesMax) return true;
  const linked = new Set(
    peers.filter(({ isComplete }) => isComplete).map((peer) => peer.deviceHex),
  );
  linked.add(deviceHex);
  return readers.some((reader) => !linked.has(reader));
};
