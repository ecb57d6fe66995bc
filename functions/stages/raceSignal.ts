import type { CourseRecord, Fact } from '#contract'
import type { PhaseChange } from '#race/phase'
import type { Reading } from '#race/readings'

/**
 * A batch of one race's readings on its way to the race's entity: rows of whole numbers, a third of the objects' size.
 * Ride: bib, session, seq, t, enqueued, distance, work, output. Game: bib, session, seq, t, enqueued, score, level, lives, shots,
 * trial.
 */
export type ReadingsSignal = { partition: string; ride: number[][]; game: number[][] }

/** The operations of the race entity and their inputs. */
export type RaceOperation =
  | { name: 'readings'; input: ReadingsSignal }
  | { name: 'facts'; input: Fact[] }
  | { name: 'phase'; input: PhaseChange }
  | { name: 'records'; input: CourseRecord[] }
  | { name: 'tick'; input?: undefined }

/** Readings to rows. */
export function packReadings(partition: string, readings: Reading[]): ReadingsSignal {
  const signal: ReadingsSignal = { partition, ride: [], game: [] }
  for (const { bib, session, seq, t, enqueued, figures } of readings) {
    const source = [bib, session, seq, t, enqueued]
    if (figures.kind === 'ride') {
      signal.ride.push([...source, figures.distance, figures.work, figures.output])
    } else {
      const { score, level, lives, shots, trial } = figures
      signal.game.push([...source, score, level, lives, shots, trial])
    }
  }
  return signal
}

/** Rows to readings. */
export function unpackReadings(signal: ReadingsSignal): Reading[] {
  const source = ([bib, session, seq, t, enqueued]: number[]) => ({
    bib: bib!,
    session: session!,
    seq: seq!,
    t: t!,
    enqueued: enqueued!
  })
  return [
    ...signal.ride.map(row => ({
      ...source(row),
      figures: { kind: 'ride' as const, distance: row[5]!, work: row[6]!, output: row[7]! }
    })),
    ...signal.game.map(row => ({
      ...source(row),
      figures: {
        kind: 'game' as const,
        score: row[5]!,
        level: row[6]!,
        lives: row[7]!,
        shots: row[8]!,
        trial: row[9] ?? 0
      }
    }))
  ]
}
