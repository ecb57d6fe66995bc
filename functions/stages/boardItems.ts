import type { BoardId, CourseRecord } from '#contract'
import type { Best } from '#race/bests'
import type { Spread } from '#race/ghosts'
import type { PackedBlock, Sums } from '#race/histogram'

/** A race whose results compare, and the board that they compare on. */
export type Ranked = { raceId: string; courseId: string; board: BoardId }

/** What all items of the `boards` container have; the partition is the course. */
type Stored = { id: string; courseId: string }

/** One board of a course. `version` counts up with every change of it, `ghosts` with every race among its ghosts. */
export type BoardHead = {
  board: BoardId
  version: number
  /** Classes that competitors raced in, in the order of their coming. */
  classes: string[]
  /** Performances among the ghosts. */
  performances: number
  ghosts: number
}
/** The item that every change of a course's boards replaces under its etag: so there is one writer at a time. */
export type CourseHead = Stored & { boards: BoardHead[] }
/** Everybody's best of one class, or of all under the empty one: the first rows, and how many values are in each block. */
export type ListItem = Stored & { version: number; top: Best[]; sums: Sums }
/** One block of a list's histogram, as of the list's `version`. */
export type BlockItem = Stored & PackedBlock & { version: number }
export type BestItem = Stored & Best
/** How all performances were spread in a block of seconds. */
export type SpreadItem = Stored & { seconds: Spread[] }
/** The way of a competitor's best, in base64. */
export type GhostItem = Stored & {
  competitorId: string
  raceId: string
  bib: number
  values: string
}
/** What one race brings, fixed before anything of it is counted: who had which value, as `[competitorId, class, value, bib]`. */
export type PlanItem = Stored & {
  revision: number
  at: number
  classes: string[]
  entries: [string, string, number, number][]
}
/** How far a race has been counted: the first step that is not, null when all are. */
export type MarkerItem = Stored & { next: number | null; records: CourseRecord[] }
export type BoardItem =
  | ListItem
  | BlockItem
  | BestItem
  | SpreadItem
  | GhostItem
  | PlanItem
  | MarkerItem

export const COURSE_HEAD_ID = 'head'

/** Ids of items: parts are joined by dots, which neither boards nor ids have. A class may be any text. */
export const listId = (board: BoardId, group: string): string => `list.${board}.${keyOf(group)}`
export const blockId = (board: BoardId, group: string, block: number): string =>
  `block.${board}.${keyOf(group)}.${block}`
export const bestId = (board: BoardId, group: string, competitorId: string): string =>
  `best.${board}.${keyOf(group)}.${competitorId}`
export const spreadId = (board: BoardId, block: number): string => `ghosts.${board}.${block}`
export const ghostId = (board: BoardId, competitorId: string): string =>
  `ghost.${board}.${competitorId}`
export const planId = (board: BoardId, raceId: string): string => `plan.${board}.${raceId}`
export const markerId = (board: BoardId, raceId: string): string => `race.${board}.${raceId}`

const keyOf = (group: string): string => Buffer.from(group).toString('base64url')
