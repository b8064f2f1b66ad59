import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const suites = ['unit', 'property', 'vectors', 'contract', 'adversarial', 'simulation'];
const stateTests = 'tests/**/*.svelte.test.ts';

export default defineConfig({
  test: {
    chaiConfig: { truncateThreshold: 0 }, // a list of findings is shown whole
    projects: [
      {
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
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: { name: 'state', environment: 'happy-dom', include: [stateTests] },
      },
    ],
  },
});
