/**
 * A device that pins its place in the log: after it lost what it wrote last, it writes there again
 * (src/core/epochs/own-writer.ts). Two histories of one writer with equal sequence numbers are what a
 * pinned Yjs client id would make of it: silent and for good (RELIABILITY §3).
 */
import { describe, expect, test, vi } from 'vitest';
import type * as Writer from '../../src/core/epochs/own-writer.ts';
import { outcome, setupScene, talk } from './hostile.ts';
import type { Peer } from './peer.ts';

const bug = vi.hoisted(() => ({ isOn: false }));

vi.mock('../../src/core/epochs/own-writer.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Writer>();
  /** What the device remembers having written is never read. */
  const openWriter: typeof real.openWriter = (deps, epoch, log) => {
    const vault = Object.create(deps.vault, {
      read: { value: () => Promise.resolve({ ok: true, value: undefined }) },
    }) as typeof deps.vault;
    return real.openWriter(bug.isOn ? { ...deps, vault } : deps, epoch, log);
  };
  return { ...real, openWriter };
});

/** Alice's last words are sent to nobody who gets them, and then her disk loses them. */
const lostTail = async (): Promise<ReadonlyArray<string>> => {
  const scene = await setupScene();
  const { history, alice } = scene;
  const { world, net } = history;
  await talk(scene, 2);
  net.partition([['alice'], ['bob', 'carol']]);
  const sentCount = net.witness.entryCount;
  history.say(alice, 'lost');
  await world.run(1000, () => net.witness.entryCount > sentCount);
  loseLastEntry(alice);
  await alice.crash();
  // It was kept, and then the disk broke: no promise covers it.
  expect(history.acked.pop()?.text).toBe('lost');
  net.heal();
  alice.start();
  history.reopenLater(alice);
  await world.run(20_000);
  await talk(scene, 2);
  return outcome(scene);
};

/** From the journal; the lazy copy in the segment has not been flushed yet. */
const loseLastEntry = ({ disk }: Peer): void => {
  const journal = [...disk.records().keys()].filter((key) => key.startsWith('j/')).sort();
  const last = journal.at(-1);
  if (last === undefined) throw new Error('the journal holds the last entry');
  disk.damageRecord(last, (bytes) => bytes.slice(0, 9));
  disk.crash({ survivors: 0, isNextTorn: false });
};

describe('a place in the log that is pinned', () => {
  test('[SM5] pinned-client-id is caught when a device has lost its last entry', async () => {
    expect(await lostTail()).toEqual([]);
    bug.isOn = true;
    const broken = await lostTail();
    expect(broken.filter((promise) => promise.startsWith('I3 two entries'))).not.toEqual([]);
  });
});
