import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { emojiData } from './src/app/emoji-data.vite.ts';

const suites = ['unit', 'property', 'vectors', 'contract', 'adversarial', 'simulation'];
/** Those with time boxes of minutes: begun last, they would run alone on one core. */
const longSuites = /(histories|replication-fuzz)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => longSuites.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const stateTests = 'tests/**/*.svelte.test.ts';

export default defineConfig({
  test: {
    // Two cores: the default leaves one of them to the watcher that is not there in a run.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    chaiConfig: { truncateThreshold: 0 }, // a list of findings is shown whole
    projects: [
      {
        plugins: [emojiData()],
        test: {
          name: 'node',
          environment: 'node',
          testTimeout: 60_000, // two busy cores are slow; a test that hangs is still found
          include: [...suites.map((suite) => `tests/${suite}/**/*.test.ts`), 'tests/*.test.ts'],
          exclude: [stateTests],
        },
      },
      {
        // Screen state: without the `browser` condition effects silently do not run.
        plugins: [svelte({ configFile: false }), emojiData()],
        resolve: { conditions: ['browser'] },
        test: { name: 'state', environment: 'happy-dom', include: [stateTests] },
      },
    ],
  },
});
