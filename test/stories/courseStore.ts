import type { BoardStore } from '../../functions/stages/boardBook.ts'
import type { BoardItem, CourseHead } from '../../functions/stages/boardItems.ts'

/** How a commit fails: with nothing stored, or with all stored and nobody told. */
export type Failure = 'before' | 'after'

/** The `boards` container in maps: items by course and id. */
export type CourseStore = {
  store: BoardStore
  items: Map<string, CourseHead | BoardItem>
  /** Batches that were stored, by their size. */
  batches: { operations: number; bytes: number }[]
  /** How the next commits go, in turn; those without a word succeed. */
  failing: (Failure | undefined)[]
  /** Ids that were read. */
  reads: string[]
  head(courseId: string): CourseHead | undefined
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value))

export function aCourseStore(): CourseStore {
  const items: CourseStore['items'] = new Map()
  const etags = new Map<string, number>()
  const batches: CourseStore['batches'] = []
  const failing: CourseStore['failing'] = []
  const reads: string[] = []
  const keyOf = ({ courseId, id }: { courseId: string; id: string }) => `${courseId}/${id}`
  const head = (courseId: string) =>
    items.get(keyOf({ courseId, id: 'head' })) as CourseHead | undefined
  const store: BoardStore = {
    async readHead(courseId) {
      const known = head(courseId)
      return known && { head: copy(known), etag: `${etags.get(courseId)}` }
    },
    async read<T extends BoardItem>(courseId: string, id: string) {
      reads.push(id)
      const item = items.get(keyOf({ courseId, id }))
      return item && (copy(item) as T)
    },
    async commit(next, etag, written) {
      const { courseId } = next
      const known = etags.get(courseId)
      if (etag !== (known === undefined ? null : `${known}`)) return 'conflict'
      const failure = failing.shift()
      if (failure === 'before') throw new Error('the commit failed')
      for (const item of [next, ...written]) items.set(keyOf(item), copy(item))
      const bytes = JSON.stringify([next, ...written]).length
      batches.push({ operations: written.length + 1, bytes })
      etags.set(courseId, (known ?? 0) + 1)
      if (failure === 'after') throw new Error('the answer was lost')
      return { etag: `${etags.get(courseId)}` }
    }
  }
  return { store, items, batches, failing, reads, head }
}
