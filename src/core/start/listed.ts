/** What is stored of conversations for the list, all at once. */
import { ok, type Result } from '../../base/result.ts';
import { bytesOf, recordOf, type CborValue } from '../../protocol/cbor.ts';
import type { StorageFailure } from '../../storage/port.ts';
import { keptSummary, type KeptSummary } from '../conversation/views/kept-summary.ts';
import { siblingKey, type Vault } from '../vault/vault.ts';

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
  const { values, keys } = stored.value;
  return ok(
    values.flatMap((value, at) => {
      const convId = readConversation(value)?.convId;
      const key = keys[at];
      if (convId === undefined || key === undefined) return [];
      return {
        convId,
        // Names are slow to make from ids: these have one in common.
        notes: notes.value.get(siblingKey(key, 'm')) ?? null,
        kept: keptSummary(kept.value.get(siblingKey(key, 's')) ?? null),
      };
    }),
  );
};
