/**
 * Parts of the core by themselves, over a memory disk: the real vault, segments and identity, the
 * node backend, a clock that stands still until it is moved. No network.
 */
import { assert } from '../../src/base/assert.ts';
import type { CoreDeps } from '../../src/core/deps.ts';
import type { LogDeps, LogHost } from '../../src/core/epochs/epoch-logs.ts';
import { EpochLogs } from '../../src/core/epochs/epoch-logs.ts';
import { keepSelf, makeSelf, openSelf, type Self } from '../../src/core/vault/me.ts';
import { readStoredSelf } from '../../src/core/vault/stored-self.ts';
import { OwnPrekeys } from '../../src/core/epochs/prekeys.ts';
import { Segments } from '../../src/core/vault/segments.ts';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import type { Network } from '../../src/network/port.ts';
import { createMemoryDisk, type MemoryDisk } from '../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../src/storage/memory.ts';
import { plainKeySlot } from '../simulation/peer.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Nobody is there. */
export const silentNetwork: Network = {
  start: () => undefined,
  setRelays: () => undefined,
  setMeetings: () => undefined,
  askMailbox: () => Promise.resolve(undefined),
  setWanted: () => undefined,
  setTopics: () => undefined,
  publish: () => undefined,
  send: () => Promise.resolve(),
  sendBlob: () => Promise.resolve(),
  closeLink: () => undefined,
  deny: () => undefined,
  stop: () => Promise.resolve(),
};

export interface TestCore {
  readonly disk: MemoryDisk;
  readonly core: CoreDeps;
  readonly self: Self;
  /** What parts over logs take. */
  readonly deps: LogDeps;
  /** Moves the wall clock; the other one with it, or by so much. */
  setNow(nowMs: number, byMs?: number): void;
  /** The same device after a restart: what was flushed, under the same clock. */
  restart(): Promise<TestCore>;
}

const startMs = Date.UTC(2026, 10, 24);

interface Options {
  readonly disk?: MemoryDisk;
  readonly seed?: number;
  readonly nowMs?: number;
}

/** A device with an identity, made at the first start and loaded at later ones. */
export const setupCore = async (options: Options = {}): Promise<TestCore> => {
  const { disk = createMemoryDisk(), seed = 1 } = options;
  let { nowMs = startMs } = options;
  let monotonicMs = nowMs;
  const random = createSeededRandom(seed);
  const storage = createMemoryStorage({ disk });
  const core: CoreDeps = {
    clock: { now: () => nowMs, monotonic: () => monotonicMs, schedule: () => () => undefined },
    random: { bytes: (length) => Uint8Array.from({ length }, () => random.below(256)) },
    backend: createNodeBackend(),
    keySlot: plainKeySlot,
    storage,
    network: silentNetwork,
    config: { pageUrl: 'http://localhost/', ownRelays: [] },
  };
  const opened = await storage.open();
  assert(opened.ok, 'a memory disk opens');
  const stored = await readStoredSelf(core);
  assert(stored.ok, 'what was stored loads');
  const loaded = stored.value && (await openSelf(core, stored.value));
  const made = loaded ?? (await keepSelf(core, await makeSelf(core), 'Alice'));
  const self = 'me' in made ? made : made.ok ? made.value : undefined;
  assert(self !== undefined, 'there is room for an identity');
  const segments = new Segments(core, self.vault);
  assert((await segments.load()).ok, 'segments load');
  return {
    disk,
    core,
    self,
    deps: { core, me: self.me, vault: self.vault, segments },
    setNow: (ms, byMs = Math.max(0, ms - nowMs)) => {
      monotonicMs += byMs;
      nowMs = ms;
    },
    restart: async () => {
      disk.crash({ survivors: 0, isNextTorn: false });
      return setupCore({ disk, seed: seed + 1, nowMs });
    },
  };
};

/** Logs in which every device may write and nobody reads along. */
export const setupLogs = (
  { deps }: TestCore,
  host: Partial<LogHost> = {},
): { readonly logs: EpochLogs; readonly prekeys: OwnPrekeys } => {
  const prekeys = new OwnPrekeys(deps.core, deps, new Uint8Array(32));
  const logs = new EpochLogs(deps, {
    mayWrite: () => true,
    onBind: () => undefined,
    onEntry: () => undefined,
    onFork: () => undefined,
    forkSeq: () => undefined,
    greatestLamport: () => 0,
    bindContent: async () => {
      const prekeyBundle = await prekeys.current();
      return prekeyBundle.ok
        ? { ok: true, value: { closes: [], prekeyBundle: prekeyBundle.value } }
        : prekeyBundle;
    },
    ...host,
  });
  return { logs, prekeys };
};
