/** What is stored of conversations for the list, all at once. */
import { ok, type Result } from '../../base/result.ts';
import { bytesOf, recordOf, type CborValue } from '../../protocol/cbor.ts';
import type { StorageFailure } from '../../storage/port.ts';
import { keptName, keptSummary, type KeptSummary } from '../conversation/views/kept-summary.ts';
import type { Vault } from '../vault/vault.ts';

export interface Listed {
  readonly convId: Uint8Array;
  readonly notes: CborValue;
  /** Undefined: nothing is known of it before it is open. */
  readonly kept: KeptSummary | undefined;
}

const readConversation = recordOf({ convId: bytesOf(32) });

export const readListed = async (
  vault: Vault,
): Promise<Result<ReadonlyArray<Listed>, StorageFailure>> => {
  const [stored, kept, notes] = await Promise.all([
    vault.list(['c']),
    vault.byKey('s'),
    vault.byKey('m'),
  ]);
  if (!stored.ok) return stored;
  if (!kept.ok) return kept;
  if (!notes.ok) return notes;
  const convIds = stored.value.values.flatMap((value) => readConversation(value)?.convId ?? []);
  return ok(
    convIds.map((convId) => ({
      convId,
      notes: notes.value.get(vault.key(['m', convId])) ?? null,
      kept: keptSummary(kept.value.get(vault.key(keptName(convId))) ?? null),
    })),
  );
};
