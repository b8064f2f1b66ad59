/**
 * The tests that ask what the protocol does, for Stryker, which runs them thousands of times: in one
 * thread that is kept from mutant to mutant, the quickest files first, properties a few times only.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { keptWorkers } from './kept-worker.ts';

const fewRuns = fileURLToPath(new URL('few-runs.ts', import.meta.url));

const slow = ['welcome', 'compare', 'envelope', 'manifest', 'seal', 'bind', 'chunks', 'property'];

/** A run ends with the first test that fails. */
class QuickestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      slow.findLastIndex((name) => moduleId.includes(name));
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
  }
}

export default defineConfig({
  plugins: [
    keptWorkers,
    {
      name: 'few-runs',
      enforce: 'pre',
      resolveId: (id, importer) =>
        id === 'fast-check' && importer !== fewRuns ? fewRuns : undefined,
    },
  ],
  test: {
    environment: 'node',
    testTimeout: 60_000,
    isolate: false,
    setupFiles: ['tests/mutation/setup.ts'],
    sequence: { sequencer: QuickestFirst },
    include: [
      'tests/unit/protocol/**/*.test.ts',
      'tests/unit/blobs/{chunks,layout,manifest}.test.ts',
      'tests/unit/core/{content-limits,sealed-welcome}.test.ts',
      'tests/unit/relay/mailbox-chunks.test.ts',
      'tests/property/{membership,membership-codecs,protocol-codecs}.test.ts',
    ],
  },
});
