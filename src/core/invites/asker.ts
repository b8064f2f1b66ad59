/** Who asks to be let in by an invite. */
import { equalBytes, toHex } from '../../base/bytes.ts';
import type { SealRecipient } from '../../protocol/epochs/seal.ts';
import type { JoinRequest } from '../../protocol/invites/invite.ts';
import { limits } from '../../protocol/limits.ts';
import type { IdentityLog } from '../../protocol/membership/identity.ts';
import type { View } from '../../protocol/membership/view.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Epoch } from '../epochs/epoch.ts';

/** Of what an operation holds beside an identity log and prekeys. */
const opOverheadBytesMax = 2048;

/** Somebody who asked, and whose request holds. */
export interface Asker {
  readonly deviceHex: string;
  readonly request: JoinRequest;
  readonly log: IdentityLog;
  readonly words: ReadonlyArray<string>;
}

/** Those devices of who asked whom the epoch is for: the log they sent may name a revoked one. */
export const recipientsAmong = (
  { request, log }: Asker,
  { epochs }: Conversation,
  epoch: Epoch,
): ReadonlyArray<SealRecipient> =>
  log.devices
    .filter(({ devSignPub }) => epochs.recipients(epoch).has(toHex(devSignPub)))
    .map(({ devSignPub, inboxPub }) => ({
      devSignPub,
      inboxPub,
      prekey: request.prekeyBundles.find((own) => equalBytes(own.devSignPub, devSignPub))?.bundle,
    }));

/** An `add` or `identity` of who asks has to hold it, with all that an operation has besides. */
export const fitsInOp = ({ identityLog, prekeyBundles }: JoinRequest): boolean => {
  const bytes = prekeyBundles.reduce((sum, { bundle }) => sum + bundle.length + 64, 0);
  return identityLog.length + bytes <= limits.opBytesMax - opOverheadBytesMax;
};

/** What an `add` says of them. */
export const addedAs = ({ request: { identityLog, prekeyBundles, name }, log }: Asker) => ({
  identityId: log.identityId,
  identityLog,
  prekeyBundles,
  name,
});

/** [IV4] Of these, in their order, those for whose devices a group has room: one too many would shut out all. */
export const fittingIn = (
  { devices }: Pick<View, 'devices'>,
  askers: ReadonlyArray<Asker>,
): ReadonlyArray<Asker> => {
  let room: number = limits.devicesMax - devices.length;
  return askers.filter(({ log }) => {
    if (log.devices.length > room) return false;
    room -= log.devices.length;
    return true;
  });
};
