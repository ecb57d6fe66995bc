import type { Directory, DirectoryEntry, Format, Head, RaceResults } from '#contract'
import { gapIsTime, isTimedByLaps } from '#race/metric'
import { writeCsv } from './csvWriter.ts'
import { createFreshValue } from './freshValue.ts'
import { FRESH_MS } from './lookup.ts'
import { Refused } from './problem.ts'
import type { FinalResult } from './race.ts'

/** Races whose results one process remembers. */
const KEPT_RACES = 64

/** What results are read with; each rejects when the service failed. */
export type ResultsPorts = {
  /** The last final of a race; undefined before the first. */
  readFinal(raceId: string): Promise<FinalResult | undefined>
  /** Throws `Refused` where there is none. */
  head(raceId: string): Promise<Head>
  /** Throws `Refused` where there is none. */
  directory(raceId: string): Promise<Directory>
  now(): number
}

type Named = RaceResults['rows'][number]

/** Answers with the last final classification of a race. Each throws `Refused` before the first. */
export function createResults(ports: ResultsPorts) {
  const fresh = { freshMs: FRESH_MS, kept: KEPT_RACES, now: ports.now }
  const finals = createFreshValue(fresh, ports.readFinal)

  async function results(raceId: string): Promise<RaceResults> {
    const head = await ports.head(raceId)
    const final = await finals.get(raceId)
    if (!final) {
      throw new Refused('not-found', `Race ${raceId} is ${head.phase}: it has no results yet.`)
    }
    // The version of the names is that of a directory: without one nobody has a name.
    const entries = head.names ? (await ports.directory(raceId)).entries : []
    const names = new Map<number, DirectoryEntry>(entries.map(entry => [entry.bib, entry]))
    const { revision, validity } = final
    const rows = final.rows.map(row => {
      const { name = '', country = '', class: group = '' } = names.get(row.bib) ?? {}
      return { ...row, name, country, class: group }
    })
    return { raceId, revision, validity, rows }
  }

  return {
    results,
    /** The same as a table: a line per competitor in the order of places, empty cells where there is nothing. */
    async csv(raceId: string): Promise<string> {
      const { rows } = await results(raceId)
      const { format } = await ports.head(raceId)
      const columns = columnsOf(format)
      return writeCsv(
        Object.keys(columns),
        rows.map(row => Object.values(columns).map(cell => cell(row)))
      )
    }
  }
}

type Columns = Record<string, (row: Named) => string | number | null>

const columnsOf = (format: Format): Columns => ({
  rank: ({ rank }) => rank,
  tied: ({ tied }) => yes(tied),
  bib: ({ bib }) => bib,
  name: ({ name }) => name,
  country: ({ country }) => country,
  class: row => row.class,
  status: ({ status }) => status,
  value: ({ value }) => value,
  unit: () => unitOf(format),
  gap: ({ gap }) => gap,
  gapUnit: () => (gapIsTime(format) || format.kind === 'mostLaps' ? 'ms' : unitOf(format)),
  lapsDown: ({ lapsDown }) => lapsDown,
  laps: ({ laps }) => (isTimedByLaps(format) ? laps : null),
  level: ({ game }) => game?.level ?? null,
  lives: ({ game }) => game?.lives ?? null,
  shots: ({ game }) => game?.shots ?? null,
  proxy: ({ proxy }) => yes(proxy),
  held: ({ held }) => held ?? null
})

const yes = (is: boolean | undefined): string => (is ? 'yes' : 'no')

/** The unit of a format's values, as in `Row`. */
function unitOf(format: Format): string {
  switch (format.kind) {
    case 'ride':
      return { distance: 'mm', work: 'J', output: 'hundredths' }[format.metric]
    case 'game':
      return 'points'
    case 'fastestLap':
    case 'averageLap':
      return 'ms'
    case 'mostLaps':
      return 'laps'
  }
}
