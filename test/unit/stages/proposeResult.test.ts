import { expect, test } from 'vitest'
import type { Head } from '#contract'
import { createProposeResult } from '../../../functions/stages/proposeResult.ts'
import { ADA, BO, CONFLICT, openDesk, refusalOf } from '../../stories/desk.ts'
import { entryFact } from '../../stories/facts.ts'
import { aRace, FASTEST_LAP } from '../../stories/races.ts'

const race = aRace(FASTEST_LAP)
const { raceId } = race

function desk(phase: Head['phase']) {
  const { ports, clock, all } = openDesk(race, { phase })
  return { ports, clock, all, propose: (by = ADA) => createProposeResult(ports)(raceId, by) }
}

test('a provisional classification is proposed once a person', async () => {
  const { propose, all, clock } = desk('provisional')
  const first = await propose()
  clock.now += 1_000
  expect(await propose()).toEqual(first)
  expect(await propose(BO)).toMatchObject({ kind: 'propose', actor: BO })
  expect(all().filter(({ kind }) => kind === 'propose')).toHaveLength(2)
})

test('a classification that changed since is proposed anew', async () => {
  const { ports, propose, all } = desk('provisional')
  const first = await propose()
  await ports.appendFact(entryFact(1))
  expect((await propose()).below).toBe(first.below + 1)
  expect(all().filter(({ kind }) => kind === 'propose')).toHaveLength(2)
})

test.each(['running', 'finishing', 'official', 'aborted'] as const)(
  'a classification is not proposed while the race is %s',
  async phase => {
    const { propose, all } = desk(phase)
    const problem = await refusalOf(propose())
    expect(problem).toMatchObject(CONFLICT)
    expect(problem.detail).toContain(phase)
    expect(all().some(({ kind }) => kind === 'propose')).toBe(false)
  }
)

test('a proposal is still known once the race is official, and there is none of no race', async () => {
  const { ports, propose } = desk('provisional')
  const first = await propose()
  const later = createProposeResult({
    ...ports,
    readHead: async () => ({ phase: 'official' }) as Head
  })
  expect(await later(raceId, ADA)).toEqual(first)
  const nobody = createProposeResult({ ...ports, readHead: async () => undefined })
  expect((await refusalOf(nobody('nowhere', ADA))).status).toBe(404)
  expect((await refusalOf(nobody(raceId, BO))).detail).toContain('scheduled')
})
