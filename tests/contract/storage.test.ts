/** The storage contract over every adapter that runs in Node. */
import { describe, test } from 'vitest';
import { isPossible, type StorageBench } from './storage-bench.ts';
import { createFakeIndexedDbBench } from './storage-fake-indexeddb.ts';
import { createMemoryBench, createSqliteBench } from './storage-node-benches.ts';
import { storageContract } from './storage.ts';

const adapters: ReadonlyArray<readonly [name: string, create: (id: string) => StorageBench]> = [
  ['memory', createMemoryBench],
  ['sqlite', createSqliteBench],
  ['indexeddb, full at the request', (id) => createFakeIndexedDbBench(id, 'at the request')],
  ['indexeddb, full at the end', (id) => createFakeIndexedDbBench(id, 'at the end')],
];

/** What each adapter's bench can do is known, so that no case is skipped by mistake. */
const impossible: Readonly<Record<string, ReadonlyArray<string>>> = {
  memory: ['disconnect', 'isShared'],
  sqlite: ['failOpens', 'disconnect', 'takeAway', 'losePower', 'isShared'],
  'indexeddb, full at the request': ['block', 'losePower'],
  'indexeddb, full at the end': ['block', 'losePower'],
};

describe.each(adapters)('storage contract: %s', (name, create) => {
  for (const [at, contractCase] of storageContract.entries()) {
    const isKnownImpossible = contractCase.needs?.some((fault) =>
      impossible[name]?.includes(fault),
    );
    if (isKnownImpossible === true) continue;
    test(contractCase.title, async () => {
      const bench = create(`${name}-${String(at)}`);
      try {
        if (!isPossible(bench, contractCase)) throw new Error('this bench lacks a fault');
        await contractCase.run(bench);
      } finally {
        await bench.end();
      }
    });
  }
});
