import { type Best, orderOf, withBest } from '#race/bests'
import { comparison } from '#race/boardId'
import { ghostBlocks, ghostsOf, packSeries, spread, within } from '#race/ghosts'
import {
  type Block,
  blockOf,
  count,
  emptyBlock,
  emptySums,
  holds,
  packBlock,
  unpackBlock
} from '#race/histogram'
import type { Series } from '#race/performances'
import type { BoardBook, Change } from './boardBook.ts'
import {
  type BestItem,
  type BlockItem,
  type BoardHead,
  type BoardItem,
  bestId,
  blockId,
  ghostId,
  type ListItem,
  listId,
  type MarkerItem,
  markerId,
  type PlanItem,
  type Ranked,
  type SpreadItem,
  spreadId
} from './boardItems.ts'

/** Bests of one batch: each may bring its item, its ghost of up to 38 kB and two blocks of up to 22 kB. */
const BATCH_BESTS = 8
/** Blocks of ghosts of one batch: each may have 240 kB. */
const BATCH_SPREADS = 4
/** Bests that are read at once to find those that got better. */
const READ_AT_ONCE = 50

/** A race on its way into the boards; `ways` are its competitors', by bib. */
export type Ranking = { ranked: Ranked; plan: PlanItem; ways: Map<number, Series> }
/** What a step stores, and the step after it; null when all are done. */
export type Step = Change & { next: number | null }

/**
 * What is to be stored next of a race. Steps count over the entries of each list in turn, then over the blocks of ghosts;
 * the race's marker is stored with each, so that none is done twice.
 */
export async function nextStep(book: BoardBook, ranking: Ranking): Promise<Step> {
  const { ranked, plan } = ranking
  const head = await book.head(ranked.board)
  const marker = await book.read<MarkerItem>(markerId(ranked.board, ranked.raceId))
  if (!marker || marker.next === null) return { head, items: [], next: null }
  const entries = plan.entries.length * plan.classes.length
  let step: Step = { head, items: [], next: marker.next }
  if (marker.next < entries) step = await rankSome(book, ranking, head, marker.next)
  if (!step.items.length) {
    step = await spreadSome(book, ranking, head, Math.max(0, marker.next - entries), entries)
  }
  return { ...step, items: [...step.items, { ...marker, next: step.next }] }
}

/** The next few entries that got better, with all that follows from them; no items where none did to the end. */
async function rankSome(
  book: BoardBook,
  ranking: Ranking,
  head: BoardHead,
  from: number
): Promise<Step> {
  const { plan, ranked } = ranking
  const bests = bestsOf(ranking)
  const end = bests.length * plan.classes.length
  const version = head.version + 1
  let next = from
  while (next < end) {
    const group = plan.classes[Math.floor(next / bests.length)]!
    const first = next % bests.length
    const some = bests.slice(first, first + READ_AT_ONCE)
    const isOf = (best: Best) => group === '' || best.class === group
    const list = await openList(book, ranked, group, some.filter(isOf))
    let better = 0
    for (const best of some) {
      if (better === BATCH_BESTS) break
      next++
      if (isOf(best) && (await list.enter(best, ranking.ways.get(best.bib)))) better++
    }
    if (better) return { head: { ...head, version }, items: list.items(version), next }
  }
  return { head, items: [], next }
}

/** One list as it grows by some bests. */
async function openList(book: BoardBook, ranked: Ranked, group: string, some: Best[]) {
  const { board, courseId } = ranked
  const compare = comparison(board)
  const order = orderOf(board)
  const id = listId(board, group)
  const stored = await book.read<ListItem>(id)
  const sums = stored ? structuredClone(stored.sums) : emptySums()
  let top = stored?.top ?? []
  const blocks = new Map<number, Block>()
  const items = new Map<string, BoardItem>()
  const ids = some.map(({ competitorId }) => bestId(board, group, competitorId))
  // Side by side here, so that one after the other below finds them in the book.
  await Promise.all(ids.map(each => book.read(each)))

  async function tally(value: number, by: 1 | -1): Promise<void> {
    const index = blockOf(value)
    const known = blocks.get(index) ?? (await readBlock(index))
    blocks.set(index, known)
    count(sums, known, value, by)
  }

  async function readBlock(index: number): Promise<Block> {
    // One that nothing is in any more is as good as none.
    const item = holds(sums, index) && (await book.read<BlockItem>(blockId(board, group, index)))
    return item ? unpackBlock(item) : emptyBlock()
  }

  return {
    /** Whether a best is better than what its competitor had here, and so is in its place. */
    async enter(best: Best, way: Series | undefined): Promise<boolean> {
      const own = bestId(board, group, best.competitorId)
      const before = (items.get(own) ?? (await book.read<BestItem>(own))) as BestItem | undefined
      if (before && compare(best.value, before.value) >= 0) return false
      if (before) await tally(before.value, -1)
      await tally(best.value, 1)
      top = withBest(top, best, order)
      items.set(own, { id: own, courseId, ...best })
      if (group === '' && way) {
        const { competitorId, raceId, bib } = best
        const ghost = ghostId(board, competitorId)
        const values = packSeries(way)
        items.set(ghost, { id: ghost, courseId, competitorId, raceId, bib, values })
      }
      return true
    },
    items: (version: number): BoardItem[] => [
      ...items.values(),
      ...[...blocks].map(([index, block]) => ({
        ...{ id: blockId(board, group, index), courseId, version },
        ...packBlock(block)
      })),
      { id, courseId, version, top, sums }
    ]
  }
}

/** The next few blocks of seconds with the race's performances in them; with the last one they count as ghosts. */
async function spreadSome(
  book: BoardBook,
  { ranked, ways }: Ranking,
  head: BoardHead,
  from: number,
  before: number
): Promise<Step> {
  const { board, courseId } = ranked
  const { width, seconds } = ghostsOf(board) ?? { width: 1, seconds: 0 }
  const performances = seconds ? within([...ways.values()], width) : []
  const blocks = performances.length ? ghostBlocks(seconds) : 0
  const to = Math.min(blocks, from + BATCH_SPREADS)
  const items = await Promise.all(
    Array.from({ length: Math.max(0, to - from) }, async (_, i) => {
      const id = spreadId(board, from + i)
      const known = await book.read<SpreadItem>(id)
      return { id, courseId, seconds: spread(known?.seconds ?? [], performances, from + i, width) }
    })
  )
  if (to < blocks) return { head, items, next: before + to }
  if (!items.length) return { head, items, next: null }
  const { version, ghosts } = head
  const counted = {
    performances: head.performances + performances.length,
    version: version + 1,
    ghosts: ghosts + 1
  }
  return { head: { ...head, ...counted }, items, next: null }
}

/** The bests of a race as its plan has them. */
const bestsOf = ({ plan, ranked }: Ranking): Best[] =>
  plan.entries.map(([competitorId, group, value, bib]) => ({
    ...{ competitorId, class: group, value, bib },
    ...{ raceId: ranked.raceId, at: plan.at }
  }))
