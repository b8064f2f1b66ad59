/**
 * Never fork yourself (PROTOCOL §5): before this device writes in an epoch it compares what it
 * remembers having written with what its log holds. A log that is shorter has lost its tail; writing
 * on would sign a second history, so the device writes under a new incarnation instead.
 */
import { err, ok, type Result } from '../../base/result.ts';
import type { Signer } from '../../crypto/backend.ts';
import { naturalOf, recordOf, type CborValue } from '../../protocol/cbor.ts';
import { writerSeed } from '../../protocol/epochs/epoch-keys.ts';
import { limits } from '../../protocol/limits.ts';
import type { EntryLog } from '../../replication/log.ts';
import type { Write } from '../../storage/port.ts';
import type { Epoch } from './epoch.ts';
import type { LogDeps } from './epoch-logs.ts';
import type { StoreFailure } from '../vault/segments.ts';
import type { Vault } from '../vault/vault.ts';

export interface OwnWriter {
  readonly incarnation: number;
  readonly signer: Signer;
  readonly writerPub: Uint8Array;
}

interface WriterRecord {
  readonly incarnation: number;
  readonly nextSeq: number;
}

/** Stored with every own entry, in one transaction. */
export const writerWrite = (vault: Vault, epoch: Epoch, record: WriterRecord): Write =>
  vault.seal(['w', epoch.id], { ...record });

const readRecord = recordOf({ incarnation: naturalOf, nextSeq: naturalOf });

export const openWriter = async (
  { core, me, vault }: LogDeps,
  epoch: Epoch,
  log: EntryLog,
): Promise<Result<OwnWriter, StoreFailure>> => {
  const stored = await vault.read(['w', epoch.id]);
  if (!stored.ok && stored.error !== 'damaged-record') return err(stored.error);
  const record = readRecord(stored.ok ? (stored.value ?? null) : (null as CborValue));
  // A damaged record remembers nothing, and the log may have lost as much: any incarnation may have
  // been used but the last, which nothing else leads to so soon.
  let incarnation = stored.ok ? (record?.incarnation ?? 0) : limits.incarnationsMax - 1;
  for (; incarnation < limits.incarnationsMax; incarnation++) {
    const seed = writerSeed({ deviceSecret: me.deviceSecret, epochId: epoch.id, incarnation });
    const signer = await core.backend.signerFromSeed(seed);
    const held = log.held({ mailbox: epoch.mailbox, writerPub: signer.publicKey });
    const remembered = record?.incarnation === incarnation ? record.nextSeq : 0;
    const isDamaged = !stored.ok && held.nextSeq > 0;
    if (held.nextSeq >= remembered && !isDamaged) {
      return ok({ incarnation, signer, writerPub: signer.publicKey });
    }
  }
  return err('damaged-log');
};
