import * as v from 'valibot'
import { type Format, GameReading, RideReading } from '#contract'
import { outputOf } from '#race/metric'
import type { ArchivedEvent } from './archivedEvent.ts'

/** A rider without a reading for longer has dropped out, in ms: a trainer sends each second, a player when something happened. */
export const SILENT_MS = { ride: 3_000, game: 10_000 }

type Measured = RideReading | GameReading
type Times = { startsAt: number; endsAt: number }
type Second = { power: number; readings: number; value: number }
/** One rider's part: what was measured in each second of the race, once each. */
export type RiderSeries = {
  bib: number
  seen: Set<string>
  seconds: Map<number, Second>
  /** Instants of measuring, in ms since the start, in order of arrival. */
  measured: number[]
}

export type Silence = { bib: number; from: number; to: number }

/**
 * Collects a race's readings from archived events, in any order: each reading once, and of the race's own time alone.
 * Instants in ms since 1970.
 */
export function createSeries(format: Format & { kind: 'ride' | 'game' }, times: Times) {
  const riders = new Map<number, RiderSeries>()
  /** From measuring to the hub, in ms, with the second in which it got there. */
  const arrivals: { at: number; lag: number }[] = []
  const Readings: v.GenericSchema<unknown, Measured[]> =
    format.kind === 'ride' ? v.array(RideReading) : v.array(GameReading)
  const raceMs = times.endsAt - times.startsAt

  function take(event: ArchivedEvent): void {
    const bib = Number(event.properties.bib)
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), event.body.toString())
    const readings = v.safeParse(Readings, parsed.success ? [parsed.output].flat() : undefined)
    if (!readings.success || !Number.isSafeInteger(bib)) return
    const rider: RiderSeries = riders.get(bib) ?? {
      bib,
      seen: new Set(),
      seconds: new Map(),
      measured: []
    }
    riders.set(bib, rider)
    for (const reading of readings.output) {
      const key = `${event.properties.session}-${reading.seq}`
      const at = Math.min(reading.t, event.enqueued) - times.startsAt
      if (rider.seen.has(key) || at < 0 || at > raceMs) continue
      rider.seen.add(key)
      rider.measured.push(at)
      count(rider, at, reading)
      arrivals.push({ at: event.enqueued - times.startsAt, lag: event.enqueued - reading.t })
    }
  }

  function count({ seconds }: RiderSeries, at: number, reading: Measured): void {
    const second = Math.min(Math.floor(at / 1_000), Math.ceil(raceMs / 1_000) - 1)
    const known = seconds.get(second) ?? { power: 0, readings: 0, value: 0 }
    const adds = format.kind === 'ride' && format.metric === 'output'
    const value = worthOf(format, reading)
    seconds.set(second, {
      power: known.power + ('power' in reading ? reading.power : 0),
      readings: known.readings + 1,
      value: adds ? known.value + value : Math.max(known.value, value)
    })
  }

  return {
    take,
    arrivals,
    riders: () => [...riders.values()].sort((a, b) => a.bib - b.bib),
    /** Where riders were silent for long, in s since the start: also before their first reading and after their last. */
    silences: (): Silence[] =>
      [...riders.values()].flatMap(rider => silencesOf(rider, raceMs, SILENT_MS[format.kind]))
  }
}

function worthOf(format: Format, reading: Measured): number {
  if ('score' in reading) return reading.score
  const metric = format.kind === 'ride' ? format.metric : 'output'
  return metric === 'output' ? outputOf(reading.cadence, reading.resistance) : reading[metric]
}

function silencesOf({ bib, measured }: RiderSeries, raceMs: number, silentMs: number): Silence[] {
  const instants = [0, ...measured.toSorted((a, b) => a - b), raceMs]
  return instants.flatMap((to, i) => {
    const from = instants[i - 1] ?? to
    return to - from > silentMs ? [{ bib, from: from / 1_000, to: to / 1_000 }] : []
  })
}
