import {
  type Actor,
  type Competitor,
  type FactOf,
  PEOPLE,
  type Race,
  type StartListOutcome
} from '#contract'
import type { CsvFault } from './csvReader.ts'
import { competitorIdOf, type EntryPorts, entryId } from './entries.ts'
import { type ListLine, readListLines } from './listLines.ts'
import { erasureId } from './people.ts'
import { Refused } from './problem.ts'
import { type Face, listedRace, refuseOver, register } from './registration.ts'

/** Longest start list, in bytes. */
export const LIST_MAX_BYTES = 1_000_000
/** Competitors that are read or written at once. */
const AT_ONCE = 16

/** What taking start lists needs; each rejects when the service failed. */
export type StartListPorts = EntryPorts & {
  readCompetitorForWrite(competitorId: string): Promise<{ competitor: Competitor } | undefined>
}

/** A list: CSV, and whether to take it or only to say what it holds. */
type StartList = { raceId: string; csv: string; apply: boolean }

/** A line with who it is in the race. */
type Place = ListLine & { competitorId: string; known: boolean }

/** Throws `Refused` for a body of more bytes than a start list may have. */
export function refuseLong(bytes: number): void {
  if (bytes <= LIST_MAX_BYTES) return
  const detail = `A start list has at most ${LIST_MAX_BYTES} bytes, this one ${bytes}: send it in parts.`
  throw new Refused('too-large', detail)
}

/** Reads start lists, and takes those without a fault. */
export function createStartLists(ports: StartListPorts) {
  return {
    /**
     * What the list holds. It is taken whole or, with any fault, not at all; the same list again finds everybody known,
     * and completes what a crash left half done.
     */
    async take({ raceId, csv, apply }: StartList, actor: Actor): Promise<StartListOutcome> {
      const race = await listedRace(ports, raceId)
      await refuseOver(ports, raceId)
      const { lines, faults } = readListLines(csv, race)
      const known = new Map((await ports.readEntries(raceId)).map(entry => [entry.bib, entry]))
      const judged = await each(lines, line => place(ports, race, line, known.get(line.bib)))
      const places = judged.filter(one => 'known' in one)
      const all = [
        ...faults,
        ...judged.filter(one => 'detail' in one),
        ...beyond(race, known.size, places)
      ]
      const applied = apply && all.length === 0
      if (applied) await each(places, one => enter(ports, raceId, one, actor))
      return {
        raceId,
        applied,
        entries: places.map(({ line, bib, face, known }) => ({
          line,
          bib,
          name: face.name,
          known
        })),
        faults: all.sort((a, b) => a.line - b.line)
      }
    }
  }
}

/** Whose line it is; a fault where the number is somebody else's. */
async function place(
  ports: StartListPorts,
  { raceId }: Race,
  line: ListLine,
  entry: FactOf<'enter'> | undefined
): Promise<Place | CsvFault> {
  // Who stands under a number of a list: in the ledger it must tell nothing of the person.
  const own = competitorIdOf(ports.digest(raceId, `${line.bib}`))
  if (!entry) return { ...line, competitorId: own, known: false }
  const { competitorId } = entry
  const [stored, erasure] = await Promise.all([
    ports.readCompetitorForWrite(competitorId),
    ports.readFact(PEOPLE, erasureId(competitorId))
  ])
  const fault = (whose: string) => ({ line: line.line, detail: `bib: number ${line.bib} ${whose}` })
  if (erasure) return fault('was of somebody who was erased')
  // Without a face an import, or an entry at the track, stopped halfway. Only the former is completed here.
  const isOne = stored ? isSame(stored.competitor, line.face) : competitorId === own
  return isOne ? { ...line, competitorId, known: true } : fault('is of somebody else already')
}

const isSame = (one: Face, other: Face): boolean =>
  (['name', 'country', 'class'] as const).every(part => one[part] === other[part])

/** The first line for which the race has no place left. */
function beyond({ capacity }: Race, entered: number, places: Place[]): CsvFault[] {
  const first = places.filter(({ known }) => !known)[Math.max(0, capacity - entered)]
  const detail = `the race has ${capacity} places: ${entered} are taken already`
  return first ? [{ line: first.line, detail }] : []
}

async function enter(
  ports: StartListPorts,
  raceId: string,
  { bib, competitorId, face, contact }: Place,
  actor: Actor
): Promise<void> {
  const at = ports.now()
  const ids = { raceId, bib, competitorId }
  const fact = { id: entryId(bib), kind: 'enter', at, recordedAt: at, actor, ...ids } as const
  if (!(await ports.appendFact(fact))) {
    const there = await ports.readFact(raceId, fact.id)
    if (there?.kind !== 'enter' || there.competitorId !== competitorId) {
      const detail = `Number ${bib} was taken meanwhile: look at the list again; who is in already is known then.`
      throw new Refused('conflict', detail)
    }
  }
  await register(ports, ids, face, contact)
}

/** Does one thing with each, some at once; the results are in order. */
async function each<T, R>(items: T[], does: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(does))))
  }
  return results
}
