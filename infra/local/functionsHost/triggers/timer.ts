import type { AppFunction } from '../core.ts'
import { NotServedError } from '../errors.ts'
import { type Invoke, logFailure } from '../invoke.ts'
import { pause } from '../pause.ts'

/** Largest values of a schedule's fields: second, minute, hour, day, month, weekday. */
const LARGEST = [59, 59, 23, 31, 12, 6]
const SECOND_MS = 1000

/**
 * Runs a timer function on its schedule until `signal` aborts; occurrences never overlap, those
 * missed while it ran or the host was down are skipped. Throws at once if the schedule is not served.
 */
export function runTimer(fn: AppFunction, invoke: Invoke, signal: AbortSignal): Promise<void> {
  if (fn.trigger.runOnStartup) throw new NotServedError('runOnStartup', fn.name)
  return follow(fn, parseSchedule(String(fn.trigger.schedule)), invoke, signal)
}

async function follow(
  fn: AppFunction,
  occursAt: (time: number) => boolean,
  invoke: Invoke,
  signal: AbortSignal
): Promise<void> {
  const timer = { Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: false }
  while (!signal.aborted) {
    const second = Math.floor(Date.now() / SECOND_MS + 1) * SECOND_MS
    while (Date.now() < second && !signal.aborted) await pause(second - Date.now(), signal)
    if (signal.aborted || !occursAt(second)) continue
    await invoke(fn, { data: { json: JSON.stringify(timer) } }).catch(error =>
      logFailure(fn, error)
    )
  }
}

/**
 * Reads a schedule of six fields, each a star, a star with a step or a number, in UTC. The function
 * returned tells whether it occurs in the second that starts at a time (ms since the epoch).
 */
export function parseSchedule(schedule: string): (time: number) => boolean {
  const fields = schedule.trim().split(/\s+/)
  const matchers = fields.map((field, i) => {
    const [whole, step = '1', exact] = /^(?:\*(?:\/(\d+))?|(\d+))$/.exec(field) ?? []
    const first = i === 3 || i === 4 ? 1 : 0
    const fits = exact === undefined || (+exact >= first && +exact <= (LARGEST[i] ?? -1))
    if (whole === undefined || +step === 0 || !fits || fields.length !== LARGEST.length)
      throw new NotServedError(`The schedule "${schedule}"`)
    return (value = 0) => (exact === undefined ? (value - first) % +step === 0 : value === +exact)
  })
  return time => {
    const at = new Date(time)
    const clock = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours()]
    const parts = [...clock, at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()]
    return matchers.every((matches, i) => matches(parts[i]))
  }
}
