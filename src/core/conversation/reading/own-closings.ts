/** How far logs count, and what this device closes when it binds in an epoch (PROTOCOL §5). */
import { toHex } from '../../../base/bytes.ts';
import { ok, type Result } from '../../../base/result.ts';
import type { Bind, Closing } from '../../../protocol/epochs/bind.ts';
import type { Epoch } from '../../epochs/epoch.ts';
import type { EpochLogs } from '../../epochs/epoch-logs.ts';
import type { OwnPrekeys } from '../../epochs/prekeys.ts';
import type { StoreFailure } from '../../vault/segments.ts';
import { ContentLimits } from './content-limits.ts';
import type { MembershipState } from '../membership/membership-state.ts';

interface Logs {
  readonly logs: EpochLogs;
  readonly limits: ContentLimits<Epoch>;
}

/** How far each log of a conversation counts. */
export const limitsOf = (membership: MembershipState, logs: EpochLogs): ContentLimits<Epoch> =>
  new ContentLimits({
    membership,
    hashAt: (epoch, writerPub, seq) => logs.hashAt(epoch, writerPub, seq),
    nextSeq: (epoch, writerPub) => epoch.position(writerPub)?.seq ?? 0,
  });

export type BindContent = Pick<Bind, 'closes' | 'prekeyBundle'>;

/** What this device's next bind says: which of its logs are closed, and where it is sealed to. */
export const ownBindContent = async (
  conversation: Logs & { readonly prekeys: Pick<OwnPrekeys, 'current'> },
  epoch: Epoch,
  devSignPub: Uint8Array,
): Promise<Result<BindContent, StoreFailure>> => {
  const prekeyBundle = await conversation.prekeys.current();
  if (!prekeyBundle.ok) return prekeyBundle;
  const closes = await ownClosings(conversation, epoch, devSignPub);
  return closes.ok ? ok({ closes: closes.value, prekeyBundle: prekeyBundle.value }) : closes;
};

/** A log that lost its tail is not the one this device writes on in: it stays open (see `CL2`). */
const ownClosings = async (
  { logs, limits }: Logs,
  epoch: Epoch,
  devSignPub: Uint8Array,
): Promise<Result<ReadonlyArray<Closing>, StoreFailure>> => {
  const whole = new Set<string>();
  for (const other of logs.all()) {
    const writer = await logs.ownWriter(other);
    if (writer.ok) whole.add(toHex(writer.value.writerPub));
    else if (writer.error !== 'damaged-log') return writer;
  }
  const isWhole = (_: Epoch, writerPub: Uint8Array): boolean => whole.has(toHex(writerPub));
  return ok(limits.closingsIn(epoch, toHex(devSignPub), isWhole));
};
