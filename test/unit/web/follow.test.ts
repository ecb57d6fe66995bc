import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Phase, RaceSummary } from '#contract'
import type { Api } from '../../../web/api.ts'
import { ApiError } from '../../../web/call.ts'
import { followRace } from '../../../web/follow.ts'

const LIST_MS = 5_000

const summary = (
  raceId: string,
  kind: 'ride' | 'fastestLap',
  phase: Phase,
  startsAt: number
): RaceSummary => ({
  raceId,
  name: raceId,
  place: '',
  format: kind === 'ride' ? { kind, metric: 'output' } : { kind },
  phase,
  validity: 'provisional',
  startsAt,
  endsAt: null,
  competitors: 2
})

/** Follows races whose list the test sets; says what is shown and what comes next. */
function follow(format: RaceSummary['format']['kind'] | undefined, races: RaceSummary[]) {
  const seen: { shown?: string | undefined; next?: string | undefined; errors: unknown[] } = {
    errors: []
  }
  const none = () => Promise.reject(new ApiError(404, 'not open yet'))
  const api: Api = {
    races: async () => ({ races, continuation: null }),
    head: none,
    directory: none,
    negotiate: none
  }
  const following = followRace({
    api,
    race: undefined,
    format,
    key: undefined,
    now: Date.now,
    random: () => 0.5,
    sink: {
      follow: race => {
        seen.shown = race?.raceId
      },
      next: race => {
        seen.next = race?.raceId
      },
      board: () => undefined,
      directory: () => undefined,
      alive: () => undefined,
      serverTime: () => undefined,
      error: error => seen.errors.push(error)
    }
  })
  return { seen, close: following.close }
}

describe('a page that follows races', () => {
  afterEach(() => void vi.useRealTimers())

  const races = () => [
    summary('ride-3', 'ride', 'scheduled', 300),
    summary('ride-2', 'ride', 'running', 200),
    summary('trial-1', 'fastestLap', 'running', 100)
  ]

  it('shows the newest that runs, of any format or of the one it is told', async () => {
    vi.useFakeTimers()
    const all = follow(undefined, races())
    const trials = follow('fastestLap', races())
    const games = follow('game', races())
    await vi.advanceTimersByTimeAsync(1)
    expect(all.seen).toEqual({ shown: 'ride-2', next: 'ride-3', errors: [] })
    expect(trials.seen).toEqual({ shown: 'trial-1', next: undefined, errors: [] })
    expect(games.seen).toEqual({ shown: undefined, next: undefined, errors: [] })
    for (const { close } of [all, trials, games]) close()
  })

  it('stays with its format when a newer race of another one starts', async () => {
    vi.useFakeTimers()
    const list = races()
    const trials = follow('fastestLap', list)
    await vi.advanceTimersByTimeAsync(1)
    list[2] = summary('trial-1', 'fastestLap', 'official', 100)
    await vi.advanceTimersByTimeAsync(4 * LIST_MS)
    expect(trials.seen.shown).toBe('trial-1')
    list.unshift(summary('trial-2', 'fastestLap', 'running', 400))
    await vi.advanceTimersByTimeAsync(LIST_MS)
    expect(trials.seen.shown).toBe('trial-2')
    trials.close()
  })
})
