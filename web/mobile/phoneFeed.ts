import type * as v from 'valibot'
import { BibPage, Directory, Head, LapPage, RankPage } from '#contract/standings'
import { ApiError } from '../call.ts'
import type { Answers } from './answers.ts'
import type { Held } from './held.ts'
import { isDirectoryDue, keyOf, type PageDue, pagesDue, type Wanted } from './plan.ts'
import { type Next, startPolling } from './poll.ts'
import { likelyOf, narrowed, UNKNOWN } from './serverClock.ts'

const PAGES = { ranks: RankPage, bibs: BibPage, laps: LapPage }

/** Who is told what arrives. */
export type PhoneSink = {
  /** Something new is held. */
  held(held: Held): void
  /** All of it was right at this moment of the phone's clock. */
  confirmed(at: number): void
  /** Server time minus the phone's, in ms. */
  offset(ms: number): void
  failed(error: unknown): void
}

export type PhoneFeedOptions = {
  answers: Answers
  raceId: string
  sink: PhoneSink
  /** What is shown just now. */
  wanted(): Wanted
  /** Whether the race is known to have no board yet. */
  planned(): boolean
  /** There is no board: asks the list of races how far the race is. */
  absent(): Promise<unknown>
  page: Document
  link: EventTarget
  now(): number
  random(): number
}

/** Reads a document of the race; undefined where there is none or it is the one that is held. */
type Read = <const S extends v.GenericSchema>(
  path: string,
  schema: S
) => Promise<v.InferOutput<S> | undefined>

/** Keeps one race current by asking for its head, and for what the head says has changed. */
export function openPhoneFeed(options: PhoneFeedOptions) {
  const { answers, raceId, sink, wanted, planned, absent, page, link, now, random } = options
  const path = `/races/${raceId}`
  let held: Held | undefined
  let offset = UNKNOWN
  let askedAt: number | undefined
  let answered = false
  let closed = false
  let work: Promise<unknown> = Promise.resolve()

  const hold = (change: Partial<Held>): void => {
    if (closed || !held) return
    held = { ...held, ...change }
    sink.held(held)
  }

  const ask: Read = async (part, schema) => {
    try {
      const answer = await answers.ask(path + part, schema)
      return answer === 'same' ? undefined : answer
    } catch (error) {
      // A page that went between the head and now: the next head knows.
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    }
  }

  const kept: Read = async (part, schema) => (await answers.kept(path + part, schema))?.body

  const readDirectory = async (read: Read): Promise<void> => {
    if (!held || !isDirectoryDue(held)) return
    const directory = await read('/competitors', Directory)
    if (directory) hold({ directory })
  }

  const readPage = async ({ kind, page: index }: PageDue, read: Read): Promise<void> => {
    const body = await read(`/standings/${kind}/${index}`, PAGES[kind])
    if (body && held) hold({ [kind]: new Map<number, object>(held[kind]).set(index, body) })
  }

  /** Reads what is due until nothing is, each page once. */
  const readDue = async (read: Read): Promise<void> => {
    const asked = new Set<string>()
    for (;;) {
      if (closed || !held) return
      const due = pagesDue(held, wanted(), asked)
      if (due.length === 0) break
      for (const each of due) asked.add(keyOf(each))
      await Promise.all(due.map(each => readPage(each, read)))
    }
    // Where others stood a while ago is nothing to find anybody by.
    const { ranks, head } = held
    const current = [...ranks].filter(
      ([index, { version }]) =>
        version >= (head.rankPages[index]?.version ?? Number.POSITIVE_INFINITY) ||
        asked.has(keyOf({ kind: 'ranks', page: index }))
    )
    if (current.length < ranks.size) hold({ ranks: new Map(current) })
  }

  /** One after the other: what one finds is not asked for by the next. */
  const inTurn = (next: () => Promise<unknown>): Promise<unknown> => {
    work = work.catch(() => undefined).then(next)
    return work
  }

  const complete = (read: Read): Promise<unknown> =>
    inTurn(() => Promise.all([readDirectory(read), readDue(read)]))

  const start = (head: Head): void => {
    held ??= {
      head,
      directory: undefined,
      ranks: new Map(),
      bibs: new Map(),
      laps: new Map()
    }
    hold({ head })
  }

  /** Shows what an earlier visit kept, until the service answers. */
  const restore = async (): Promise<void> => {
    const head = await answers.kept(`${path}/standings`, Head)
    if (!head || closed) return
    start(head.body)
    await complete(kept)
    if (!closed) sink.confirmed(head.at)
  }

  const round = async (): Promise<Next> => {
    await restored
    const asked = now()
    // Caches keep the list, but nobody's refusal: every phone would reach the service.
    if (!held && planned()) await absent()
    const head = !held && planned() ? undefined : await ask('/standings', Head)
    if (closed) return 'done'
    // One cache may be behind another; but what an earlier visit kept may be of a race that has begun anew.
    if (head && !answered && held && head.version < held.head.version) held = undefined
    answered ||= head !== undefined
    if (head && head.version >= (held?.head.version ?? 0)) {
      offset = narrowed(offset, head.closedAt, now(), askedAt)
      sink.offset(likelyOf(offset))
      start(head)
    }
    askedAt = asked
    if (held) await complete(ask)
    else if (!planned()) await absent()
    if (!closed) sink.confirmed(now())
    // Even a final is asked for: names change after the end, too. A cache that has the old ones is soon out of date.
    return held && isDirectoryDue(held) ? 'soon' : 'again'
  }

  const restored = restore().catch(sink.failed)
  const polling = startPolling({ ask: round, failed: sink.failed, page, link, random })

  return {
    /** Reads what is shown now and was not before. */
    want(): void {
      inTurn(() => readDue(ask)).catch(sink.failed)
    },
    close(): void {
      closed = true
      polling.close()
    }
  }
}
