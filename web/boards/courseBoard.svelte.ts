import type { CourseBoard, PersonalBest } from '#contract'
import { BOARD_PAGE_ROWS, BOARD_TOP_ROWS } from '#contract/boards'

/** A course that races of the list are on. */
export type KnownCourse = { courseId: string; name: string }

/** A course's all-time board as the page shows it, page by page. */
export class CourseBoardView {
  courses = $state.raw<readonly KnownCourse[]>()
  courseId = $state<string>()
  /** The latest answer, and the rows of all pages so far. */
  board = $state.raw<CourseBoard>()
  rows = $state.raw<CourseBoard['rows']>([])
  /** The reader's own; null where there is none, undefined while it is not known. */
  best = $state.raw<PersonalBest | null>()
  /** The course has no board. */
  absent = $state(false)
  failing = $state(false)
  /** Who reads, as their pass says. */
  readonly me: string | undefined

  readonly pages = $derived(Math.ceil(this.rows.length / BOARD_PAGE_ROWS))
  /** Rows that can be had by name. */
  readonly named = $derived(Math.min(this.board?.of ?? 0, BOARD_TOP_ROWS))
  readonly complete = $derived(this.rows.length >= this.named)

  constructor(me: string | undefined) {
    this.me = me
  }

  /** Another course, board or class: what was shown goes. */
  clear(): void {
    this.board = this.best = undefined
    this.rows = []
    this.absent = false
  }

  /** The answer of a page; a board that changed meanwhile may bring a competitor twice, and then the later place is right. */
  add(board: CourseBoard): void {
    const come = new Set(board.rows.map(row => row.competitorId))
    this.board = board
    this.rows = [...this.rows.filter(row => !come.has(row.competitorId)), ...board.rows]
    this.failing = this.absent = false
  }
}
