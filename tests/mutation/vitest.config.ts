/** The tests that ask what crypto, protocol and replication do: those Stryker runs over and over. */
import { defineConfig } from 'vitest/config';

const suites = ['unit/crypto', 'unit/protocol', 'unit/replication', 'vectors', 'adversarial'];

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 60_000,
    include: [
      ...suites.map((suite) => `tests/${suite}/**/*.test.ts`),
      'tests/unit/blobs/chunks.test.ts',
      'tests/property/{crypto,protocol-codecs,membership-codecs}.test.ts',
    ],
  },
});
