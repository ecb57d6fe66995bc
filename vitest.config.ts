import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Tests that start processes or a browser need more than a unit's time. */
const SLOW_MS = 120_000

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: 'node_modules/.vitest/results.json' }]],
    projects: [
      {
        plugins: [svelte()],
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 30_000
        }
      },
      {
        test: {
          name: 'local',
          sequence: { groupOrder: 1 },
          include: ['test/local/**/*.test.ts'],
          testTimeout: SLOW_MS,
          hookTimeout: SLOW_MS
        }
      },
      {
        test: {
          name: 'pipeline',
          sequence: { groupOrder: 2 },
          include: ['test/pipeline/**/*.test.ts'],
          testTimeout: 10 * SLOW_MS,
          hookTimeout: SLOW_MS,
          // Races are mostly waited for: two products at a time fill two cores.
          maxWorkers: 2
        }
      },
      {
        test: {
          name: 'browser',
          sequence: { groupOrder: 3 },
          include: ['test/browser/**/*.test.ts'],
          testTimeout: SLOW_MS,
          hookTimeout: SLOW_MS,
          // A browser takes both cores: two at a time miss what must be answered at once.
          fileParallelism: false
        }
      }
    ]
  }
})
