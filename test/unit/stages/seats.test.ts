import { expect, test } from 'vitest'
import { type Format, Phase } from '#contract'
import { codeHash } from '../../../functions/stages/digests.ts'
import { Refused } from '../../../functions/stages/problem.ts'
import { createSeats } from '../../../functions/stages/seats.ts'
import { laneOf, PASS_LIFE_MS, TOKEN_LIFE_MS } from '../../../functions/stages/signedSeat.ts'
import { FASTEST_LAP, FLAG, GAME, MOST_LAPS } from '../../stories/races.ts'
import { aSeatDesk as desk, IDLE_MS, NOW } from '../../stories/seatDesk.ts'

const RACE = 'evening-race'
const MINA = { nickname: 'Mina' }
const problemOf = async (asked: Promise<unknown>) => {
  const got = await asked.catch((reason: unknown) => reason)
  return got instanceof Refused ? got.problem : undefined
}
const kindOf = async (asked: Promise<unknown>) => (await problemOf(asked))?.type.split('/').at(-1)
/** Somebody who signed in. */
const signedIn = (object: string) => ({ person: async () => ({ tenant: 'venue', object }) })
const claimsOf = (bib: number) => ({ race: RACE, bib, competitor: 'rider-1', lane: 0, session: 7 })

test('a seat is a bib, a competitor, a token for this race alone and a pass', async () => {
  const { take, seats, faces, tokens } = desk({ classes: ['U23'] })
  const seat = await take({ nickname: ' Mina  B', country: 'NLD', class: 'U23' })
  const expiresAt = FLAG + 20_000
  expect(seat).toEqual({
    ...{ raceId: RACE, bib: 1, competitorId: 'rider-1', nickname: 'Mina B' },
    ...{ token: 'token-1', expiresAt, idleMs: IDLE_MS, pass: 'token-2' }
  })
  const face = { name: 'Mina B', country: 'NLD', class: 'U23', entries: [{ raceId: RACE, bib: 1 }] }
  expect(faces()).toEqual([{ id: `${RACE}.1`, competitorId: 'rider-1', ...face }])
  expect(seats()).toMatchObject([
    { id: 'seat-1', kind: 'seat', class: 'U23', heldUntil: NOW + IDLE_MS }
  ])
  expect(JSON.stringify(seats())).not.toContain('Mina')
  const session = NOW / 1_000
  expect(tokens).toEqual([
    {
      claims: { race: RACE, bib: 1, competitor: 'rider-1', lane: 0, session },
      subject: `${RACE}.1`,
      audience: 'grandstand-seat',
      expiresAt
    },
    {
      claims: {},
      subject: 'rider-1',
      audience: 'grandstand-pass',
      expiresAt: NOW + PASS_LIFE_MS
    }
  ])
})

test('a token lasts a quarter of an hour, or less where the race with its backlog ends before', async () => {
  const { take, state } = desk()
  state.endsAt = NOW + TOKEN_LIFE_MS
  expect((await take(MINA)).expiresAt).toBe(NOW + TOKEN_LIFE_MS)
  state.endsAt = null
  expect((await take({ nickname: 'Bo' })).expiresAt).toBe(NOW + TOKEN_LIFE_MS)
})

test('seats are taken while the race is open, counting down or running, and at no other time', async () => {
  const kinds = new Map<string, unknown>()
  for (const phase of Phase.options) {
    const { take, state } = desk()
    state.phase = phase
    kinds.set(phase, await kindOf(take(MINA)))
  }
  const taken = [...kinds].filter(([, kind]) => kind === undefined).map(([phase]) => phase)
  expect(taken).toEqual(['open', 'countdown', 'running'])
  expect(new Set(kinds.values())).toEqual(new Set([undefined, 'race-not-open']))
  const { take, state } = desk()
  state.phase = null
  expect(await kindOf(take(MINA))).toBe('race-not-open')
})

test.each([FASTEST_LAP, { kind: 'averageLap', laps: 3 }, MOST_LAPS] satisfies Format[])(
  'no seat is to be had where laps count ($kind): bibs are given at the track',
  async format => {
    const { take, seats, faces } = desk({}, format)
    expect(await problemOf(take(MINA))).toMatchObject({
      status: 409,
      detail: `Race ${RACE} has no seats: register at the track.`
    })
    expect([faces(), seats()]).toEqual([[], []])
  }
)

test('a seat is to be had in a game, and none in no race', async () => {
  const { take, ...played } = desk({}, GAME)
  expect((await take(MINA)).bib).toBe(1)
  const nowhere = played.ports
  const { take: takeIn } = createSeats(nowhere)
  expect(await kindOf(takeIn('nowhere', MINA, signedIn('ada')))).toBe('not-found')
})

test('who comes late waits for the next race where the race says so, unless a seat is theirs already', async () => {
  const { take, state } = desk({ lateJoin: 'wait' })
  const { competitorId } = await take(MINA)
  state.phase = 'running'
  state.next = 'night-race'
  expect(await problemOf(take({ nickname: 'Bo' }))).toMatchObject({
    type: 'https://grandstand.example/problems/race-not-open',
    detail: `Race ${RACE} is running: nobody joins late. Join race night-race.`,
    next: 'night-race'
  })
  expect((await take({ ...MINA, pass: `pass of ${competitorId}` })).bib).toBe(1)
})

test('a full race and one that is over name the next race, where there is one', async () => {
  const { take, state } = desk({ capacity: 1 })
  await take(MINA)
  const full = await problemOf(take({ nickname: 'Bo' }))
  expect(full).toMatchObject({ status: 409, detail: `All 1 seats of race ${RACE} are taken.` })
  expect(full).not.toHaveProperty('next')
  state.next = 'night-race'
  expect(await problemOf(take({ nickname: 'Bo' }))).toMatchObject({
    detail: `All 1 seats of race ${RACE} are taken. Join race night-race.`,
    next: 'night-race'
  })
  state.phase = 'official'
  expect(await problemOf(take({ nickname: 'Bo' }))).toMatchObject({ next: 'night-race' })
})

test('a key is the same seat again, and a mistake with another name', async () => {
  const { take, seats, faces } = desk()
  const key = 'key-of-mina'
  const seat = await take(MINA, { key })
  const again = await take({ nickname: ' Mina ' }, { key })
  expect(again).toMatchObject({ bib: 1, competitorId: seat.competitorId, nickname: 'Mina' })
  expect(await kindOf(take({ nickname: 'Bo' }, { key }))).toBe('key-reused')
  expect((await take({ nickname: 'Bo' }, { key: 'key-of-bo' })).bib).toBe(2)
  expect(seats()).toHaveLength(2)
  expect(faces()).toHaveLength(2)
})

test('a pass is the same competitor and seat again, under the name given first', async () => {
  const { take, faces } = desk()
  const pass = 'pass of mina'
  await take({ ...MINA, pass }, { key: 'key-of-mina' })
  const again = await take({ nickname: 'Mina the Great', pass }, { key: 'other-key' })
  expect(again).toMatchObject({ bib: 1, competitorId: 'mina', nickname: 'Mina' })
  expect(faces()).toHaveLength(1)
})

test('a pass that does not hold is a fault of the body, so that a page may drop it', async () => {
  const { take, seats } = desk()
  expect(await problemOf(take({ ...MINA, pass: 'forged' }))).toMatchObject({
    status: 400,
    errors: [{ pointer: '/pass' }]
  })
  expect(seats()).toEqual([])
})

test('a seat that was freed is not given again: its rider takes a new one', async () => {
  const { take, leave, faces } = desk()
  const key = 'key-of-mina'
  const { competitorId } = await take(MINA, { key })
  await leave(RACE, 1)
  expect(await take(MINA, { key })).toMatchObject({ bib: 2, competitorId })
  expect(faces().map(({ id }) => id)).toEqual([`${RACE}.1`, `${RACE}.2`])
})

test('the name that a crash left out is brought by the repetition', async () => {
  const { ports, faces, seats } = desk()
  const caller = { key: 'key-of-mina', ...signedIn('ada') }
  const createCompetitor = () => Promise.reject(new Error('away'))
  const crashed = createSeats({ ...ports, createCompetitor })
  await expect(crashed.take(RACE, MINA, caller)).rejects.toThrow('away')
  expect([seats().length, faces().length]).toEqual([1, 0])
  expect((await createSeats(ports).take(RACE, MINA, caller)).bib).toBe(1)
  expect(faces()).toMatchObject([{ name: 'Mina' }])
})

test('names are one rider’s alone, fit to be shown, and classes of the race', async () => {
  const { take, leave } = desk({ classes: ['U23'] })
  await take(MINA)
  expect(await kindOf(take({ nickname: 'MÍNA' }))).toBe('name-taken')
  await leave(RACE, 1)
  expect((await take({ nickname: 'MÍNA' })).bib).toBe(2)
  expect(await kindOf(take({ nickname: 'sh1t' }))).toBe('name-refused')
  expect(await kindOf(take({ nickname: '\u200b' }))).toBe('bad-body')
  expect(await problemOf(take({ nickname: 'Bo', class: 'U32' }))).toMatchObject({
    status: 400,
    errors: [{ pointer: '/class' }]
  })
})

test('a race with a code takes who knows it, in any case', async () => {
  const hash = codeHash(RACE, 'Penny Farthing')
  const { take, seats } = desk({ registration: { kind: 'code', hash } })
  expect(await kindOf(take(MINA))).toBe('code-wrong')
  expect(await kindOf(take({ ...MINA, code: 'velocipede' }))).toBe('code-wrong')
  expect(seats()).toEqual([])
  expect((await take({ ...MINA, code: 'PENNY farthing' })).bib).toBe(1)
})

test('a race of accounts gives each person one seat, whatever pass and key they bring', async () => {
  const { take, seats } = desk({ registration: { kind: 'account' } })
  expect(await kindOf(take({ ...MINA, pass: 'pass of mina' }))).toBe('unauthorized')
  const { bib, competitorId } = await take(MINA, { key: 'key-of-mina', ...signedIn('ada') })
  expect(competitorId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(competitorId).not.toContain('ada')
  const again = { ...MINA, nickname: 'Other', pass: 'pass of somebody' }
  expect(await take(again, signedIn('ada'))).toMatchObject({ bib, competitorId })
  expect((await take({ nickname: 'Bo' }, signedIn('bo'))).competitorId).not.toBe(competitorId)
  expect(seats()).toHaveLength(2)
})

test('renewing holds the seat for longer and signs a token of the same session, as long as the race lasts', async () => {
  const { take, renew, state, seats, tokens } = desk()
  await take(MINA)
  state.now += 60_000
  state.phase = 'running'
  state.endsAt = FLAG + 3_600_000
  expect(await renew(claimsOf(1))).toMatchObject({
    ...{ bib: 1, nickname: 'Mina', idleMs: IDLE_MS, competitorId: 'rider-1' },
    expiresAt: NOW + 60_000 + TOKEN_LIFE_MS
  })
  expect(seats()).toMatchObject([{ heldUntil: NOW + 60_000 + IDLE_MS }])
  expect(tokens.at(-2)?.claims).toEqual(claimsOf(1))
})

test('a lease that has ended is renewed as long as nobody has freed the seat', async () => {
  const { take, renew, state, freeIdle } = desk()
  await take(MINA)
  state.now += IDLE_MS + 1
  expect((await renew(claimsOf(1))).bib).toBe(1)
  expect(await freeIdle(RACE)).toBe(0)
  state.now += IDLE_MS + 1
  expect(await freeIdle(RACE)).toBe(1)
  expect(await kindOf(renew(claimsOf(1)))).toBe('session-closed')
})

test('a seat that was freed is not renewed, and its rider is told to take another', async () => {
  const { take, renew, leave } = desk()
  await take(MINA)
  await leave(RACE, 1)
  expect(await problemOf(renew(claimsOf(1)))).toMatchObject({
    status: 401,
    type: 'https://grandstand.example/problems/session-closed',
    detail: expect.stringContaining('take another seat')
  })
})

test.each(['finishing', 'provisional', 'official', 'aborted'] as const)(
  'no seat of a race that is %s is renewed',
  async phase => {
    const { take, renew, state } = desk()
    await take(MINA)
    state.phase = phase
    expect(await kindOf(renew(claimsOf(1)))).toBe('session-closed')
  }
)

test('a seat is given back once, and one that was never given cannot be', async () => {
  const { take, leave, seats } = desk()
  await take(MINA)
  await leave(RACE, 1)
  await leave(RACE, 1)
  expect(seats()).toMatchObject([{ why: 'left', freedAt: NOW }])
  expect(await kindOf(leave(RACE, 2))).toBe('not-found')
})

test('seats lie in lanes of 400', () => {
  expect([1, 400, 401, 800, 801].map(laneOf)).toEqual([0, 0, 1, 1, 2])
})
