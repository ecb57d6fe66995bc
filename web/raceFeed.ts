import type { Board, DeltaFrame, Directory, Frame, SeatsFrame } from '#contract'
import { apply } from '#race/delta'
import type { Api } from './api.ts'
import { ApiError } from './call.ts'
import { openChannel } from './channel.ts'
import { openNamesFeed } from './namesFeed.ts'

/** Without a socket the head is asked for this often, in ms, give or take a fifth. */
const POLL_MS = 2_000
/** A running race sends once a second; silent for this long, in ms, it is asked. */
const QUIET_MS = 2_500
/** Board and head are compared this often even when all seems well, in ms. */
const COMPARE_MS = 30_000
/** What was told just before a socket opened, the API's own caches know after this long, in ms. */
const SETTLE_MS = 1_500
/** Deltas kept while the head is under way. */
const KEPT_FRAMES = 16

/** Who is told what arrives. */
export type Sink = {
  board(board: Board): void
  directory(directory: Directory): void
  /** Seats are free again: for who has one. */
  seats?(frame: SeatsFrame): void
  /** Nothing new: `data` says that the board is current, `link` only that the service is there. */
  alive(by: 'data' | 'link'): void
  /** The server's time now, in ms. */
  serverTime(now: number): void
  error(error: unknown): void
}

export type FeedOptions = {
  api: Api
  raceId: string
  /** The screen link; without it there is no socket. */
  key: string | undefined
  sink: Sink
  /** How often to ask without a socket, in ms. */
  pollMs?: number
  now(): number
  random(): number
}

/** Keeps one race's board and names current, by socket where there is a key and by polling otherwise. */
export function openRaceFeed(options: FeedOptions): { close(): void } {
  const { api, raceId, key, sink, now, random, pollMs = POLL_MS } = options
  let board: Board | undefined
  let etag: string | null = null
  let kept: DeltaFrame[] = []
  let online = false
  let closed = false
  let dataAt = now()
  let comparedAt = now()
  let timer: ReturnType<typeof setTimeout> | undefined
  let flight: Promise<void> | undefined
  const names = openNamesFeed({
    read: () => api.directory(raceId),
    names: sink.directory,
    error: sink.error
  })

  const show = (next: Board): void => {
    board = next
    dataAt = now()
    sink.board(next)
  }

  const readHead = async (): Promise<void> => {
    try {
      const answer = await api.head(raceId, etag)
      if (closed) return
      comparedAt = now()
      dataAt = now()
      if (answer === 'same') return sink.alive('data')
      etag = answer.etag
      // An API that does not tell has some.
      names.changed(answer.board.names ?? 1)
      if (!board || answer.board.version >= board.version) show(answer.board)
      else sink.alive('data')
      const waiting = kept
      kept = []
      waiting.forEach(receive)
    } catch (error) {
      // A race that is not open yet has no standings: that is an answer too.
      if (!closed && error instanceof ApiError && error.status === 404) sink.alive('link')
      else sink.error(error)
    }
  }

  /** Asks for the head; calls while one is under way share it. */
  const refresh = (): Promise<void> => {
    flight ??= readHead().finally(() => {
      flight = undefined
    })
    return flight
  }

  const receive = (frame: Frame): void => {
    if (closed || (frame.type === 'snapshot' ? frame.board.raceId : frame.raceId) !== raceId) return
    if (frame.type === 'directory') {
      names.changed(frame.version)
      return
    }
    if (frame.type === 'seats') {
      sink.seats?.(frame)
      return
    }
    const next = apply(board, frame)
    if (next === 'gap') {
      if (frame.type === 'delta') kept = [...kept, frame].slice(-KEPT_FRAMES)
      // With no ETag the answer is the head itself, whatever was seen before.
      etag = null
      refresh()
    } else if (next === 'old') sink.alive('data')
    else show(next)
  }

  const look = async (): Promise<void> => {
    const quiet = board?.phase === 'running' && now() - dataAt >= QUIET_MS
    if (!online || quiet || kept.length > 0 || now() - comparedAt >= COMPARE_MS) await refresh()
    if (!closed) timer = setTimeout(look, pollMs * (0.8 + 0.4 * random()))
  }

  const address = async (screenLink: string): Promise<string> => {
    const asked = now()
    const { url, now: serverNow } = await api.negotiate(raceId, screenLink)
    sink.serverTime(serverNow + (now() - asked) / 2)
    return url
  }

  const channel =
    key === undefined
      ? undefined
      : openChannel({
          address: () => address(key),
          onOpen: () => {
            online = true
            refresh().then(() => {
              comparedAt = now() - COMPARE_MS + SETTLE_MS
            })
          },
          onClose: () => {
            online = false
          },
          onFrame: receive,
          onPong: () => sink.alive('link'),
          onError: sink.error,
          random
        })
  look()

  return {
    close() {
      closed = true
      clearTimeout(timer)
      names.close()
      channel?.close()
    }
  }
}
