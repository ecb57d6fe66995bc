import * as v from 'valibot'
import { ServerTime } from '#contract'
import { offsetOf, type Probe } from '../../web/seat/serverClock.ts'
import { type Door, isDone } from './door.ts'

/** Questions for the server's time. */
const PROBES = 9

/**
 * Server time by this machine's clock, as the pages set theirs; the earliest that it can be, so that no reading is
 * measured after the hub has it. Rejects where the gateway does not answer.
 */
export async function serverClock(door: Door): Promise<() => number> {
  const probes: Probe[] = []
  for (let count = 0; count < PROBES; count++) {
    const askedAt = Date.now()
    const answer = await door.get('/time')
    if (!isDone(answer)) throw new Error(`GET /time: ${answer.status} ${answer.body}`)
    const { now } = v.parse(ServerTime, JSON.parse(answer.body))
    probes.push({ askedAt, cameAt: Date.now(), serverNow: now })
  }
  const { offset, error } = offsetOf(probes)
  const behind = Math.floor(offset - error)
  return () => Date.now() + behind
}
