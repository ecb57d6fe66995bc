import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Problem, RideReading, Seat } from '#contract'
import { ApiError } from '../../../web/call.ts'
import type { Keep } from '../../../web/seat/keep.ts'
import { openSeat } from '../../../web/seat/seat.ts'

const IDLE_MS = 12_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const refused = (kind: string, status: number, pointer?: string) => {
  const errors = pointer ? [{ pointer, detail: kind }] : undefined
  const type = `https://grandstand.example/problems/${kind}`
  const problem: Problem = {
    type,
    title: kind,
    status,
    detail: kind,
    ...(errors ? { errors } : {})
  }
  return new ApiError(status, kind, 0, problem)
}
const lost = () => new ApiError(0, 'no network')

function newKeep(): Keep {
  const texts = new Map<string, string>()
  return {
    read: name => texts.get(name),
    write: (name, text) => void (text === undefined ? texts.delete(name) : texts.set(name, text))
  }
}

/** A seat's page before a service that the test leads. */
function open({ ofTab = newKeep(), lasting = newKeep() } = {}) {
  const service = {
    takes: [] as { key: string; pass: string | undefined }[],
    renewals: 0,
    left: 0,
    taken: [] as RideReading[],
    takeFails: [] as Error[],
    renewFails: undefined as Error | undefined,
    sendFails: undefined as Error | undefined
  }
  const told = { ended: [] as { why: string; left: number }[], asked: [] as boolean[] }
  const page = new EventTarget()
  let keys = 0
  const seatAt = (nickname: string): Seat => ({
    ...{ raceId: 'race-1', bib: 3, competitorId: 'rider-3', nickname, idleMs: IDLE_MS },
    ...{ token: `e30.${btoa('{"session":9}')}.x`, expiresAt: Date.now() + 900_000, pass: 'my-pass' }
  })
  const seat = openSeat({
    api: {
      async take(_, { nickname, pass }, key) {
        service.takes.push({ key, pass })
        const failure = service.takeFails.shift()
        if (failure) throw failure
        return seatAt(nickname)
      },
      async renew() {
        service.renewals += 1
        if (service.renewFails) throw service.renewFails
        return seatAt('Toast')
      },
      async leave() {
        service.left += 1
      },
      async send(_, readings) {
        if (service.sendFails) throw service.sendFails
        service.taken.push(...(readings as RideReading[]))
      },
      time: async () => Date.now()
    },
    ...{ raceId: 'race-1', everyMs: 1_000, clock: { now: Date.now }, lasting, ofTab, page },
    sink: {
      held: () => undefined,
      ended: (why, left) => told.ended.push({ why, left }),
      counted: () => undefined,
      ask: until => told.asked.push(until !== undefined),
      error: () => undefined
    },
    ...{ now: Date.now, random: () => 0.5, newKey: () => `key-${++keys}` }
  })
  const touch = () => page.dispatchEvent(new Event('pointerdown'))
  const offer = () =>
    seat.offer({ t: Date.now(), cadence: 90, resistance: 40, power: 200, distance: 1, work: 1 })
  /** Time passes for somebody who is there. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      touch()
      await vi.advanceTimersByTimeAsync(Math.min(left, 1_000))
    }
  }
  return { seat, service, told, pass, offer, ofTab, lasting, page }
}

const entry = { nickname: 'Toast' }

test('renews its lease three times in its idle time, and keeps the pass for other races', async () => {
  const { seat, service, pass, lasting } = open()
  await seat.join(entry)
  await pass(IDLE_MS)
  expect(service.renewals).toBe(3)
  const next = open({ lasting })
  await next.seat.join(entry)
  expect([service.takes[0]?.pass, next.service.takes[0]?.pass]).toEqual([undefined, 'my-pass'])
})

test('asks by the same key after a lost answer, and by a new one after a refusal', async () => {
  const { seat, service } = open()
  service.takeFails = [lost(), refused('name-taken', 409)]
  await expect(seat.join(entry)).rejects.toThrow()
  await expect(seat.join(entry)).rejects.toThrow()
  await seat.join(entry)
  expect(service.takes.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-2'])
})

test('a pass that does not hold any more is forgotten, and the seat taken without it', async () => {
  const first = open()
  await first.seat.join(entry)
  const { seat, service } = open({ lasting: first.lasting })
  service.takeFails = [refused('bad-body', 400, '/pass')]
  await seat.join(entry)
  expect(service.takes.map(({ pass }) => pass)).toEqual(['my-pass', undefined])
})

test('remembers the seat over a reload, and renews it at once', async () => {
  const first = open()
  await first.seat.join(entry)
  first.seat.close()
  const { seat, service } = open({ ofTab: first.ofTab })
  expect(seat.resume()?.bib).toBe(3)
  await vi.advanceTimersByTimeAsync(1)
  expect(service.renewals).toBe(1)
  expect(open().seat.resume()).toBeUndefined()
})

test('a network lost within grace keeps the seat', async () => {
  const { seat, service, told, pass } = open()
  await seat.join(entry)
  service.renewFails = lost()
  await pass(8_000)
  service.renewFails = undefined
  await pass(5_000)
  expect(told.ended).toEqual([])
  expect(seat.seat()?.renewedAt).toBeGreaterThan(Date.now() - 5_000)
})

test('a seat that others have is told: by the frame with its reason, or by the renewal', async () => {
  const framed = open()
  await framed.seat.join(entry)
  framed.seat.freed([{ bib: 4, why: 'idle' }])
  expect(framed.told.ended).toEqual([])
  framed.seat.freed([{ bib: 3, why: 'idle' }])
  expect(framed.told.ended).toEqual([{ why: 'idle', left: 0 }])
  const renewed = open()
  await renewed.seat.join(entry)
  renewed.service.renewFails = refused('session-closed', 401)
  await renewed.pass(IDLE_MS)
  expect(renewed.told.ended).toEqual([{ why: 'closed', left: 0 }])
  expect(renewed.seat.resume()).toBeUndefined()
})

test('the lease ends with the race, but what waits is still sent until the backlog time is over', async () => {
  const { seat, service, told, pass, offer } = open()
  await seat.join(entry)
  service.sendFails = lost()
  offer()
  service.renewFails = refused('session-closed', 401)
  await pass(IDLE_MS)
  expect(told.ended).toEqual([])
  service.sendFails = undefined
  await pass(5_000)
  expect(service.taken).toHaveLength(1)
  expect(told.ended).toEqual([{ why: 'closed', left: 0 }])
})

test('what is left when the session ends is counted', async () => {
  const { seat, service, told, pass, offer } = open()
  await seat.join(entry)
  service.sendFails = lost()
  offer()
  await pass(1_000)
  offer()
  service.sendFails = refused('session-closed', 401)
  await pass(5_000)
  expect(told.ended).toEqual([{ why: 'closed', left: 2 }])
})

test('who does nothing is asked, stays by a touch, and else gives the seat back', async () => {
  const { seat, service, told, pass, page } = open()
  await seat.join(entry)
  await vi.advanceTimersByTimeAsync(IDLE_MS + 1)
  expect(told.asked).toEqual([true])
  page.dispatchEvent(new Event('keydown'))
  expect(told.asked).toEqual([true, false])
  await pass(2 * IDLE_MS)
  expect(told.asked).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(IDLE_MS + 31_000)
  expect(told.ended).toEqual([{ why: 'idle', left: 0 }])
  expect(service.left).toBe(1)
})

test('the page that goes sends the last reading that the throttle holds', async () => {
  const { seat, service, offer, page } = open()
  await seat.join(entry)
  offer()
  offer()
  page.dispatchEvent(new Event('pagehide'))
  await vi.advanceTimersByTimeAsync(1)
  expect(new Set(service.taken.map(({ seq }) => seq))).toEqual(new Set([0, 1]))
})
