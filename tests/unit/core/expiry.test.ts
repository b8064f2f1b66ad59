import { describe, expect, test } from 'vitest';
import { Expiry } from '../../../src/core/conversation/expiry.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  placeOf,
  restartAlone,
  setupAlone,
  textsOf,
  write,
  type Alone,
} from '../../support/erasing.ts';
import { setupCore, type TestCore } from '../../support/core-parts.ts';
import { openedRecords } from '../../support/opened-disk.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const minuteMs = 60_000;
const yearMs = 365 * 24 * 60 * minuteMs;
const startMs = Date.UTC(2026, 10, 24);
const place = { epochHex: '11'.repeat(32), writerHex: '22'.repeat(32), seq: 3 };

const setup = async (device: TestCore): Promise<Expiry> => {
  const { vault } = device.deps;
  const expiry = new Expiry({ vault, clock: device.core.clock }, fixedBytes('scope'));
  valueOf(await expiry.load());
  return expiry;
};

/** Runs for an hour in all, of which the wall clock says something else. */
const wallJumps = [10 * yearMs, -10 * yearMs, 2 * yearMs, -minuteMs];

describe('timers', () => {
  test('[EX1] begin when a message is shown first, and are not begun again', async () => {
    const device = await setupCore();
    const expiry = await setup(device);
    valueOf(await expiry.start([place], 10 * minuteMs));
    device.setNow(startMs + 9 * minuteMs);
    valueOf(await expiry.start([place], 10 * minuteMs));
    expect(expiry.due()).toEqual([]);
    device.setNow(startMs + 10 * minuteMs);
    expect(expiry.due()).toEqual([place]);
  });

  test('[EX1] are on disk when they begin, and say nothing to who cannot open them', async () => {
    const device = await setupCore();
    device.disk.faults.isFailing = true;
    const expiry = new Expiry(
      { vault: device.deps.vault, clock: device.core.clock },
      fixedBytes('scope'),
    );
    expect(await expiry.start([place], minuteMs)).toEqual({ ok: false, error: 'failed' });
    expect(expiry.isEmpty).toBe(true);
    device.disk.faults.isFailing = false;
    valueOf(await expiry.start([place], minuteMs));
    const restarted = await device.restart();
    const again = await setup(restarted);
    restarted.setNow(startMs + minuteMs);
    expect(again.due()).toEqual([place]);
    const names = [...device.disk.records().keys()].join();
    expect(names.includes(place.epochHex) || names.includes(place.writerHex)).toBe(false);
  });

  test('[EX2] run on while the device is off', async () => {
    const device = await setupCore();
    valueOf(await (await setup(device)).start([place], 10 * minuteMs));
    device.setNow(startMs + 10 * minuteMs, 0);
    const expiry = await setup(await device.restart());
    expect(expiry.due()).toEqual([place]);
  });

  test.each(wallJumps)(
    '[EX3] a clock that jumps by %d ms while the app runs ends none early and keeps none',
    async (jumpMs) => {
      const device = await setupCore();
      const expiry = await setup(device);
      valueOf(await expiry.start([place], 10 * minuteMs));
      device.setNow(startMs + jumpMs, minuteMs);
      expect(expiry.due()).toEqual([]);
      device.setNow(startMs + jumpMs + 8 * minuteMs, 8 * minuteMs);
      expect(expiry.due()).toEqual([]);
      device.setNow(startMs + jumpMs + 9 * minuteMs, minuteMs);
      expect(expiry.due()).toEqual([place]);
    },
  );

  test.each([10 * yearMs, -10 * yearMs])(
    '[EX3] a clock that jumps by %d ms while the device is off ends none early and keeps none',
    async (jumpMs) => {
      const device = await setupCore();
      valueOf(await (await setup(device)).start([place], 10 * minuteMs));
      device.setNow(startMs + jumpMs, 0);
      const restarted = await device.restart();
      const expiry = await setup(restarted);
      expect(expiry.due()).toEqual([]);
      restarted.setNow(startMs + jumpMs + 10 * minuteMs);
      expect(expiry.due()).toEqual([place]);
    },
  );

  test('[EX3] nothing stays longer than the longest timer', async () => {
    const device = await setupCore();
    const expiry = await setup(device);
    valueOf(await expiry.start([place], Number.MAX_SAFE_INTEGER));
    expect(expiry.nextInMs()).toBe(limits.timerMaxMs);
  });
});

describe('messages whose time is over', () => {
  const shown = async (alone: Alone, text: string, timerMs: number): Promise<void> => {
    valueOf(await alone.conversation.erasing.startTimers([placeOf(alone, text)], timerMs));
  };

  test('[EX4] are gone before anything is shown by a device that was off', async () => {
    const alone = await setupAlone();
    await write(alone, ['stays', 'goes', 'goes later']);
    await shown(alone, 'goes', 10 * minuteMs);
    await shown(alone, 'goes later', 60 * minuteMs);
    alone.device.setNow(startMs + 30 * minuteMs, 0);
    const restarted = await restartAlone(alone);
    expect(textsOf(restarted)).toEqual(['stays', '✗', 'goes later']);
    // Not hidden: another start, with no timer left, finds no key either.
    const again = await restartAlone(restarted);
    expect(textsOf(again)).toEqual(['stays', '✗', 'goes later']);
    expect(again.conversation.epochs.held().map(({ secret }) => secret)).toEqual([undefined]);
  });

  test('[EX4] are not shown while the disk refuses to erase them, and go once it does not', async () => {
    const alone = await setupAlone();
    await write(alone, ['goes']);
    await shown(alone, 'goes', minuteMs);
    alone.device.setNow(startMs + 2 * minuteMs, 0);
    alone.device.disk.faults.capacityBytes = 0;
    const restarted = await restartAlone(alone);
    expect(textsOf(restarted)).toEqual(['✗']);
    expect(restarted.failures).toEqual(['disk-full']);
    restarted.device.disk.faults.capacityBytes = Infinity;
    restarted.conversation.erasing.retry();
    await restarted.conversation.run(() => Promise.resolve());
    expect(restarted.conversation.epochs.held().map(({ secret }) => secret)).toEqual([undefined]);
    const records = await openedRecords(restarted.device.disk);
    expect(records.filter((value) => JSON.stringify(value).includes('dueMs'))).toEqual([]);
  });
});
