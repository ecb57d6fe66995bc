import type { Held } from '../mobile/held.ts'
import { keyOf, pagesDue } from '../mobile/plan.ts'
import type { RideApi } from './rideApi.ts'

/** One's own place is asked for so often while the race runs, in ms. */
const EVERY_MS = 1_000
/** After failures in a row the wait doubles up to this, in ms. */
const EVERY_MAX_MS = 8_000
/** Rounds in which a place leads to further pages. */
const ROUNDS = 4

type PlaceOptions = {
  api: Pick<RideApi, 'head' | 'rankPage' | 'bibPage'>
  raceId: string
  bib: number
  /** Whether the places are needed just now: who is among the first has them from the board. */
  needed(): boolean
  held(held: Held): void
  error(error: unknown): void
  random(): number
}

/** Keeps the pages with one bib and its neighbours, which the board does not have. */
export function openPlaceFeed(options: PlaceOptions): { close(): void } {
  const { api, raceId, bib, needed, error, random } = options
  let held: Held | undefined
  let vain = 0
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const read = async (): Promise<void> => {
    const head = await api.head(raceId)
    const pages = { ranks: new Map(held?.ranks), bibs: new Map(held?.bibs), laps: new Map() }
    const next: Held = { head, directory: undefined, ...pages }
    const asked = new Set<string>()
    for (let round = 0; round < ROUNDS && !closed; round++) {
      const due = pagesDue(next, { bibs: [], me: bib }, asked)
      if (due.length === 0) break
      for (const page of due) asked.add(keyOf(page))
      await Promise.all(
        due.map(async ({ kind, page }) => {
          if (kind === 'ranks') pages.ranks.set(page, await api.rankPage(raceId, page))
          if (kind === 'bibs') pages.bibs.set(page, await api.bibPage(raceId, page))
        })
      )
    }
    // Where others stood a while ago is nothing to find anybody by.
    for (const [page, { version }] of pages.ranks) {
      if (version < (head.rankPages[page]?.version ?? 0) && !asked.has(`ranks/${page}`)) {
        pages.ranks.delete(page)
      }
    }
    held = next
    if (!closed) options.held(next)
  }

  const look = async (): Promise<void> => {
    try {
      if (needed()) await read()
      vain = 0
    } catch (failure) {
      vain += 1
      error(failure)
    }
    const wait = Math.min(EVERY_MAX_MS, EVERY_MS * 2 ** vain)
    // A field of a thousand must not ask in the same moment.
    if (!closed) timer = setTimeout(look, wait * (0.9 + 0.2 * random()))
  }
  timer = setTimeout(look, EVERY_MS * random())

  return {
    close() {
      closed = true
      clearTimeout(timer)
    }
  }
}
