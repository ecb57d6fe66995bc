import type { JSONObject, OperationInput } from '@azure/cosmos'
import * as v from 'valibot'
import { Competitor, SeatItem } from '#contract'
import type { BoardStore } from '../stages/boardBook.ts'
import { type BoardItem, COURSE_HEAD_ID, type CourseHead } from '../stages/boardItems.ts'
import type { FinalResult } from '../stages/race.ts'
import { container } from './database.ts'
import { failedOf, readItem } from './items.ts'

/** How the head's operation fails in a batch where another writer was first, or is at the same time. */
const OVERTAKEN = [404, 409, 412, 449]

/** One item of a course's boards; undefined where there is none. */
export const readBoardItem = async <T extends BoardItem>(
  courseId: string,
  id: string
): Promise<T | undefined> => (await readItem<T>('boards', id, courseId))?.item

/** The head of a course's boards; undefined before any. */
export const readCourseHead = async (courseId: string): Promise<CourseHead | undefined> =>
  (await readItem<CourseHead>('boards', COURSE_HEAD_ID, courseId))?.item

/** The `boards` container as its one writer needs it. */
export const boardStore: BoardStore = {
  read: readBoardItem,

  async readHead(courseId) {
    const found = await readItem<CourseHead>('boards', COURSE_HEAD_ID, courseId)
    return found && { head: found.item, etag: found.etag }
  },

  async commit(head, etag, items) {
    const operations: OperationInput[] = [
      etag === null
        ? { operationType: 'Create', resourceBody: plain(head) }
        : { operationType: 'Replace', id: head.id, ifMatch: etag, resourceBody: plain(head) },
      ...items.map(item => ({ operationType: 'Upsert' as const, resourceBody: plain(item) }))
    ]
    const { result = [] } = await container('boards').items.batch(operations, head.courseId)
    const failed = failedOf(result)
    if (!failed && result[0]?.eTag) return { etag: result[0].eTag }
    if (failed && failed === result[0] && OVERTAKEN.includes(failed.statusCode)) return 'conflict'
    throw new Error(`the boards of ${head.courseId} were not stored: ${failed?.statusCode}`)
  }
}

/** All parts of these items are JSON, which their types cannot say. */
const plain = (item: CourseHead | BoardItem): JSONObject => item as unknown as JSONObject

/** The last final of a race, undefined before the first. Rows are read of that one alone. */
export async function readFinal(raceId: string): Promise<FinalResult | undefined> {
  const query = 'SELECT VALUE c.revision FROM c'
  const options = { partitionKey: raceId }
  const { resources } = await container('results').items.query<number>(query, options).fetchAll()
  if (!resources.length) return undefined
  const id = `final-${Math.max(...resources)}`
  return (await readItem<FinalResult>('results', id, raceId))?.item
}

/** All seats of a race, also those that were freed. */
export async function readSeats(raceId: string): Promise<SeatItem[]> {
  const query = `SELECT * FROM c WHERE c.kind = 'seat'`
  const options = { partitionKey: raceId }
  const { resources } = await container('seats').items.query(query, options).fetchAll()
  return resources.map(item => v.parse(SeatItem, item))
}

/** A competitor's public face under one of its ids; undefined where it is erased for good. */
export async function readFace(id: string, competitorId: string): Promise<Competitor | undefined> {
  const found = await readItem('competitors', id, competitorId)
  return found && v.parse(Competitor, found.item)
}
