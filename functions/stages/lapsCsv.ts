import type { Actor, DirectoryEntry, Row, TimedLap } from '#contract'
import { classify } from '#race/classification'
import { lapTime } from '#race/lapTime'
import { factsOf, type Ledger } from '#race/ledgerState'
import { timedRuns } from '#race/timedRuns'
import { type Cell, writeCsv } from './csvWriter.ts'
import { type LedgerPorts, readLedger } from './readLedger.ts'

/** Columns of a table: what each is called, and its cell of a line. */
type Columns<Line> = Record<string, (line: Line) => Cell>
type Names = Map<number, DirectoryEntry>

/** Writes a race of laps for spreadsheets: times in ms and as `m:ss.mmm`, instants by RFC 3339 in UTC, empty where there is none. */
export function createLapsCsv(ports: LedgerPorts) {
  const read = async (raceId: string): Promise<{ ledger: Ledger; names: Names }> => {
    const [ledger, directory] = await Promise.all([
      readLedger(ports, raceId),
      ports.readDirectory(raceId)
    ])
    return { ledger, names: new Map(directory?.entries.map(entry => [entry.bib, entry])) }
  }
  return {
    /** A line per timing of a lap, by every source and in every state, in the order in which they were complete. */
    async laps(raceId: string): Promise<string> {
      const { ledger, names } = await read(raceId)
      const laps = timedRuns(ledger).flatMap(run => run.laps)
      laps.sort((a, b) => a.at - b.at || (a.lapId < b.lapId ? -1 : 1))
      return table(lapColumns(names), laps)
    },
    /** A line per competitor, in the order of the board. */
    async racers(raceId: string): Promise<string> {
      const { ledger, names } = await read(raceId)
      return table(racerColumns(ledger, names), classify(ledger.state, ledger.laps))
    }
  }
}

const table = <Line>(columns: Columns<Line>, lines: Line[]): string =>
  writeCsv(
    Object.keys(columns),
    lines.map(line => Object.values(columns).map(cell => cell(line)))
  )

const lapColumns = (names: Names): Columns<TimedLap> => ({
  bib: ({ bib }) => bib,
  name: ({ bib }) => names.get(bib)?.name ?? '',
  run: ({ runId }) => runId,
  lap: ({ lap }) => lap,
  source: ({ source }) => source,
  state: ({ state }) => state,
  why: ({ why }) => why,
  ms: ({ ms }) => ms,
  time: ({ ms }) => time(ms),
  resets: ({ resets }) => resets,
  completedAt: ({ at }) => instant(at),
  recordedAt: ({ recordedAt }) => instant(recordedAt),
  recordedBy: ({ by }) => named(by),
  corrections: ({ revision }) => revision,
  lapId: ({ lapId }) => lapId
})

function racerColumns({ state, facts }: Ledger, names: Names): Columns<Row> {
  const isTime = state.race.format.kind !== 'mostLaps'
  const ids = new Map(factsOf(facts, 'enter').map(({ bib, competitorId }) => [bib, competitorId]))
  return {
    rank: ({ rank }) => rank,
    tied: ({ tied }) => (tied ? 'yes' : 'no'),
    bib: ({ bib }) => bib,
    competitor: ({ bib }) => ids.get(bib) ?? '',
    name: ({ bib }) => names.get(bib)?.name ?? '',
    country: ({ bib }) => names.get(bib)?.country ?? '',
    class: ({ bib }) => names.get(bib)?.class ?? '',
    status: ({ status }) => status,
    laps: ({ laps }) => laps,
    // Most laps are counted, not timed: their number is in the column before.
    resultMs: ({ value }) => (isTime ? value : null),
    result: ({ value }) => (isTime ? time(value) : null),
    gapMs: ({ gap }) => gap,
    gap: ({ gap }) => time(gap),
    lapsDown: ({ lapsDown }) => lapsDown,
    lastMs: ({ last }) => last?.ms ?? null,
    last: ({ last }) => time(last?.ms ?? null),
    proxy: ({ proxy }) => (proxy ? 'yes' : 'no')
  }
}

const time = (ms: number | null): Cell => (ms === null ? null : lapTime(ms))
const instant = (at: number | null): Cell => (at === null ? null : new Date(at).toISOString())
const named = (actor: Actor): string => (actor.kind === 'app' ? actor.app : actor.object)
