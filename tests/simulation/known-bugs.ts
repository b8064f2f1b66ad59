/**
 * Bugs that are easy to make here, made on purpose at the ports: a simulation that does not notice
 * them would prove nothing (RELIABILITY §4). None of this is in the program.
 */
import { decodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import type { Random } from '../../src/platform/port.ts';
import type { Storage } from '../../src/storage/port.ts';
import { ok } from '../../src/base/result.ts';
import type { MemoryDisk } from '../../src/storage/memory-disk.ts';
import { Internet } from './network.ts';
import type { PeerOptions } from './peer.ts';

const nonceBytes = 24;

export type KnownBug = 'ack-before-flush' | 'swallow-quota' | 'no-catch-up' | 'reuse-nonce';

/** Says it is stored when it is only written: a crash takes it back. */
const acksBeforeFlush = (storage: Storage, disk: MemoryDisk): Storage => ({
  ...storage,
  commit: (writes) => Promise.resolve(disk.write({ type: 'Records', writes })),
});

/** Says it is stored when it was refused. */
const swallowsQuota = (storage: Storage): Storage => ({
  ...storage,
  commit: async (writes) => {
    await storage.commit(writes);
    return ok(undefined);
  },
});

/** Every nonce is the same one; everything else is random. */
const reusesNonces = (random: Random): Random => ({
  bytes: (length) => (length === nonceBytes ? new Uint8Array(length) : random.bytes(length)),
});

export const optionsWith = (bug: KnownBug | undefined): PeerOptions => {
  switch (bug) {
    case 'ack-before-flush':
      return { wrapStorage: acksBeforeFlush };
    case 'swallow-quota':
      return { wrapStorage: swallowsQuota };
    case 'reuse-nonce':
      return { wrapRandom: reusesNonces };
    default:
      return {};
  }
};

/** Nobody says what they hold: only what is pushed or gossiped at the right moment arrives. */
export class InternetWithoutCatchUp extends Internet {
  override carry(...[link, from, sent]: Parameters<Internet['carry']>): Promise<void> {
    const decoded = decodeSyncFrame(sent.frame);
    const isVector = decoded.ok && decoded.value.t === 'vector';
    return isVector && this.isFaulty ? Promise.resolve() : super.carry(link, from, sent);
  }

  /** People meet first. */
  isFaulty = false;
}
