import type { Format, Head, Row } from '#contract'
import { awaitArchive, readArchive } from './archive.ts'
import type { Connection } from './connection.ts'
import { packRows, type ReportData } from './page/reportData.ts'
import { lagOf, powers, ranks, rateOf, stepOf, values } from './plotted.ts'
import { createSeries } from './readingSeries.ts'
import { readDirectory, readFinal, readHead } from './records.ts'

/** What a report is made of. */
export type RaceReport = {
  head: Head
  rows: Row[]
  names: Map<number, string>
  data: ReportData
  /** Readings that are plotted. */
  readings: number
}

/** Reads a race of readings from board and archive. Throws one sentence where there is nothing to report. */
export async function readReport(
  connection: Connection,
  raceId: string,
  say: (sentence: string) => void
): Promise<RaceReport> {
  const [head, final, directory] = await Promise.all([
    readHead(connection, raceId),
    readFinal(connection, raceId),
    readDirectory(connection, raceId)
  ])
  if (!head) throw new Error(`There is no board of a race ${raceId} here.`)
  const { format, startsAt, endsAt } = head
  if (!isOfReadings(format)) {
    throw new Error(`${raceId} is a race of laps: reports are made of rides and games.`)
  }
  if (!final || startsAt === null || endsAt === null) {
    throw new Error(`${raceId} is ${head.phase}: reports are made of races that have ended.`)
  }
  await awaitArchive(connection, startsAt, say)
  const series = createSeries(format, { startsAt, endsAt })
  for await (const event of readArchive(connection.archive, startsAt)) {
    if (event.properties.race === raceId) series.take(event)
  }
  const names = new Map(directory?.entries.map(({ bib, name }) => [bib, name]))
  const length = Math.ceil((endsAt - startsAt) / 1_000)
  const data = plotOf(series, format, { length, rows: final.rows, names })
  return { head, rows: final.rows, names, data, readings: series.arrivals.length }
}

const isOfReadings = (format: Format): format is Format & { kind: 'ride' | 'game' } =>
  format.kind === 'ride' || format.kind === 'game'

export function plotOf(
  series: ReturnType<typeof createSeries>,
  format: Format & { kind: 'ride' | 'game' },
  { length, rows, names }: { length: number; rows: Row[]; names: Map<number, string> }
): ReportData {
  const order = new Map(rows.map(({ bib }, index) => [bib, index]))
  const placeOf = new Map(rows.map(({ bib, rank }) => [bib, rank]))
  const riders = series
    .riders()
    .toSorted((a, b) => (order.get(a.bib) ?? Infinity) - (order.get(b.bib) ?? Infinity))
  const index = new Map(riders.map(({ bib }, i) => [bib, i]))
  const step = stepOf(riders.length, length)
  const adds = format.kind === 'ride' && format.metric === 'output'
  const reached = riders.map(rider => values(rider, length, step, adds))
  return {
    seconds: length,
    step,
    riders: riders.map(({ bib }) => {
      return { bib, name: names.get(bib) ?? '', place: placeOf.get(bib) ?? null }
    }),
    ...(format.kind === 'ride'
      ? {
          power: packRows(
            16,
            riders.map(rider => powers(rider, length, step))
          )
        }
      : { score: packRows(32, reached) }),
    rank: packRows(16, ranks(reached)),
    dropOuts: series
      .silences()
      .map(({ bib, from, to }) => ({ rider: index.get(bib) ?? 0, from, to })),
    lag: lagOf(series.arrivals),
    rate: rateOf(series.arrivals)
  }
}
