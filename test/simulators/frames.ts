import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client'
import type { Histogram } from 'hdr-histogram-js'
import * as v from 'valibot'
import { type Frame, Negotiation, type Row } from '#contract'
import { newLatencies, recordLatency } from './account.ts'
import { type Door, isDone, isPassing } from './door.ts'
import { pause, retryWait } from './pause.ts'

/** What a venue screen saw of a race. */
export type Watched = {
  frames: number
  /** From the instant that a row's value was reached by its own device to the frame that brought it, in µs. */
  latency: Histogram
}

/**
 * Watches a race as a venue screen does, by its socket: the rows at the top are the sample. Whose clock is wrong on
 * purpose is left out.
 */
export async function watchRace(options: {
  door: Door
  raceId: string
  screenKey: string
  startsAt: number
  now: () => number
  hasWrongClock: (bib: number) => boolean
  signal: AbortSignal
}): Promise<{ watched: Watched; stop(): void }> {
  const { door, raceId, screenKey, startsAt, now, hasWrongClock, signal } = options
  const watched: Watched = { frames: 0, latency: newLatencies() }
  const reached = new Map<number, number>()

  const see = ({ bib, at }: Row, isNews: boolean) => {
    if (at === null || at === reached.get(bib)) return
    // What was there before the socket came is no news.
    if (isNews && !hasWrongClock(bib)) recordLatency(watched.latency, now() - startsAt - at)
    reached.set(bib, at)
  }
  const take = (frame: Frame) => {
    if (frame.type !== 'delta' && frame.type !== 'snapshot') return
    const isNews = frame.type === 'delta' || watched.frames > 0
    watched.frames++
    for (const row of frame.type === 'delta' ? frame.rows : frame.board.top) see(row, isNews)
  }
  const getClientAccessUrl = async (): Promise<string> => {
    for (let attempt = 0; ; attempt++) {
      const answer = await door.post(`/races/${raceId}/negotiate`, '', screenKey)
      if (isDone(answer)) return v.parse(Negotiation, JSON.parse(answer.body)).url
      if (!isPassing(answer) || signal.aborted) {
        throw new Error(`negotiate: ${answer.status} ${answer.body}`)
      }
      await pause(answer.retryAfterMs ?? retryWait(attempt, Math.random), signal)
    }
  }
  const client = new WebPubSubClient({ getClientAccessUrl }, { protocol: WebPubSubJsonProtocol() })
  client.on('group-message', ({ message }) => take(message.data as unknown as Frame))
  await client.start()
  return { watched, stop: () => client.stop() }
}
