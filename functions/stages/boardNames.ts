import type { BoardId, Competitor } from '#contract'
import { isOfLaps } from '#race/boardId'
import { createFreshValue } from './freshValue.ts'

/** How long a name is remembered, in ms: so long at most one that was erased is still shown. */
const NAME_FRESH_MS = 5_000
/** Names that one process remembers: forty pages. */
const KEPT_NAMES = 4_000

/** Where names are read, by the item's id and partition; rejects when the service failed. */
export type NamePorts = {
  readFace(id: string, competitorId: string): Promise<Competitor | undefined>
  now(): number
}

/** The name that a competitor had in a race, and the country; empty ones where the competitor was erased. */
export type ReadName = (
  board: BoardId,
  who: { competitorId: string; raceId: string; bib: number }
) => Promise<{ name: string; country: string }>

export function createReadName({ readFace, now }: NamePorts): ReadName {
  const fresh = { freshMs: NAME_FRESH_MS, kept: KEPT_NAMES, now }
  const faces = createFreshValue(fresh, async key => {
    const [id, competitorId] = JSON.parse(key) as [string, string]
    const face = await readFace(id, competitorId)
    return { name: face?.name ?? '', country: face?.country ?? '' }
  })
  return (board, { competitorId, raceId, bib }) => {
    // Who rides or plays has a face for each seat; who is on start lists has one for all.
    const id = isOfLaps(board) ? competitorId : `${raceId}.${bib}`
    return faces.get(JSON.stringify([id, competitorId]))
  }
}
