import type { RaceSummary } from '#contract'
import { CourseBoard, PersonalBest } from '#contract/boards'
import { RaceDetail } from '#contract/standings'
import { boardIdOf } from '#race/boardId'
import { ApiError } from '../call.ts'
import type { CourseBoardView, KnownCourse } from './courseBoard.svelte.ts'
import type { Read } from './reader.ts'

/** So many of the newest races are looked through for their courses. */
const LOOKED_THROUGH = 12

/** A race's course, and the all-time board that its results compare on, if any. */
export type RaceCourse = KnownCourse & { board: string | undefined }

/** What of an all-time board is asked for: its first page, or the one after those that are shown. */
export type BoardAsked = { board: string | undefined; group: string }

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404

/** Reads courses and their boards into the view. */
export function createCourseReader(read: Read, view: CourseBoardView) {
  /** Counts what was asked, so that an answer that was overtaken shows nothing. */
  let asked = 0

  const courseOf = async (raceId: string): Promise<RaceCourse> => {
    const detail = await read(`/races/${raceId}`, RaceDetail)
    return { ...detail.course, board: boardIdOf(detail) }
  }

  const pageOf = (courseId: string, { board, group }: BoardAsked, page: number) => {
    const query = new URLSearchParams({ page: String(page) })
    if (board !== undefined) query.set('board', board)
    if (group !== '') query.set('class', group)
    return read(`/courses/${courseId}/board?${query}`, CourseBoard)
  }

  const readBest = async (courseId: string, board: string, turn: number): Promise<void> => {
    if (view.me === undefined) return
    const path = `/courses/${courseId}/bests/${view.me}?board=${board}`
    const best = await read(path, PersonalBest).catch((error: unknown) => {
      if (isMissing(error)) return null
      throw error
    })
    if (turn === asked) view.best = best
  }

  return {
    courseOf,

    /** The courses of the newest races. */
    async courses(races: readonly RaceSummary[]): Promise<void> {
      const some = races.slice(0, LOOKED_THROUGH)
      const found = await Promise.all(some.map(({ raceId }) => courseOf(raceId)))
      const known = new Map(found.map(({ courseId, name }) => [courseId, { courseId, name }]))
      view.courses = [...known.values()]
    },

    /** Shows a course's board from its first row. A board that the course does not have gives way to one that it has. */
    async open(courseId: string, query: BoardAsked): Promise<void> {
      const turn = ++asked
      const first = await pageOf(courseId, query, 0)
        .catch((error: unknown) => {
          if (isMissing(error)) return pageOf(courseId, { board: undefined, group: '' }, 0)
          throw error
        })
        .catch((error: unknown) => {
          if (isMissing(error)) return undefined
          throw error
        })
      if (turn !== asked) return
      view.clear()
      view.courseId = courseId
      view.absent = first === undefined
      if (!first) return
      view.add(first)
      await readBest(courseId, first.board, turn)
    },

    /** The page after those that are shown. */
    async more(): Promise<void> {
      const { courseId, board } = view
      if (courseId === undefined || !board) return
      const turn = asked
      const next = await pageOf(courseId, { board: board.board, group: board.class }, view.pages)
      if (turn === asked) view.add(next)
    }
  }
}
