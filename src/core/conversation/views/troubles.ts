/** What can be proved against the devices of a member. */
import { toHex } from '../../../base/bytes.ts';
import type { MemberTrouble } from '../../api.ts';
import type { Conversation } from '../conversation.ts';

/** [FK5] A device with two histories, until its root takes it back; two histories of the root. */
export const troublesOf = (
  conversation: Conversation,
  identityHex: string,
): ReadonlyArray<MemberTrouble> => {
  const { forks, devices, identities } = conversation.membership.view;
  const merged = identities.get(identityHex);
  const isOut = (deviceHex: string): boolean =>
    conversation.identityOf(deviceHex) === identityHex &&
    merged?.log?.revokedKeys.has(deviceHex) !== true &&
    !devices.some(({ devSignPub }) => toHex(devSignPub) === deviceHex);
  return [
    ...(forks.some(({ devSignPub }) => isOut(toHex(devSignPub))) ? ['two-histories' as const] : []),
    ...(merged?.fork !== undefined || conversation.membership.inDoubt().has(identityHex)
      ? ['identity-log' as const]
      : []),
  ];
};
