import { LapSource } from '#contract'
import type { Lap } from './state.ts'

/** Laps as plain JSON by run, without names of parts, the run's id within ids left out: a third of their own JSON. */
export type PackedLaps = {
  /** Who timed laps by hand. */
  people: string[]
  runs: [runId: string, laps: PackedLap[]][]
}
/** `told` is twice the place of its source among sources, plus one for a valid lap; `by` a place among `people`. */
type PackedLap = [
  id: string,
  bib: number,
  lap: number,
  ms: number,
  at: number,
  told: number,
  by?: number
]

/** Stands for the run's id in ids. */
const RUN = '~'
/** Ids that hold that sign are written as they are, behind this one. */
const PLAIN = '='
const SOURCES = LapSource.options

/** Laps to JSON. */
export function packLaps(laps: Iterable<Lap>): PackedLaps {
  const people = new Map<string, number>()
  const placeOf = (person: string) => {
    const place = people.get(person) ?? people.size
    people.set(person, place)
    return place
  }
  const runs = [...Map.groupBy(laps, ({ runId }) => runId)].map(
    ([runId, driven]): PackedLaps['runs'][number] => [
      runId,
      driven.map(({ id, bib, lap, ms, at, valid, source, by }) => {
        const told = SOURCES.indexOf(source) * 2 + Number(valid)
        const person: [] | [number] = by === undefined ? [] : [placeOf(by)]
        return [shorten(id, runId), bib, lap, ms, at, told, ...person]
      })
    ]
  )
  return { people: [...people.keys()], runs }
}

/** JSON to laps. */
export const unpackLaps = ({ people, runs }: PackedLaps): Lap[] =>
  runs.flatMap(([runId, laps]) =>
    laps.map(([id, bib, lap, ms, at, told, by]) => ({
      id: lengthen(id, runId),
      bib,
      runId,
      lap,
      ms,
      at,
      valid: told % 2 === 1,
      source: SOURCES[told >> 1]!,
      ...(by === undefined ? {} : { by: people[by]! })
    }))
  )

const shorten = (id: string, runId: string): string =>
  id.includes(RUN) || id.startsWith(PLAIN) ? PLAIN + id : id.replace(runId, () => RUN)

const lengthen = (id: string, runId: string): string =>
  id.startsWith(PLAIN) ? id.slice(PLAIN.length) : id.replace(RUN, () => runId)
