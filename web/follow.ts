import type { Format, Phase, RaceSummary } from '#contract'
import { currentOf, isComing, isLive, nextOf } from './currentRace.ts'
import { type FeedOptions, openRaceFeed, type Sink } from './raceFeed.ts'

/** The list of races is read this often, in ms. */
const LIST_MS = 5_000
/** A final stays on the screen at least this long before a newer race takes over, in ms. */
const FINAL_MS = 15_000

export type FollowSink = Sink & {
  /** Another race is shown from now on; undefined while there is none. */
  follow(race: RaceSummary | undefined): void
  /** The race after the shown one. */
  next(race: RaceSummary | undefined): void
}

type FollowOptions = Omit<FeedOptions, 'raceId' | 'sink'> & {
  /** Show this race only; absent, the current one. */
  race: string | undefined
  /** The current one among races of this format only. */
  format: Format['kind'] | undefined
  sink: FollowSink
}

/** Shows one race, or always the current one: a race that runs, its final for a while, then the newer one that runs. */
export function followRace(options: FollowOptions): { close(): void } {
  const { api, race: wanted, format, sink, now } = options
  let shown: { raceId: string; phase: Phase; endedAt: number | undefined } | undefined
  let feed: { close(): void } | undefined
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const phaseIs = (phase: Phase): void => {
    if (!shown) return
    shown.phase = phase
    if (isLive(phase) || isComing(phase)) shown.endedAt = undefined
    else shown.endedAt ??= now()
  }

  const open = (raceId: string, race?: RaceSummary): void => {
    feed?.close()
    shown = { raceId, phase: race?.phase ?? 'scheduled', endedAt: undefined }
    const board: Sink['board'] = next => {
      phaseIs(next.phase)
      sink.board(next)
    }
    feed = openRaceFeed({ ...options, raceId, sink: { ...sink, board } })
  }

  const yields = (candidate: RaceSummary): boolean => {
    if (!shown) return true
    if (candidate.raceId === shown.raceId || isLive(shown.phase)) return false
    if (shown.endedAt === undefined) return true
    return isLive(candidate.phase) && now() - shown.endedAt >= FINAL_MS
  }

  const look = async (): Promise<void> => {
    try {
      const { races } = await api.races()
      if (closed) return
      const followed = races.filter(race => format === undefined || race.format.kind === format)
      const candidate = wanted === undefined ? currentOf(followed) : undefined
      if (candidate && yields(candidate)) open(candidate.raceId, candidate)
      const seen = races.find(race => race.raceId === shown?.raceId)
      if (seen) phaseIs(seen.phase)
      if (seen || !shown) sink.follow(seen)
      sink.alive('link')
      sink.next(nextOf(followed.filter(race => race.raceId !== shown?.raceId)))
    } catch (error) {
      sink.error(error)
    }
    if (!closed) timer = setTimeout(look, LIST_MS)
  }

  if (wanted !== undefined) open(wanted)
  look()

  return {
    close() {
      closed = true
      clearTimeout(timer)
      feed?.close()
    }
  }
}
