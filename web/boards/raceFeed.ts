import type { RaceSummary } from '#contract'
import { BibPage, Directory, Head, RankPage } from '#contract/standings'
import { ApiError } from '../call.ts'
import { isLive } from '../currentRace.ts'
import type { Answers } from '../mobile/answers.ts'
import type { Held } from '../mobile/held.ts'
import { isDirectoryDue } from '../mobile/plan.ts'
import { startPolling } from '../mobile/poll.ts'
import { likelyOf, narrowed, UNKNOWN } from '../mobile/serverClock.ts'

/** From one answer to the next question, in ms: while the race runs, and when only decisions and names still change. */
const LIVE_MS = [1_000, 1_000] as const
const QUIET_MS = [8_000, 12_000] as const

/** Whole pages of the classification that are shown: so many from the first, and those with these bibs. */
export type WantedPages = { ranks: number; bibs: readonly number[] }

/** Who is told what arrives. */
export type RaceSink = {
  held(held: Held): void
  /** There is no board of the race, or no such race. */
  absent(): void
  /** All that is held was right at this moment of the page's clock. */
  confirmed(at: number): void
  /** Server time minus the page's, in ms. */
  offset(ms: number): void
  failed(error: unknown): void
}

type RaceFeedOptions = {
  answers: Answers
  raceId: string
  sink: RaceSink
  wanted(held: Held): WantedPages
  phase(): RaceSummary['phase'] | undefined
  page: Document
  link: EventTarget
  now(): number
  random(): number
}

/** Keeps one race current while the page is looked at. */
export function openRaceFeed(options: RaceFeedOptions) {
  const { answers, raceId, sink, wanted, phase, page, link, now, random } = options
  const path = `/races/${raceId}`
  let held: Held | undefined
  let offset = UNKNOWN
  let askedAt: number | undefined
  let closed = false

  const hold = (change: Partial<Held> & Pick<Held, 'head'>): void => {
    if (closed) return
    const empty = { directory: undefined, ranks: new Map(), bibs: new Map(), laps: new Map() }
    const next: Held = { ...empty, ...held, ...change }
    held = next
    sink.held(next)
  }

  /** Pages that the head names with a newer version than is held, together. */
  const complete = async (head: Head): Promise<void> => {
    if (!held) return
    const { ranks, bibs } = wanted(held)
    const next = { ranks: new Map(held.ranks), bibs: new Map(held.bibs) }
    const works: Promise<unknown>[] = []
    const read = <T extends { version: number }>(
      pages: Map<number, T>,
      refs: Head['rankPages'],
      index: number,
      ask: () => Promise<T | 'same'>
    ): void => {
      const ref = refs[index]
      if (!ref || (pages.get(index)?.version ?? -1) >= ref.version) return
      works.push(
        ask()
          .then(found => found !== 'same' && pages.set(index, found))
          .catch(unlessGone)
      )
    }
    for (let index = 0; index < ranks; index++) {
      const part = `${path}/standings/ranks/${index}`
      read(next.ranks, head.rankPages, index, () => answers.ask(part, RankPage))
    }
    for (const index of bibs) {
      const part = `${path}/standings/bibs/${index}`
      read(next.bibs, head.bibPages, index, () => answers.ask(part, BibPage))
    }
    let directory: Directory | undefined
    if (isDirectoryDue({ ...held, head })) {
      const named = answers.ask(`${path}/competitors`, Directory).then(found => {
        if (found !== 'same') directory = found
      })
      works.push(named.catch(unlessGone))
    }
    await Promise.all(works)
    // One step for all: a head never stands before pages of another moment.
    hold({ head, ...next, ...(directory ? { directory } : {}) })
  }

  const round = async (): Promise<'again'> => {
    const asked = now()
    const found = await answers.ask(`${path}/standings`, Head).catch(unlessGone)
    if (closed) return 'again'
    if (found === undefined) {
      sink.absent()
    } else if (found !== 'same' && found.version >= (held?.head.version ?? 0)) {
      offset = narrowed(offset, found.closedAt, now(), askedAt)
      sink.offset(likelyOf(offset))
      if (!held) hold({ head: found })
      await complete(found)
    } else if (held) await complete(held.head)
    askedAt = asked
    if (!closed) sink.confirmed(now())
    return 'again'
  }

  /** What an earlier visit kept is shown until the service answers. */
  const restore = async (): Promise<void> => {
    const head = await answers.kept(`${path}/standings`, Head)
    if (!head || held || closed) return
    const directory = (await answers.kept(`${path}/competitors`, Directory))?.body
    hold({ head: head.body, directory })
    sink.confirmed(head.at)
  }

  const restored = restore().catch(sink.failed)
  const polling = startPolling({
    ask: async () => {
      await restored
      return round()
    },
    failed: sink.failed,
    everyMs: () => {
      const now = phase()
      return now === undefined || isLive(now) ? LIVE_MS : QUIET_MS
    },
    ...{ page, link, random }
  })

  return {
    /** Reads what is shown now and was not before. */
    want(): void {
      if (held) complete(held.head).catch(sink.failed)
    },
    close(): void {
      closed = true
      polling.close()
    }
  }
}

/** A page that went between the head and now: the next head knows. */
function unlessGone(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined
  throw error
}
