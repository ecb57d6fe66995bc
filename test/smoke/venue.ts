import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { type RaceRequest, ScreenLink, Seat } from '#contract'
import { clockAhead } from './clock.ts'
import { eventually } from './eventually.ts'
import { type Answer, ask, type Call, expectDocumented } from './http.ts'
import type { Role, Target } from './target.ts'

/** An app that starts from nothing, and the entities behind it, are ready for a race after this, ms. */
const STARTING_MS = 60_000

type RaceInput = v.InferInput<typeof RaceRequest>
/** A race without its ids; instants by the service's clock. */
export type RacePlan = Omit<RaceInput, 'id' | 'raceId' | 'course' | 'place'>

/** Where the checks meet: the target, and what several of them need, made when the first of them asks for it. */
export type Venue = {
  target: Target
  riders: number
  raceSeconds: number
  /** Part of every name that this run makes. */
  run: string
  /** Asks at the gateway. */
  call: (call: Call) => Promise<Answer>
  token: (role: Role) => Promise<string>
  /** The key of a screen link. */
  screenKey: () => Promise<string>
  /** The service's time, ms since 1970. */
  clock: () => Promise<() => number>
  /** Creates the race `{run}-{what}` and waits until it takes riders; returns its id. */
  openRace: (what: string, plan: RacePlan) => Promise<string>
  takeSeat: (raceId: string) => Promise<Seat>
  /** Something made once, under a name; a failure is everybody's. */
  once: <T>(what: string, make: () => Promise<T>) => Promise<T>
}

export function openVenue(
  target: Target,
  { riders, raceSeconds }: { riders: number; raceSeconds: number }
): Venue {
  const run = `smoke-${randomUUID().slice(0, 8)}`
  const made = new Map<string, unknown>()
  const call: Venue['call'] = request => ask(target.gateway, request)
  const once: Venue['once'] = <T>(what: string, make: () => Promise<T>): Promise<T> => {
    if (!made.has(what)) made.set(what, make())
    return made.get(what) as Promise<T>
  }
  const token: Venue['token'] = role => once(`token ${role}`, () => target.token(role))

  const screenKey = () =>
    once('screen link', async () => {
      const path = '/screens'
      const body = { name: run }
      const answer = await call({ method: 'POST', path, token: await token('admin'), body })
      return v.parse(ScreenLink, expectDocumented(answer, 201)).token
    })

  const clock = () =>
    once('clock', async () => {
      const path = `/races/${run}/negotiate`
      const key = await screenKey()
      const ahead = await clockAhead(() => call({ method: 'POST', path, token: key }))
      return () => performance.timeOrigin + performance.now() + ahead
    })

  const openRace: Venue['openRace'] = async (what, plan) => {
    const raceId = `${run}-${what}`
    const course = { courseId: 'smoke', name: 'Smoke test' }
    const body: RaceInput = { id: raceId, raceId, course, place: 'Nowhere', ...plan }
    const answer = await call({ method: 'POST', path: '/races', token: await token('admin'), body })
    expectDocumented(answer, 201)
    await eventually(
      `${raceId} to open`,
      async () => {
        const { status, text } = await call({ path: `/races/${raceId}/standings` })
        return status === 200 && !text.includes('"phase":"scheduled"') ? true : undefined
      },
      { withinMs: STARTING_MS }
    )
    return raceId
  }

  let seats = 0
  const takeSeat: Venue['takeSeat'] = async raceId => {
    const body = { nickname: `Smoke test ${++seats}` }
    const answer = await call({ method: 'POST', path: `/races/${raceId}/seats`, body })
    return v.parse(Seat, expectDocumented(answer, 201))
  }
  return {
    target,
    riders,
    raceSeconds,
    run,
    call,
    token,
    screenKey,
    clock,
    openRace,
    takeSeat,
    once
  }
}
