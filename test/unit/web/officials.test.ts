import { expect, test } from 'vitest'
import type { DeviceReport, FleetDevice } from '#contract'
import { ApiError } from '../../../web/call.ts'
import { ago } from '../../../web/officials/fleet/ago.ts'
import { byUrgency, conditionOf } from '../../../web/officials/fleet/condition.ts'
import { createDrivers } from '../../../web/officials/fleet/drivers.ts'
import { keepPendingStop, takePendingStop } from '../../../web/officials/pendingStop.ts'
import { Session, SignInNeeded } from '../../../web/officials/session.svelte.ts'
import { rolesIn } from '../../../web/officials/tokenRoles.ts'
import { raceOf } from '../../browser/fleets.ts'

const car = (changes: Partial<FleetDevice> = {}, reported: DeviceReport = {}): FleetDevice => ({
  deviceId: 'car-1',
  enabled: true,
  connected: true,
  lastSeen: 0,
  stopOrdered: false,
  ...changes,
  reported: { battery: 20, link: { ackMs: 499, losses: 9 }, ...reported }
})

test('a car that was told to stop is a runaway until it says that it stands', () => {
  for (const connected of [true, false]) {
    expect(conditionOf(car({ stopOrdered: true, connected }), false)).toBe('runaway')
    expect(conditionOf(car({ stopOrdered: true, connected }, { stopped: false }), false)).toBe(
      'runaway'
    )
  }
  expect(conditionOf(car({ stopOrdered: true }, { stopped: true }), true)).toBe('well')
})

test('a missing link is worse in a run, and no trouble where none is allowed', () => {
  expect(conditionOf(car({ connected: false }), true)).toBe('lost')
  expect(conditionOf(car({ connected: false }), false)).toBe('away')
  expect(conditionOf(car({ connected: false, enabled: false, stopOrdered: true }), true)).toBe(
    'barred'
  )
})

test('a car is weak below 20 % and from 500 ms on, and not for what it does not tell', () => {
  expect(conditionOf(car(), false)).toBe('well')
  expect(conditionOf(car({}, { battery: 19 }), false)).toBe('weak')
  expect(conditionOf(car({}, { link: { ackMs: 500, losses: 0 } }), false)).toBe('weak')
  expect(conditionOf({ ...car(), reported: {} }, false)).toBe('well')
})

test('devices of one condition stand as their numbers count', () => {
  const fleet = ['car-10', 'car-2', 'car-1'].map(deviceId => car({ deviceId }))
  expect(byUrgency(fleet, () => false).map(({ deviceId }) => deviceId)).toEqual([
    'car-1',
    'car-2',
    'car-10'
  ])
})

test('an age is told in the largest unit of which there are two', () => {
  const second = 1_000
  expect([0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(s => ago(s * second))).toEqual([
    '0 s ago',
    '119 s ago',
    '2 min ago',
    '119 min ago',
    '2 h ago',
    '47 h ago',
    '2 days ago'
  ])
})

test('roles are read from a token, and none from what is no token', () => {
  const tokenOf = (claims: object) =>
    `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`
  expect(rolesIn(tokenOf({ roles: ['timekeeper'], name: 'Åsa ÿÿ>>>' }))).toEqual(['timekeeper'])
  expect(rolesIn(tokenOf({}))).toEqual([])
  for (const wrong of ['', 'opaque', 'x.{}.y', tokenOf({ roles: 'admin' })])
    expect(rolesIn(wrong)).toEqual([])
})

test('an emergency stop is remembered once, and not for longer than it is meant', () => {
  const kept = new Map<string, string>()
  const storage = {
    setItem: (key: string, value: string) => void kept.set(key, value),
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => void kept.delete(key)
  }
  expect(takePendingStop(storage, 0)).toBe(false)
  keepPendingStop(storage, 1_000)
  expect(takePendingStop(storage, 120_999)).toBe(true)
  expect(takePendingStop(storage, 120_999)).toBe(false)
  keepPendingStop(storage, 1_000)
  expect(takePendingStop(storage, 121_000)).toBe(false)
})

test('drivers are those of runs with a car in races under way, by the names of now', async () => {
  const [board, directory] = raceOf({ 'car-1': 5, 'car-2': 99 })
  let names = directory
  let heads = 0
  const read = createDrivers({
    races: async () => ({
      races: [board, { ...board, raceId: 'over', phase: 'official' }, { ...board, raceId: 'new' }],
      continuation: null
    }),
    async head(raceId, etag) {
      if (raceId === 'new') throw new ApiError(404, 'no standings yet')
      expect(raceId).toBe('final')
      heads++
      return etag ? 'same' : { board, etag: '"1"' }
    },
    directory: async () => names
  })
  const nameOf = (drivers: Awaited<ReturnType<typeof read>>) => drivers.get('car-1')?.name
  const first = await read()
  expect([...first.keys()]).toEqual(['car-1', 'car-2'])
  expect(nameOf(first)).toBe('Wolfgang Freiherr von Altenburg-Schönau')
  expect(first.get('car-2')).toEqual({ bib: 99, name: undefined, race: board.name })
  names = { ...directory, entries: [] }
  expect(nameOf(await read())).toBeUndefined()
  expect(heads).toBe(2)
})

test('a session renews what it can, lives on its last token, and asks in vain once a minute', async () => {
  let now = 0
  let asked = 0
  let answer: () => string = () => 'x.e30.y'
  const session = new Session(
    {
      refusal: undefined,
      person: () => ({ name: 'timekeeper', userName: 'timekeeper@grandstand.example' }),
      async token() {
        asked++
        return { text: answer(), expiresAt: 100_000 }
      },
      signIn: async () => undefined,
      signOut: async () => undefined
    },
    () => now
  )
  const fails = (error: Error) => () => {
    throw error
  }
  expect(await session.token()).toBe('x.e30.y')
  answer = fails(new Error('no link'))
  expect(await session.token()).toBe('x.e30.y')
  expect(session.endsAt).toBeUndefined()
  await expect(session.token(true)).rejects.toThrow('no link')

  answer = fails(new SignInNeeded())
  for (now of [1_000, 60_999]) expect(await session.token()).toBe('x.e30.y')
  expect([session.endsAt, asked]).toEqual([100_000, 4])
  now = 100_000
  await expect(session.token()).rejects.toThrow(SignInNeeded)
  expect(asked).toBe(5)

  answer = () => 'x.e30.z'
  now = 160_000
  expect(await session.token()).toBe('x.e30.z')
  expect(session.endsAt).toBeUndefined()
})
