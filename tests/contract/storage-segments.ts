/** What every adapter of src/storage/port.ts promises about segments. */
import type { Segment } from '../../src/storage/port.ts';
import {
  applyAll,
  bytes,
  check,
  checkEqual,
  clocksOf,
  createWriter,
  entryCount,
  openNew,
  openSegment,
  valueOf,
  type ContractCase,
} from './storage-bench.ts';

/** Three entries, or the plain answer that the disk is full. */
const checkIsFull = (clocks: Awaited<ReturnType<Segment['storedClocks']>>, sentence: string) => {
  if (clocks.ok) checkEqual(clocks.value, new Map([[11, 3]]), sentence);
  else checkEqual(clocks.error, 'disk-full', sentence);
};

export const segmentContract: ReadonlyArray<ContractCase> = [
  {
    title: '[row 18] a segment holds after a kill what storedClocks said',
    run: async (bench) => {
      const segment = await openSegment(await openNew(bench));
      const [alice, bob] = [createWriter(11), createWriter(22)];
      checkEqual(await clocksOf(segment), new Map(), 'nothing is stored at first');
      applyAll(segment, [...alice.write(5), ...bob.write(3), ...alice.write(1)]);
      const expected = new Map([
        [11, 6],
        [22, 3],
      ]);
      checkEqual(await clocksOf(segment), expected, 'everything is stored');
      await bench.crash();
      const later = await openSegment(await openNew(bench));
      checkEqual([entryCount(later, 11), entryCount(later, 22)], [6, 3], 'everything is there');
      checkEqual(await clocksOf(later), expected, 'and read back');
      checkEqual(later.setAsideCount, 0, 'nothing was damaged');
    },
  },
  {
    title: '[ST8] a segment survives closing; a closed one stores no more',
    run: async (bench) => {
      const storage = await openNew(bench);
      const writer = createWriter(11);
      const segment = await openSegment(storage);
      applyAll(segment, writer.write(4));
      await segment.close();
      applyAll(segment, writer.write(1));
      const again = await openSegment(storage);
      checkEqual(entryCount(again, 11), 4, 'what came before closing, and only that');
      applyAll(again, createWriter(22).write(2));
      await storage.close();
      valueOf(await storage.open());
      checkEqual(entryCount(await openSegment(storage), 22), 2, 'closing the store waits for it');
    },
  },
  {
    title: '[ST9] segments are independent, deleted whole, and open once',
    run: async (bench) => {
      const storage = await openNew(bench);
      const [first, second] = [
        await openSegment(storage, 'one'),
        await openSegment(storage, 'two'),
      ];
      applyAll(first, createWriter(11).write(2));
      applyAll(second, createWriter(11).write(3));
      checkEqual(await clocksOf(first), new Map([[11, 2]]), 'each has its own');
      checkEqual(await clocksOf(second), new Map([[11, 3]]), 'each has its own');
      check((await openSegment(storage, 'one')) === first, 'an open segment is not opened twice');
      valueOf(await storage.deleteSegment('one'));
      valueOf(await storage.deleteSegment('never-there'));
      const fresh = await openSegment(storage, 'one');
      checkEqual(entryCount(fresh, 11), 0, 'a deleted one is empty');
      checkEqual(await clocksOf(fresh), new Map(), 'on disk too');
      checkEqual(await clocksOf(second), new Map([[11, 3]]), 'the other is as it was');
    },
  },
  {
    title: '[row 23] storedClocks tells what a full disk did not take, and stores it when freed',
    needs: ['disk'],
    run: async (bench) => {
      const storage = await openNew(bench);
      const segment = await openSegment(storage);
      const writer = createWriter(11);
      applyAll(segment, writer.write(3));
      checkEqual(await clocksOf(segment), new Map([[11, 3]]), 'three are stored');
      await bench.disk?.fill(storage);
      applyAll(segment, writer.write(2, 20_000));
      checkEqual(entryCount(segment, 11), 5, 'the document has five');
      checkIsFull(await segment.storedClocks(), 'the disk has three, and says so');
      await bench.disk?.free(storage);
      applyAll(segment, writer.write(1));
      checkEqual(await clocksOf(segment), new Map([[11, 6]]), 'all are stored after all');
      await bench.crash();
      const later = await openSegment(await openNew(bench));
      checkEqual(entryCount(later, 11), 6, 'and there after a restart');
      checkEqual(later.setAsideCount, 0, 'without a gap');
    },
  },
  {
    title: '[row 23] what a full disk did not take is not there after a kill, without harm',
    needs: ['disk'],
    run: async (bench) => {
      const storage = await openNew(bench);
      const segment = await openSegment(storage);
      const writer = createWriter(11);
      applyAll(segment, writer.write(3));
      await clocksOf(segment);
      await bench.disk?.fill(storage);
      applyAll(segment, writer.write(2, 20_000));
      checkIsFull(await segment.storedClocks(), 'it was said');
      await bench.crash();
      const restarted = bench.create();
      const isOpen = (await restarted.open()).ok; // there are disks on which it is not
      await bench.disk?.free(restarted);
      if (!isOpen) valueOf(await restarted.open());
      const later = await openSegment(restarted);
      checkEqual(entryCount(later, 11), 3, 'what was said to be stored is there');
      applyAll(later, writer.write(0));
      checkEqual(await clocksOf(later), new Map([[11, 3]]), 'and nothing else appears');
    },
  },
  {
    title: '[ST10] hundreds of updates are merged without losing one, and clocks stay right',
    run: async (bench) => {
      const storage = await openNew(bench);
      const segment = await openSegment(storage);
      const [alice, bob] = [createWriter(11), createWriter(22)];
      for (const round of [1, 2, 3]) {
        applyAll(segment, [...alice.write(200), ...bob.write(10)]);
        const expected = new Map([
          [11, 200 * round],
          [22, 10 * round],
        ]);
        checkEqual(await clocksOf(segment), expected, 'before merging');
        await bench.passTime();
        checkEqual(await clocksOf(segment), expected, 'after merging');
      }
      applyAll(segment, alice.write(5));
      checkEqual((await clocksOf(segment)).get(11), 605, 'writing goes on');
      await bench.crash();
      const later = await openSegment(await openNew(bench));
      checkEqual([entryCount(later, 11), entryCount(later, 22)], [605, 30], 'all are there');
    },
  },
  {
    title: '[row 20] a torn update is set aside, what leaned on it too, and the rest opens',
    run: async (bench) => {
      const storage = await openNew(bench);
      const [alice, bob] = [createWriter(11), createWriter(22)];
      const segment = await openSegment(storage);
      const [first, torn, third] = alice.write(3);
      applyAll(
        segment,
        [first, torn, third, ...bob.write(2)].map((update) => update ?? bytes()),
      );
      checkEqual((await clocksOf(segment)).get(11), 3, 'all were stored');
      await storage.close();
      let foundCount = 0;
      for (let index = 0; index < 5; index++) {
        // An adapter may keep rows of its own; the torn one is known by its bytes.
        await bench.damageRow('segment', index, (row) => {
          if (String(row) !== String(torn)) return row;
          foundCount += 1;
          return row.slice(0, row.length - 7);
        });
      }
      check(foundCount > 0, 'the row was there');
      valueOf(await storage.open());
      const later = await openSegment(storage);
      checkEqual([entryCount(later, 11), entryCount(later, 22)], [1, 2], 'the sound part opens');
      checkEqual(later.setAsideCount, 2, 'the torn row and the one behind it are set aside');
      checkEqual(
        await clocksOf(later),
        new Map([
          [11, 1],
          [22, 2],
        ]),
        'storedClocks says so',
      );
      applyAll(
        later,
        [torn, third].map((update) => update ?? bytes()),
      );
      checkEqual((await clocksOf(later)).get(11), 3, 'fetched again, it is stored again');
      await later.close();
      const healed = await openSegment(storage);
      checkEqual([entryCount(healed, 11), healed.setAsideCount], [3, 0], 'and whole again');
    },
  },
  {
    title: '[row 20] a row of rubbish does not stop the others',
    run: async (bench) => {
      const storage = await openNew(bench);
      const segment = await openSegment(storage);
      applyAll(segment, createWriter(11).write(1));
      applyAll(segment, createWriter(22).write(1));
      await clocksOf(segment);
      await storage.close();
      await bench.damageRow('segment', 0, () => bytes());
      await bench.damageRow('segment', 1, () => new Uint8Array(64).fill(0xff));
      valueOf(await storage.open());
      const later = await openSegment(storage);
      check(later.setAsideCount >= 1, 'the damage is counted');
      const held = entryCount(later, 11) + entryCount(later, 22);
      const stored = [...(await clocksOf(later)).values()].reduce((sum, clock) => sum + clock, 0);
      checkEqual(stored, held, 'what is held is what is stored');
    },
  },
  {
    title: '[row 22] a segment whose connection was closed does not throw, and stores again',
    needs: ['disconnect'],
    run: async (bench) => {
      const storage = await openNew(bench);
      const segment = await openSegment(storage);
      const writer = createWriter(11);
      applyAll(segment, writer.write(2));
      checkEqual((await clocksOf(segment)).get(11), 2, 'two are stored');
      await bench.disconnect?.();
      applyAll(segment, writer.write(2));
      checkEqual((await clocksOf(segment)).get(11), 4, 'all are stored');
      applyAll(segment, writer.write(2));
      checkEqual((await clocksOf(segment)).get(11), 6, 'and so are later ones');
      await bench.crash();
      checkEqual(entryCount(await openSegment(await openNew(bench)), 11), 6, 'after a restart too');
    },
  },
  {
    title: '[row 19] power loss takes the un-flushed tail, never what was acknowledged',
    needs: ['losePower'],
    run: async (bench) => {
      const storage = await openNew(bench);
      const segment = await openSegment(storage);
      const writer = createWriter(11);
      applyAll(segment, writer.write(3));
      checkEqual((await clocksOf(segment)).get(11), 3, 'three are stored');
      applyAll(segment, writer.write(4));
      valueOf(await storage.commit([{ key: 'journal', value: bytes(1) }]));
      bench.losePower?.();
      const later = await openNew(bench);
      checkEqual(valueOf(await later.get('journal')), bytes(1), 'the commit is there');
      checkEqual(entryCount(await openSegment(later), 11), 3, 'and what was read back');
    },
  },
];
