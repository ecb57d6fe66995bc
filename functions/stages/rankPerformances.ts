import type { BoardId, CourseRecord, Directory, FactOf, Head, Race, SeatItem } from '#contract'
import { candidates, fallen, type Who } from '#race/bests'
import { boardIdOf, isOfLaps } from '#race/boardId'
import { openPerformances, replay, type Series, seriesOf } from '#race/performances'
import { type BoardBook, type BoardStore, openBook } from './boardBook.ts'
import {
  type BoardHead,
  type ListItem,
  listId,
  type MarkerItem,
  markerId,
  type PlanItem,
  planId,
  type Ranked
} from './boardItems.ts'
import { nextStep } from './boardSteps.ts'
import type { FinalResult } from './race.ts'
import { unpackReadings } from './raceSignal.ts'
import { createTelemetry, type HubEvent } from './telemetry.ts'

/** Classes of one board; who races in a further one is on the board of all alone. */
export const CLASSES_MAX = 64

/** What ranking a race's performances needs; each rejects when the service failed. */
export type RankPorts = {
  /** The configuration as it was frozen. */
  readRace(raceId: string): Promise<Race | undefined>
  readHead(raceId: string): Promise<Head | undefined>
  /** The last final of a race. */
  readFinal(raceId: string): Promise<FinalResult | undefined>
  readSeats(raceId: string): Promise<SeatItem[]>
  readEntries(raceId: string): Promise<FactOf<'enter'>[]>
  readDirectory(raceId: string): Promise<Directory | undefined>
  /** Hands on the race's events that the hub got after `from` and until `to` (ms since 1970): of a partition in their order. */
  replay(
    raceId: string,
    span: { from: number; to: number },
    take: (events: HubEvent[]) => Promise<void>
  ): Promise<void>
  boards: BoardStore
  warn(message: string): void
}

/**
 * Brings an official race into the boards of its course: bests, exact places, ghosts. Answers the records that fell.
 * Doing it again, or half of it twice, adds nothing twice and answers the same.
 */
export function createRankPerformances(
  ports: RankPorts
): (raceId: string) => Promise<CourseRecord[]> {
  return async raceId => {
    const [race, head] = await Promise.all([ports.readRace(raceId), ports.readHead(raceId)])
    if (!race || !head || head.startsAt === null) return []
    const { startsAt, endsAt } = head
    const board = boardIdOf({ ...race, timetable: asRaced(race, startsAt, endsAt) })
    if (!board) return []
    const { courseId } = race.course
    const ranked = { raceId, courseId, board }
    const book = openBook(ports.boards, courseId)
    const made = await planned(ports, book, ranked, startsAt)
    if (!made) return []
    const { plan, marker } = made
    const isOver = marker.next === null || isOfLaps(board) || endsAt === null
    const ways = isOver ? new Map() : await ridden(ports, race, { startsAt, endsAt }, plan)
    for (let next = marker.next; next !== null; ) {
      ;({ next } = await book.commit(() => nextStep(book, { ranked, plan, ways })))
    }
    return marker.records
  }
}

/** A race that was to have a time compares by the one that it had. */
const asRaced = (
  { timetable }: Race,
  startsAt: number,
  endsAt: number | null
): Race['timetable'] =>
  timetable.durationMs === undefined || endsAt === null
    ? timetable
    : { ...timetable, durationMs: endsAt - startsAt }

type Planned = { plan: PlanItem; marker: MarkerItem }

/**
 * What the race brings, which is settled once: from then on neither a later revision nor a changed class makes two of one.
 * Undefined where it brings nothing.
 */
async function planned(
  ports: RankPorts,
  book: BoardBook,
  ranked: Ranked,
  at: number
): Promise<Planned | undefined> {
  const { raceId, courseId, board } = ranked
  const final = await ports.readFinal(raceId)
  if (!final) return undefined
  const bests = candidates(final.rows, await whoIs(ports, ranked), { raceId, at })
  if (!bests.length) return undefined
  return book.commit(async () => {
    const head = await book.head(board)
    const held = await heldPlan(book, ranked)
    if (held) return { head, items: [], ...held }
    const raced = [...new Set(bests.map(best => best.class))].filter(Boolean).sort()
    const classes = [...new Set([...head.classes, ...raced])].slice(0, CLASSES_MAX)
    const left = raced.filter(name => !classes.includes(name))
    if (left.length) ports.warn(`${courseId} has too many classes for a board of ${left.join()}`)
    const plan: PlanItem = {
      ...{ id: planId(board, raceId), courseId, revision: final.revision, at },
      classes: ['', ...raced.filter(name => classes.includes(name))],
      entries: bests.map(best => [best.competitorId, best.class, best.value, best.bib])
    }
    const records = fallen(board, bests, await bestsBefore(book, board, plan.classes))
    const marker = { id: markerId(board, raceId), courseId, next: 0, records }
    const changed: BoardHead = { ...head, version: head.version + 1, classes }
    return { head: changed, items: [plan, marker], plan, marker }
  })
}

async function heldPlan(book: BoardBook, { board, raceId }: Ranked): Promise<Planned | undefined> {
  const marker = await book.read<MarkerItem>(markerId(board, raceId))
  const plan = marker && (await book.read<PlanItem>(planId(board, raceId)))
  return plan && { plan, marker }
}

const bestsBefore = (book: BoardBook, board: BoardId, classes: string[]) =>
  Promise.all(
    classes.map(async name => {
      const list = await book.read<ListItem>(listId(board, name))
      return { class: name, value: list?.top[0]?.value ?? null }
    })
  )

/** Competitor and class by bib: of seats, or of the start list with the classes of the directory. */
async function whoIs(ports: RankPorts, { raceId, board }: Ranked): Promise<Map<number, Who>> {
  if (!isOfLaps(board)) {
    const seats = await ports.readSeats(raceId)
    return new Map(
      seats.map(({ bib, competitorId, class: raced }) => [bib, { competitorId, class: raced }])
    )
  }
  const [entries, directory] = await Promise.all([
    ports.readEntries(raceId),
    ports.readDirectory(raceId)
  ])
  const classes = new Map(directory?.entries.map(entry => [entry.bib, entry.class]))
  const last = entries.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return new Map(
    last.map(({ bib, competitorId }) => [bib, { competitorId, class: classes.get(bib) ?? '' }])
  )
}

/** The way of each bib of the plan, from the race's readings; of those alone that came to their final value. */
async function ridden(
  ports: RankPorts,
  race: Race,
  times: { startsAt: number; endsAt: number },
  plan: PlanItem
): Promise<Map<number, Series>> {
  const values = new Map(plan.entries.map(([, , value, bib]) => [bib, value]))
  const performances = openPerformances(race, times, [...values.keys()])
  if (!performances) return new Map()
  const span = { from: times.startsAt, to: times.endsAt + race.timetable.backlogMs }
  const none = async () => undefined
  // Events are read as they were when the race was live: by the same stage.
  const read = createTelemetry({
    signalRace: async (_, signal) => replay(performances, signal.partition, unpackReadings(signal)),
    signalCar: none,
    signalSensor: none,
    deadLetter: none
  })
  await ports.replay(race.raceId, span, read)
  return seriesOf(performances, values)
}
