/** What a newcomer is given of a conversation as it is now, in parts that fit in entries. */
import type { Result } from '../../base/result.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import type { Seal } from '../../protocol/epochs/seal.ts';
import { encodeWelcome, splitWelcome, type WelcomePart } from '../../protocol/invites/welcome.ts';
import { encodeIdentityLog, type IdentityLog } from '../../protocol/membership/identity.ts';
import type { ControlOp, DeviceBundle } from '../../protocol/membership/ops.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Epoch } from '../epochs/epoch.ts';

export interface WelcomeInput {
  readonly conversation: Conversation;
  readonly epoch: Epoch;
  readonly inviteOp: ControlOp;
  readonly inviterLog: IdentityLog;
  readonly seals: ReadonlyArray<Seal>;
  readonly olderSeals: ReadonlyArray<Seal>;
  readonly relays: ReadonlyArray<string>;
}

export const makeWelcome = async (
  backend: CryptoBackend,
  { conversation, epoch, inviteOp, inviterLog, seals, olderSeals, relays }: WelcomeInput,
): Promise<Result<ReadonlyArray<WelcomePart>, 'welcome-too-big'>> => {
  const { membership, epochs } = conversation;
  const bundles: DeviceBundle[] = [];
  for (const { devSignPub } of membership.view.devices) {
    const bundle = await epochs.bundles.verified(backend, devSignPub);
    if (bundle !== undefined) bundles.push({ devSignPub, bundle });
  }
  return splitWelcome(
    encodeWelcome({
      ops: membership.all().map(({ bytes }) => bytes),
      inviteOp: inviteOp.bytes,
      inviterLog: encodeIdentityLog(inviterLog),
      epochId: epoch.id,
      seals,
      olderSeals,
      relays,
      bundles,
    }),
  );
};
