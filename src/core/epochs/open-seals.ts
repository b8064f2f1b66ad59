/** This device's box among the seals of an epoch (PROTOCOL §4). */
import { equalBytes } from '../../base/bytes.ts';
import { openSealBox, type Seal } from '../../protocol/epochs/seal.ts';
import { viewAt } from '../../protocol/membership/membership.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import type { MembershipState } from '../conversation/membership-state.ts';
import type { LogDeps } from './epoch-logs.ts';
import type { OwnPrekeys } from './prekeys.ts';

/** The secret that the operation promises; undefined where none of the seals holds it for us. */
export const openSeals = async (
  { core, me }: LogDeps,
  { membership, prekeys }: { readonly membership: MembershipState; readonly prekeys: OwnPrekeys },
  { op, seals }: { readonly op: ControlOp; readonly seals: ReadonlyArray<Seal> },
): Promise<Uint8Array | undefined> => {
  if (op.body.type !== 'epoch') return undefined;
  const { secretHash } = op.body;
  const devices = viewAt(membership.opSet, op.opId)?.devices ?? [];
  const own = devices.findIndex(({ devSignPub }) => equalBytes(devSignPub, me.device.publicKey));
  if (own < 0) return undefined;
  for (const { epochId, ephemeralPub, first, boxes } of seals) {
    const box = boxes[own - first];
    if (box === undefined) continue;
    const opened = await openSealBox(core.backend, {
      epochId,
      secretHash,
      ephemeralPub,
      box,
      prekeys: prekeys.all(),
      inboxSeed: me.inboxSeed,
    });
    if (opened.ok) return opened.value;
  }
  return undefined;
};
