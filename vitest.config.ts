import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Tests that start processes or a browser need more than a unit's time. */
const SLOW_MS = 120_000

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        plugins: [svelte()],
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 }
      },
      {
        test: {
          name: 'local',
          include: ['test/local/**/*.test.ts'],
          testTimeout: SLOW_MS,
          hookTimeout: SLOW_MS
        }
      },
      {
        test: {
          name: 'pipeline',
          include: ['test/pipeline/**/*.test.ts'],
          testTimeout: 10 * SLOW_MS,
          hookTimeout: SLOW_MS,
          fileParallelism: false
        }
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: SLOW_MS,
          hookTimeout: SLOW_MS,
          fileParallelism: false
        }
      }
    ]
  }
})
