import type { BoardId } from '#contract'
import { type BoardHead, type BoardItem, COURSE_HEAD_ID, type CourseHead } from './boardItems.ts'

/** How often in a row another writer may be first. */
const CONFLICTS_MAX = 50

/** The `boards` container. Each call rejects when the service failed. */
export type BoardStore = {
  readHead(courseId: string): Promise<{ head: CourseHead; etag: string } | undefined>
  read<T extends BoardItem>(courseId: string, id: string): Promise<T | undefined>
  /** Stores head and items, all or none; `conflict` where another head is there than the one with the etag, or with null any. */
  commit(
    head: CourseHead,
    etag: string | null,
    items: BoardItem[]
  ): Promise<{ etag: string } | 'conflict'>
}

/** What is to be stored with a board's head: nothing else of the course changes. */
export type Change = { head: BoardHead; items: BoardItem[] }

/** A course's boards as one writer sees them: whatever was read stays true until a commit finds another writer's. */
export type BoardBook = {
  /** The board's head; one that is new has nothing in it. */
  head(board: BoardId): Promise<BoardHead>
  read<T extends BoardItem>(id: string): Promise<T | undefined>
  /** Stores what `change` makes of the book, if it has items; begins again as often as another writer was first. */
  commit<T extends Change>(change: () => Promise<T>): Promise<T>
}

export function openBook(store: BoardStore, courseId: string): BoardBook {
  let course: { head: CourseHead; etag: string | null } | undefined
  const known = new Map<string, Promise<BoardItem | undefined>>()

  async function opened() {
    course ??= (await store.readHead(courseId)) ?? {
      head: { id: COURSE_HEAD_ID, courseId, boards: [] },
      etag: null
    }
    return course
  }

  /** The head first: what is read after it belongs to it, or the commit fails. */
  async function read<T extends BoardItem>(id: string): Promise<T | undefined> {
    await opened()
    const held = known.get(id) ?? store.read<T>(courseId, id)
    known.set(id, held)
    return (await held) as T | undefined
  }

  return {
    read,
    async head(board) {
      const { head } = await opened()
      const own = head.boards.find(each => each.board === board)
      return own ?? { board, version: 0, classes: [], performances: 0, ghosts: 0 }
    },
    async commit(change) {
      for (let attempt = 0; attempt < CONFLICTS_MAX; attempt++) {
        const made = await change()
        if (!made.items.length) return made
        const { head, etag } = await opened()
        const others = head.boards.filter(({ board }) => board !== made.head.board)
        const boards = [...others, made.head].sort((a, b) => (a.board < b.board ? -1 : 1))
        const next = { ...head, boards }
        const written = await store.commit(next, etag, made.items)
        if (written !== 'conflict') {
          course = { head: next, etag: written.etag }
          for (const item of made.items) known.set(item.id, Promise.resolve(item))
          return made
        }
        course = undefined
        known.clear()
      }
      throw new Error(`the boards of ${courseId} change faster than they can be written`)
    }
  }
}
