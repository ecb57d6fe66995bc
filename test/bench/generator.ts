import { setTimeout as pause } from 'node:timers/promises'
import type { Format } from '#contract'
import { expectedFinal } from '../pipeline/oracle.ts'
import { summary } from '../simulators/account.ts'
import { type RideOptions, rideRace } from '../simulators/ride.ts'
import { spreadOf } from './spread.ts'

/** The riders' schedule is checked this often, in ms. */
const PROBE_MS = 5

/** The one argument, as JSON. */
export type GeneratorOptions = Omit<RideOptions, 'now' | 'onAck' | 'signal'> & {
  format: Extract<Format, { kind: 'ride' }>
}
/** What the riders did, and the final that follows from what was acknowledged. Times in ms. */
export type Generated = Awaited<ReturnType<typeof generate>>

const now = () => performance.timeOrigin + performance.now()

/** How late a schedule on the riders' own event loop was kept: what delays theirs delays it. */
async function lag({ startsAt, endsAt }: GeneratorOptions): Promise<number[]> {
  const lags: number[] = []
  for (let due = startsAt; due < endsAt; due += PROBE_MS) {
    const ahead = due - now()
    if (ahead > 0) await pause(ahead)
    lags.push(now() - due)
  }
  return lags
}

/** Rides in a process of its own, so that riders and measurement share no event loop. */
async function generate(options: GeneratorOptions) {
  const [account, lags] = await Promise.all([rideRace({ ...options, now }), lag(options)])
  const expected = expectedFinal(account, options.format, options)
  return { ...summary(account), expected, lag: spreadOf(lags) }
}

if (import.meta.main) {
  process.once('disconnect', () => process.exit())
  const generated = await generate(JSON.parse(process.argv[2] ?? '') as GeneratorOptions)
  process.send?.(generated, () => process.disconnect?.())
}
