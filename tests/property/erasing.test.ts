/** Random logs, random deletions, restarts in between: what lives is read, what was erased is not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Epoch } from '../../src/core/epochs/epoch.ts';
import { openEnvelope } from '../../src/protocol/envelope-box.ts';
import { fromHex } from '../../src/base/bytes.ts';
import {
  keyOf,
  placeOf,
  restartAlone,
  setupAlone,
  textsOf,
  write,
  type Alone,
} from '../support/erasing.ts';
import { bytesIn, openedRecords } from '../support/opened-disk.ts';

type Step =
  | { readonly do: 'write'; readonly count: number }
  | { readonly do: 'erase'; readonly picks: ReadonlyArray<number> }
  | { readonly do: 'restart' };

const stepOf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('write' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    do: fc.constant('erase' as const),
    picks: fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ do: fc.constant('restart' as const) }),
);

/** What the device would show if it kept everything and put a line through what was erased. */
const expected = (count: number, erased: ReadonlySet<number>): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, at) => (erased.has(at) ? '✗' : `m${String(at)}`));

test('[ER4] living messages are read and erased ones are not, whatever was erased in what order', async () => {
  let erasedCount = 0;
  let restartCount = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(stepOf, { minLength: 3, maxLength: 10 }), async (steps) => {
      let alone = await setupAlone();
      let count = 0;
      const erased = new Set<number>();
      for (const step of steps) {
        if (step.do === 'restart') {
          alone = await restartAlone(alone);
          restartCount += 1;
        } else if (step.do === 'write') {
          const texts = Array.from({ length: step.count }, (_, at) => `m${String(count + at)}`);
          await write(alone, texts);
          count += step.count;
        } else if (count > 0) {
          const picks = new Set(step.picks.map((pick) => pick % count));
          const fresh = [...picks].filter((pick) => !erased.has(pick));
          const keys = fresh.map((pick) => keyOf(alone, `m${String(pick)}`));
          expect(await alone.conversation.erasing.messages(keys)).toEqual({
            ok: true,
            value: undefined,
          });
          for (const pick of fresh) erased.add(pick);
          erasedCount += fresh.length;
        }
        expect(textsOf(alone)).toEqual(expected(count, erased));
      }
      expect(textsOf(await restartAlone(alone))).toEqual(expected(count, erased));
    }),
    { numRuns: 40 },
  );
  expect(Math.min(erasedCount, restartCount)).toBeGreaterThan(20);
});

/** Whether the entry opens with any key on the disk. */
const opensFromDisk = async (
  { device, conversation }: Alone,
  { epoch, writerHex, seq }: { epoch: Epoch; writerHex: string; seq: number },
): Promise<boolean> => {
  const writerPub = fromHex(writerHex);
  const envelope = writerPub.ok && conversation.logs.entryAt(epoch, writerPub.value, seq);
  if (!envelope) throw new Error('the entry is held');
  const keys = (await openedRecords(device.disk)).flatMap((value) => [
    ...bytesIn(value, 32),
    ...(typeof value === 'object' && value !== null && 'kept' in value ? piecesOf(value.kept) : []),
  ]);
  return keys.some((key) => openEnvelope(envelope, key).ok);
};

const piecesOf = (kept: unknown): ReadonlyArray<Uint8Array> =>
  kept instanceof Uint8Array
    ? Array.from({ length: kept.length / 32 }, (_, at) => kept.slice(at * 32, at * 32 + 32))
    : [];

test('[ER3] a crash at any write of an erasure leaves it done or not begun, and all else readable', async () => {
  const outcomes = new Set<string>();
  for (let failAt = 0; failAt < 4; failAt++) {
    for (const isDone of [true, false]) {
      const alone = await setupAlone();
      await write(alone, ['one', 'two', 'three']);
      const place = placeOf(alone, 'two');
      const epoch = alone.conversation.logs.byId(place.epochHex);
      if (epoch === undefined) throw new Error('the epoch is held');
      const { storage } = alone.device.core;
      const commit = storage.commit.bind(storage);
      let at = 0;
      storage.commit = async (writes) => {
        const isHere = at === failAt;
        at += 1;
        // The process dies in this write: before it, or when it was done and nobody heard.
        if (isHere && !isDone) return { ok: false, error: 'failed' };
        const outcome = await commit(writes);
        return isHere ? { ok: false, error: 'failed' } : outcome;
      };
      await alone.conversation.erasing.erase([place]);
      const restarted = await restartAlone(alone);
      const [first, second, third] = textsOf(restarted);
      expect([first, third]).toEqual(['one', 'three']);
      outcomes.add(second ?? '');
      const isOpen = await opensFromDisk(restarted, { ...place, epoch });
      if (second === '✗') expect(isOpen).toBe(false);
      expect(restarted.conversation.epochs.held()[0]?.secret === undefined).toBe(second === '✗');
      await write(restarted, ['four']);
      expect(textsOf(await restartAlone(restarted)).slice(2)).toEqual(['three', 'four']);
    }
  }
  expect([...outcomes].sort()).toEqual(['two', '✗'].sort());
});
