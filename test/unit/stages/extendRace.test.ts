import { expect, test } from 'vitest'
import type { Head, Phase } from '#contract'
import { createExtendRace } from '../../../functions/stages/extendRace.ts'
import { ADA, anOfficeStore, BO, refusal } from '../../stories/officeStore.ts'
import { GUN } from '../../stories/races.ts'

const DAY = 86_400_000
const RACE = 'evening-race'

/** A race that runs for a minute more. */
function running(phase: Phase = 'running', endsAt: number | null = GUN + 60_000) {
  const store = anOfficeStore()
  const readHead = async () => ({ phase, endsAt }) as Head
  const extend = createExtendRace({ ...store.ports, readHead })
  return {
    ...store,
    to: (endsAt: number, actor = ADA) => extend(RACE, { endsAt }, actor)
  }
}

test('the new end of a running race is one fact, and asked for again the same', async () => {
  const race = running()
  const fact = await race.to(GUN + 120_000)
  expect(fact).toEqual({
    ...{ id: `extend-${GUN + 120_000}`, raceId: RACE, kind: 'extend', endsAt: GUN + 120_000 },
    ...{ at: GUN, recordedAt: GUN, actor: ADA }
  })
  race.clock.now += 90_000
  expect(await race.to(GUN + 120_000, BO)).toEqual(fact)
  expect(race.facts()).toEqual([fact])
})

test('a race without an end gets one, and an end may be moved to and fro', async () => {
  const race = running('running', null)
  for (const ms of [120_000, 30_000, 120_000]) {
    await race.to(GUN + ms)
    race.clock.now += 1_000
  }
  expect(race.facts().map(({ id }) => id)).toEqual([
    `extend-${GUN + 120_000}`,
    `extend-${GUN + 30_000}`,
    `extend-${GUN + 120_000}.1`
  ])
})

test('of two who extend to the same end at once both are answered by the one fact', async () => {
  const race = running()
  const endsAt = GUN + 120_000
  race.before.append = () =>
    race.tell({
      ...{ id: `extend-${endsAt}`, raceId: RACE, kind: 'extend', endsAt, at: GUN, actor: BO }
    })
  expect((await race.to(endsAt)).actor).toEqual(BO)
  expect(race.facts()).toHaveLength(1)
})

test.each<Phase>(['scheduled', 'open', 'countdown', 'finishing', 'official', 'aborted'])(
  'a race that is %s is not extended',
  async phase => {
    const race = running(phase)
    expect(await refusal(race.to(GUN + 120_000))).toMatchObject({ status: 409 })
    expect(race.facts()).toEqual([])
  }
)

test('a race that is about to end is not extended: the order would come too late', async () => {
  const race = running('running', GUN + 2_999)
  expect(await refusal(race.to(GUN + 120_000))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('about to end')
  })
})

test('an end is at least five seconds ahead and at most a day', async () => {
  const race = running()
  for (const ahead of [4_999, DAY + 1]) {
    expect(await refusal(race.to(GUN + ahead))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/endsAt' }]
    })
  }
  expect(race.facts()).toEqual([])
  await race.to(GUN + 5_000)
  await race.to(GUN + DAY)
  expect(race.facts()).toHaveLength(2)
})
