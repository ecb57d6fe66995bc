import type { BoardId, Standing } from '#contract'
import { comparison } from '#race/boardId'
import { blockOf, emptySums, holds, standing, unpackBlock } from '#race/histogram'
import type { BoardStore } from './boardBook.ts'
import { type BlockItem, blockId, type ListItem, listId } from './boardItems.ts'
import { createFreshValue } from './freshValue.ts'
import { Refused } from './problem.ts'

/** How old an answer may be: each process reads a list once in this time, however many ask. */
export const BOARD_FRESH_MS = 1_000
/** Lists and blocks that one process remembers: some 10 MB each. */
const KEPT_LISTS = 64
const KEPT_BLOCKS = 512
/** A block that is just being rewritten is found by reading its list again, this often. */
const ATTEMPTS = 3

/** One list of a board: the class, or all under the empty one. */
export type ListKey = { courseId: string; board: BoardId; group: string }

/** Reads lists and finds places on them. A list that nobody is on yet is an empty one. */
export function createRanks({ read, now }: Pick<BoardStore, 'read'> & { now(): number }) {
  const lists = createFreshValue(
    { freshMs: BOARD_FRESH_MS, kept: KEPT_LISTS, now },
    async (key): Promise<ListItem> => {
      const { courseId, board, group } = JSON.parse(key) as ListKey
      const id = listId(board, group)
      const empty = { id, courseId, version: 0, top: [], sums: emptySums() }
      return (await read<ListItem>(courseId, id)) ?? empty
    }
  )
  // A block of a list's version never changes.
  const blocks = createFreshValue(
    { freshMs: Number.POSITIVE_INFINITY, kept: KEPT_BLOCKS, now },
    async key => {
      const [courseId, id, version] = JSON.parse(key) as [string, string, number]
      const item = await read<BlockItem>(courseId, id)
      return item && item.version > version ? 'newer' : item && unpackBlock(item)
    }
  )
  const keyOf = ({ courseId, board, group }: ListKey) =>
    JSON.stringify({ courseId, board, group } satisfies ListKey)
  const list = (key: ListKey): Promise<ListItem> => lists.get(keyOf(key))

  return {
    list,
    /** The exact place of a value: from the list's sums and one block of the same version. */
    async standing(key: ListKey, value: number): Promise<Standing> {
      const { board, group } = key
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const { courseId, sums, version } = await list(key)
        const index = blockOf(value)
        const id = blockId(board, group, index)
        const block = holds(sums, index)
          ? await blocks.get(JSON.stringify([courseId, id, version]))
          : undefined
        if (block !== 'newer') return standing(sums, block, value, comparison(board))
        lists.forget(keyOf(key))
      }
      throw new Refused('unavailable', 'The board is just being rewritten: ask again in a second.')
    }
  }
}
