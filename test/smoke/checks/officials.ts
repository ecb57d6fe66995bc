import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { Head } from '#contract'
import type { Check } from '../check.ts'
import { eventually } from '../eventually.ts'
import { expectDocumented, expectProblem } from '../http.ts'
import { readingAt } from '../reading.ts'
import { trial } from '../trial.ts'

/** A token holds so long beyond its end, ms: the policies' allowance for clocks, and a little. */
const BEYOND_MS = 65_000

/** What officials do, each by their own role. */
export const OFFICIALS: Check[] = [
  {
    name: 'a screen link is made',
    proves: 'admin gets a token with its role, and the admin app signs by Key Vault',
    async run(venue) {
      await venue.screenKey()
      return undefined
    }
  },
  {
    name: 'a lap by hand counts once',
    proves:
      'timekeeper may write to the ledger; its change feed reaches the race; a key is one lap',
    async run(venue) {
      const { raceId, runId, bib } = await trial(venue)
      const token = await venue.token('timekeeper')
      const record = (lapMs: number) =>
        venue.call({
          method: 'POST',
          path: `/races/${raceId}/runs/${runId}/laps`,
          token,
          headers: { 'idempotency-key': 'smoke-first-lap' },
          body: { bib, lap: 0, lapMs }
        })
      const first = expectDocumented(await record(9_876), 201)
      assert.deepEqual(expectDocumented(await record(9_876), 201), first)
      expectProblem(await record(9_875), 422, 'key-reused')
      const row = await eventually('the lap on the board', async () => {
        const answer = await venue.call({ path: `/races/${raceId}/standings` })
        return (answer.json() as Head).top.find(each => each.bib === bib && each.laps > 0)
      })
      assert.deepEqual({ laps: row.laps, value: row.value }, { laps: 1, value: 9_876 })
      return undefined
    }
  }
]

/** Comes last: by then the token of an early race has ended, or soon will have. */
export const EXPIRED: Check = {
  name: 'a token ends',
  proves: 'the gateway refuses a seat token of good signature once its time is over',
  limitMs: 240_000,
  async run(venue) {
    const { raceId, seat } = (await trial(venue)).early
    const now = await venue.clock()
    await pause(Math.max(0, seat.expiresAt + BEYOND_MS - now()))
    const path = `/races/${raceId}/telemetry`
    const body = readingAt(now(), 0)
    const answer = await venue.call({ method: 'POST', path, token: seat.token, body })
    expectProblem(answer, 401, 'session-closed')
    return undefined
  }
}
