import {
  type BestRow,
  BOARD_PAGE_ROWS,
  type BoardId,
  type CourseBoard,
  type Ghost,
  type Ghosts,
  type PersonalBest
} from '#contract'
import { ghostBlocks, ghostsOf, unpackSeries } from '#race/ghosts'
import { total } from '#race/histogram'
import { places } from '#race/places'
import type { BoardStore } from './boardBook.ts'
import {
  type BestItem,
  type BoardHead,
  bestId,
  type CourseHead,
  type GhostItem,
  ghostId,
  type ListItem,
  type SpreadItem,
  spreadId
} from './boardItems.ts'
import { createReadName, type NamePorts } from './boardNames.ts'
import { BOARD_FRESH_MS, createRanks, type ListKey } from './boardRanks.ts'
import { createFreshValue } from './freshValue.ts'
import { Refused } from './problem.ts'

/** Courses and single items that one process remembers, and ghosts of whole boards: some MB each. */
const KEPT_COURSES = 256
const KEPT_ITEMS = 1_000
const KEPT_GHOSTS = 16
/** In place of a competitor's id: who leads the board. */
const COURSE_BEST = 'best'

/** What boards are read with; each rejects when the service failed. */
export type CourseBoardPorts = NamePorts &
  Pick<BoardStore, 'read'> & { readCourseHead(courseId: string): Promise<CourseHead | undefined> }

/** Which board, class, page, and the value whose place is asked. */
export type BoardQuery = {
  board: BoardId | undefined
  group: string
  page: number
  value: number | undefined
}

/** Answers what is asked of a course's boards. Each throws `Refused` for what does not exist. */
export function createCourseBoards(ports: CourseBoardPorts) {
  const { now } = ports
  const ranks = createRanks(ports)
  const readName = createReadName(ports)
  const fresh = { freshMs: BOARD_FRESH_MS, now }
  const heads = createFreshValue({ ...fresh, kept: KEPT_COURSES }, ports.readCourseHead)
  const items = createFreshValue({ ...fresh, kept: KEPT_ITEMS }, key => {
    const [courseId, id] = JSON.parse(key) as [string, string]
    return ports.read<BestItem | GhostItem>(courseId, id)
  })
  const itemOf = async <T extends BestItem | GhostItem>(courseId: string, id: string) =>
    (await items.get(JSON.stringify([courseId, id]))) as T | undefined
  // Ghosts of a version never change.
  const spreads = createFreshValue(
    { freshMs: Number.POSITIVE_INFINITY, kept: KEPT_GHOSTS, now },
    async key => {
      const [courseId, board, seconds] = JSON.parse(key) as [string, BoardId, number]
      const ids = Array.from({ length: ghostBlocks(seconds) }, (_, block) => spreadId(board, block))
      const blocks = await Promise.all(ids.map(id => ports.read<SpreadItem>(courseId, id)))
      return blocks.flatMap(block => block?.seconds ?? [])
    }
  )

  async function boardsOf(courseId: string): Promise<BoardHead[]> {
    const boards = (await heads.get(courseId))?.boards ?? []
    return boards.length ? boards : missing(`There is no board of a course ${courseId} yet.`)
  }

  async function headOf(courseId: string, board: BoardId | undefined): Promise<BoardHead> {
    const boards = await boardsOf(courseId)
    const found = board === undefined ? boards[0] : boards.find(each => each.board === board)
    const names = boards.map(each => each.board).join(', ')
    return found ?? missing(`Course ${courseId} has no board ${board}: it has ${names}.`)
  }

  async function rowsOf(key: ListKey, list: ListItem, page: number): Promise<BestRow[]> {
    const { top, sums } = list
    const first = page * BOARD_PAGE_ROWS
    const some = top.slice(first, first + BOARD_PAGE_ROWS)
    if (!some.length && page > 0) {
      missing(`The board has no page ${page}: it names ${top.length}; ask for a value's place.`)
    }
    const given = places(top, (a, b) => a.value === b.value, 'competition')
    const last = top.at(-1)
    const cut = last && total(sums) > top.length ? last.value : undefined
    // Who shares the last value may be beyond the rows that are kept.
    const isShared =
      some.at(-1) === last && cut !== undefined && (await ranks.standing(key, cut)).same > 1
    return Promise.all(
      some.map(async (best, i) => {
        const { competitorId, class: group, value, raceId, bib } = best
        const { rank, tied } = given[first + i]!
        return {
          rank,
          tied: tied || (isShared && value === cut),
          ...{ competitorId, ...(await readName(key.board, best)) },
          ...{ class: group, value, raceId, bib }
        }
      })
    )
  }

  return {
    async board(courseId: string, { board, group, page, value }: BoardQuery): Promise<CourseBoard> {
      const head = await headOf(courseId, board)
      const { classes } = head
      if (group && !classes.includes(group)) {
        missing(`Board ${head.board} has no class ${group}: it has ${classes.join(', ')}.`)
      }
      const key = { courseId, board: head.board, group }
      const list = await ranks.list(key)
      return {
        ...{ courseId, board: head.board, class: group },
        version: list.version,
        of: total(list.sums),
        rows: await rowsOf(key, list, page),
        standing: value === undefined ? null : await ranks.standing(key, value),
        boards: (await boardsOf(courseId)).map(each => each.board),
        classes
      }
    },

    async personalBest(
      courseId: string,
      competitorId: string,
      board: BoardId
    ): Promise<PersonalBest> {
      await headOf(courseId, board)
      const best = await itemOf<BestItem>(courseId, bestId(board, '', competitorId))
      if (!best) return missing(`${competitorId} has no best on board ${board} of ${courseId}.`)
      const { value, raceId, bib } = best
      const place = await ranks.standing({ courseId, board, group: '' }, value)
      return { courseId, board, competitorId, raceId, bib, standing: place }
    },

    async ghosts(courseId: string, board: BoardId): Promise<Ghosts> {
      const { performances, ghosts: version } = await headOf(courseId, board)
      const kept = ghostsOf(board)
      if (!kept) return missing(`Nobody's way is kept on board ${board}: it is of laps.`)
      const { width } = kept
      const seconds = await spreads.get(JSON.stringify([courseId, board, kept.seconds, version]))
      return { courseId, board, version, performances, width, seconds }
    },

    /** A competitor's; with `best` in place of an id the course's. */
    async ghost(courseId: string, board: BoardId, competitorId: string): Promise<Ghost> {
      await headOf(courseId, board)
      const isBest = competitorId === COURSE_BEST
      const leader = async () => (await ranks.list({ courseId, board, group: '' })).top[0]
      const id = isBest ? (await leader())?.competitorId : competitorId
      const ghost = id && (await itemOf<GhostItem>(courseId, ghostId(board, id)))
      if (!ghost) return missing(`There is no ghost of ${competitorId} on board ${board}.`)
      const { raceId, bib, values } = ghost
      const { name } = await readName(board, ghost)
      const who = { competitorId: ghost.competitorId, name, raceId, bib }
      return { courseId, board, ...who, values: unpackSeries(values) }
    }
  }
}

function missing(detail: string): never {
  throw new Refused('not-found', detail)
}
