import { describe, expect, it } from 'vitest'
import type { Competitor, Format, Head, Phase, SeatClaims } from '#contract'
import { Refused } from '../../../functions/stages/problem.ts'
import { createSeats, laneOf, type SeatItem } from '../../../functions/stages/seats.ts'
import { boardOfRiders } from '../../stories/boards.ts'
import { aRace, DISTANCE, FASTEST_LAP, FLAG, GUN } from '../../stories/races.ts'

const RACE = 'evening-race'
const kindOf = async (refused: Promise<unknown>) => {
  const error = await refused.then(
    () => undefined,
    (reason: unknown) => reason
  )
  return error instanceof Refused ? error.problem.type.split('/').at(-1) : error
}

function desk({
  capacity = 3,
  phase = 'open' as Phase | null,
  endsAt = FLAG as number | null,
  bib = 0,
  format = DISTANCE as Format
} = {}) {
  const competitors: Competitor[] = []
  const seats: SeatItem[] = []
  const tokens: { claims: SeatClaims; subject: string; expiresAt: number }[] = []
  const race = aRace(format, { capacity })
  const head: Head | undefined =
    phase === null ? undefined : { ...boardOfRiders(1, 1).head, phase, endsAt }
  let given = bib
  const stage = createSeats({
    readRace: async raceId => (raceId === RACE ? race : undefined),
    readHead: async () => head,
    nextBib: async (_raceId, most) => (given < most ? ++given : undefined),
    createCompetitor: async one => void competitors.push(one),
    createSeat: async seat => void seats.push(seat),
    freeSeat: async (_raceId, own) => seats.some(seat => seat.bib === own),
    async sign(token) {
      tokens.push(token)
      return `token-${tokens.length}`
    },
    newId: () => `rider-${competitors.length + 1}`,
    now: () => GUN - 30_000
  })
  return { ...stage, competitors, seats, tokens }
}

describe('a seat', () => {
  it('is a bib, a competitor and a token for this race alone', async () => {
    const { take, competitors, seats, tokens } = desk()
    const seat = await take(RACE, { nickname: 'Mina', country: 'NLD' })
    const expiresAt = FLAG + 20_000
    expect(seat).toEqual({
      raceId: RACE,
      bib: 1,
      competitorId: 'rider-1',
      token: 'token-1',
      expiresAt
    })
    expect(competitors).toEqual([
      {
        id: 'rider-1',
        competitorId: 'rider-1',
        name: 'Mina',
        country: 'NLD',
        class: '',
        entries: [{ raceId: RACE, bib: 1 }]
      }
    ])
    expect(JSON.stringify(seats)).not.toContain('Mina')
    expect(tokens[0]).toMatchObject({
      claims: {
        race: RACE,
        bib: 1,
        lane: 0,
        competitor: 'rider-1',
        session: (GUN - 30_000) / 1_000
      },
      subject: `${RACE}.1`,
      audience: 'grandstand-seat',
      expiresAt
    })
  })

  it('is given while the race is open, counting down or running, and at no other time', async () => {
    const answers = new Map<string, unknown>()
    const phases = [
      'scheduled',
      'open',
      'countdown',
      'running',
      'finishing',
      'provisional',
      'official',
      'aborted'
    ] as const
    for (const phase of phases) {
      answers.set(phase, await kindOf(desk({ phase }).take(RACE, { nickname: 'Mina' })))
    }
    expect([...answers].filter(([, kind]) => kind === undefined).map(([phase]) => phase)).toEqual([
      'open',
      'countdown',
      'running'
    ])
    expect(new Set(answers.values())).toEqual(new Set([undefined, 'race-not-open']))
  })

  it.each([FASTEST_LAP, { kind: 'averageLap', laps: 3 }, { kind: 'mostLaps' }] satisfies Format[])(
    'is not to be had where laps count ($kind): bibs are given at the track',
    async format => {
      const { take, competitors, seats } = desk({ format })
      expect(await kindOf(take(RACE, { nickname: 'Mina' }))).toBe('conflict')
      await expect(take(RACE, { nickname: 'Mina' })).rejects.toThrow('register at the track')
      expect([competitors, seats]).toEqual([[], []])
    }
  )

  it('is to be had in a game', async () => {
    const { take } = desk({ format: { kind: 'game' } })
    expect((await take(RACE, { nickname: 'Mina' })).bib).toBe(1)
  })

  it('of a race without a board yet, or of no race at all, is refused for that reason', async () => {
    expect(await kindOf(desk({ phase: null }).take(RACE, { nickname: 'Mina' }))).toBe(
      'race-not-open'
    )
    expect(await kindOf(desk().take('no-race', { nickname: 'Mina' }))).toBe('not-found')
  })

  it('is given no oftener than the race has room, without two of one bib', async () => {
    const { take, competitors } = desk({ capacity: 3 })
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => take(RACE, { nickname: 'Mina' }))
    )
    const bibs = all.flatMap(one => (one.status === 'fulfilled' ? [one.value.bib] : []))
    expect(bibs.toSorted()).toEqual([1, 2, 3])
    expect(competitors).toHaveLength(3)
    expect(await kindOf(take(RACE, { nickname: 'Mina' }))).toBe('race-full')
  })

  it('lies in a lane of 400', async () => {
    expect([1, 400, 401, 800, 801].map(laneOf)).toEqual([0, 0, 1, 1, 2])
    const { take, tokens } = desk({ capacity: 1_000, bib: 400 })
    await take(RACE, { nickname: 'Mina' })
    expect(tokens[0]!.claims.lane).toBe(1)
  })

  it('of a race without a known end lasts an hour and its backlog', async () => {
    const { take } = desk({ endsAt: null })
    const { expiresAt } = await take(RACE, { nickname: 'Mina' })
    expect(expiresAt).toBe(GUN - 30_000 + 3_600_000 + 20_000)
  })

  it('can be given back, and one that was never given cannot', async () => {
    const { take, leave } = desk()
    await take(RACE, { nickname: 'Mina' })
    await leave(RACE, 1)
    expect(await kindOf(leave(RACE, 2))).toBe('not-found')
  })
})
