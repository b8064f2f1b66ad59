/** Everything a device has: what somebody who holds it, or its owner who lies, can work with. */
import * as Y from 'yjs';
import { assert } from '../../src/base/assert.ts';
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { MembershipState } from '../../src/core/conversation/membership/membership-state.ts';
import {
  Epoch,
  type EpochSeed,
  type OpenedEntry,
  type PuncturedSeed,
} from '../../src/core/epochs/epoch.ts';
import { EpochRecords } from '../../src/core/epochs/epoch-records.ts';
import { OwnPrekeys } from '../../src/core/epochs/prekeys.ts';
import { bytesOf, recordOf } from '../../src/protocol/cbor.ts';
import { decodeEnvelope, type Envelope } from '../../src/protocol/envelope.ts';
import { decodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import type { MemoryDisk } from '../../src/storage/memory-disk.ts';
import { setupCore, type TestCore } from './core-parts.ts';

const readConversation = recordOf({ convId: bytesOf(32) });
export interface GroupState extends TestCore {
  readonly membership: MembershipState;
  readonly prekeys: OwnPrekeys;
  /** Of the group, oldest first. */
  readonly seeds: ReadonlyArray<EpochSeed | PuncturedSeed>;
}

/** Of the one group on this disk, whose process is dead. */
export const groupStateOf = async (disk: MemoryDisk, seed = 1): Promise<GroupState> => {
  const test = await setupCore({ disk, seed });
  const { vault } = test.deps;
  const stored = await vault.list(['c']);
  assert(stored.ok, 'the disk reads');
  for (const value of stored.value.values) {
    const convId = readConversation(value)?.convId;
    if (convId === undefined) continue;
    const membership = new MembershipState(test.deps, convId);
    await membership.load();
    if (membership.view.kind !== 'group') continue;
    const prekeys = new OwnPrekeys(test.core, test.deps, convId);
    await prekeys.load();
    const epochs = await new EpochRecords(vault, convId).load();
    assert(epochs.ok, 'the disk reads');
    const seeds = epochs.value.map(({ seed }) => seed);
    return { ...test, membership, prekeys, seeds };
  }
  throw new Error('no group on this disk');
};

/** Entries in a frame, of gossip or of a link. */
export const envelopesIn = (frame: Uint8Array): ReadonlyArray<Envelope> => {
  const live = decodeEnvelope(frame);
  if (live.ok) return [live.value];
  const decoded = decodeSyncFrame(frame);
  if (!decoded.ok || decoded.value.t !== 'update') return [];
  return Y.decodeUpdate(decoded.value.update).structs.flatMap((struct) => {
    const content = struct instanceof Y.Item ? struct.content : undefined;
    const envelope =
      content instanceof Y.ContentBinary ? decodeEnvelope(content.content) : undefined;
    return envelope?.ok === true ? [envelope.value] : [];
  });
};

/** All that these entries say to whoever has the secrets. */
export const openAll = async (
  { core, seeds }: Pick<GroupState, 'core' | 'seeds'>,
  envelopes: ReadonlyArray<Envelope>,
): Promise<ReadonlyArray<OpenedEntry>> => {
  const opened: OpenedEntry[] = [];
  const distinct = new Map(
    envelopes.map((envelope) => [`${toHex(envelope.writerPub)}/${String(envelope.seq)}`, envelope]),
  );
  const inOrder = [...distinct.values()].sort((a, b) => a.seq - b.seq);
  for (const seed of seeds) {
    const epoch = new Epoch(seed);
    for (const envelope of inOrder) {
      if (!equalBytes(envelope.mailbox, epoch.mailbox)) continue;
      if (envelope.seq === 0) {
        const bind = await epoch.readBind(core.backend, envelope);
        if (bind.ok) epoch.follow(bind.value);
        continue;
      }
      const entry = epoch.open(envelope);
      if (entry.ok) opened.push(entry.value);
    }
  }
  return opened;
};
