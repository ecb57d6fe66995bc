import * as v from 'valibot'
import { RaceResults, ScreenLink, Series, type SeriesRequest } from '#contract'
import { type Answer, type Door, isDone, isPassing } from './door.ts'
import { pause, retryWait } from './pause.ts'

/** Between two looks at a race's results, ms. */
const LOOK_MS = 1_000

/** What an administrator's program does by the public doors. */
export type Admin = {
  /** Makes races back to back and says their ids. Rejects where they are refused. */
  makeSeries(series: v.InferInput<typeof SeriesRequest>): Promise<string[]>
  /** A venue screen's key, with which sockets open. */
  screenKey(name: string): Promise<string>
  /** The official results of a race, waited for `until` that instant of server time; then it rejects. */
  officialResults(raceId: string, until: number): Promise<RaceResults>
}

/** An administrator at the gateway; `token` is asked for before each call, which is repeated while it may yet succeed. */
export function openAdmin(options: {
  door: Door
  token: () => Promise<string>
  now: () => number
  signal: AbortSignal
}): Admin {
  const { door, token, now, signal } = options

  /** The same again is the same request: series and links may be asked for twice. */
  const insist = async (what: string, ask: () => Promise<Answer>): Promise<unknown> => {
    for (let attempt = 0; ; attempt++) {
      const answer = await ask()
      if (isDone(answer)) return JSON.parse(answer.body)
      if (!isPassing(answer) || signal.aborted || attempt > 10) {
        throw new Error(`${what}: ${answer.status} ${answer.body.slice(0, 500)}`)
      }
      await pause(answer.retryAfterMs ?? retryWait(attempt, Math.random), signal)
    }
  }
  const post = (path: string, body: object) =>
    insist(`POST ${path}`, async () => door.post(path, JSON.stringify(body), await token()))

  return {
    makeSeries: async series => v.parse(Series, await post('/series', series)).races,
    screenKey: async name => v.parse(ScreenLink, await post('/screens', { name })).token,
    async officialResults(raceId, until) {
      for (;;) {
        const answer = await door.get(`/races/${raceId}/results/json`)
        if (answer.status === 200) {
          const results = v.parse(RaceResults, JSON.parse(answer.body))
          if (results.validity === 'official') return results
        }
        if (now() > until || signal.aborted) {
          throw new Error(
            `${raceId} has no official results: ${answer.status} ${answer.body.slice(0, 300)}`
          )
        }
        await pause(LOOK_MS, signal)
      }
    }
  }
}
