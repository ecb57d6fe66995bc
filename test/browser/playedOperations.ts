import type { Operations } from '#contract'

const MINUTE = 60_000

/** A pipeline under load: two partitions behind, three races, letters of four reasons, and an hour's measurements. */
export function underLoad(now: number): Operations {
  const latencies = Array.from({ length: 60 }, (_, minute) => ({
    at: now - (60 - minute) * MINUTE + 500,
    ms: minute === 41 ? null : 280 + ((minute * 37) % 140) + (minute === 20 ? 1_150 : 0)
  }))
  const partitions = Array.from({ length: 16 }, (_, partition) => ({
    last: 18_000 + partition * 411,
    behind: partition === 3 ? 1_240 : partition === 7 ? 215 : partition % 5
  }))
  const race = (raceId: string, phase: 'running' | 'provisional', windows: number) => ({
    ...{ raceId, phase, windows, folded: windows * 812, closedAt: now - 900 }
  })
  return {
    asOf: now,
    pulse: {
      at: now - 2_000,
      partitions,
      races: [
        race('lunch-ride-7', 'running', 184),
        race('lunch-ride-6', 'provisional', 300),
        race('synthetic-rider', 'running', 86_012)
      ]
    },
    deadLetters: [
      { reason: 'too-late', count: 1_204, newestAt: now - 40_000 },
      { reason: 'aborted', count: 212, newestAt: now - 9 * MINUTE },
      { reason: 'bad-shape', count: 17, newestAt: now - 200 * MINUTE },
      { reason: 'no-run', count: 3, newestAt: now - 4 * 1_440 * MINUTE }
    ],
    latencies
  }
}
