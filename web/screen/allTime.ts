import * as v from 'valibot'
import { Format } from '#contract/race'
import { boardIdOf } from '#race/boardId'
import type { Call } from '../call.ts'

/** The podium of all time. */
const TOP = 3

/** Of a timetable its racing time alone tells the board. */
const NO_WAITS = { countdownMs: 0, backlogMs: 0, protestMs: 0 }

/** What is needed of `RaceDetail` and of `CourseBoard`: their whole schemas would weigh on every screen. */
const Raced = v.object({
  format: Format,
  course: v.object({ courseId: v.string() }),
  timetable: v.object({ durationMs: v.optional(v.number()) })
})
const Bests = v.object({
  rows: v.array(v.object({ rank: v.number(), name: v.string(), value: v.number() }))
})
type Best = v.InferOutput<typeof Bests>['rows'][number]

/** Asks for the top 3 of all time on a race's course; nobody where no results compare there. Throws as `call` does. */
export type AllTime = (raceId: string) => Promise<readonly Best[]>

export const createAllTime = (call: Call): AllTime => {
  const read = async <const S extends v.GenericSchema>(schema: S, path: string) =>
    v.parse(schema, await (await call(path)).json())
  return async raceId => {
    const { format, course, timetable } = await read(Raced, `/races/${raceId}`)
    const board = boardIdOf({ format, timetable: { ...NO_WAITS, ...timetable } })
    const path = `/courses/${course.courseId}/board?board=${board}`
    return board ? (await read(Bests, path)).rows.slice(0, TOP) : []
  }
}
