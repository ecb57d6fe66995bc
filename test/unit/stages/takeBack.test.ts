import { expect, test } from 'vitest'
import type { Fact } from '#contract'
import { decisionId } from '../../../functions/stages/decisionId.ts'
import { createTakeBack } from '../../../functions/stages/takeBack.ts'
import { ADA, BO, CONFLICT, deskRun, openDesk, refusalOf } from '../../stories/desk.ts'
import {
  clockFact,
  correctionFact,
  lapFact,
  resetFact,
  retractionFact
} from '../../stories/facts.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

const race = aRace(FASTEST_LAP)
const { raceId } = race
const MINUTE = 60_000
const KEY = 'key-0001'
const CAPTURED = lapFact(1, 1, 9_000, 20_000, { id: 'hand.run-1.lap-0001', source: 'hand' })
const driven = [deskRun(1, 0), CAPTURED, lapFact(1, 2, 9_000, 29_000)]

/** A desk a minute after the gun. */
function desk(facts: Fact[] = driven) {
  const { ports, clock, tell, all } = openDesk(race)
  tell(...facts)
  clock.now = GUN + MINUTE
  return {
    ports,
    tell,
    all,
    takeBack: (of: string, key = KEY, by = ADA) => createTakeBack(ports)({ raceId, key, of }, by)
  }
}

test('a captured lap is taken back, by any timekeeper, once', async () => {
  const { takeBack, all } = desk()
  const fact = await takeBack(CAPTURED.id, KEY, BO)
  const at = GUN + MINUTE
  expect(fact).toEqual({
    id: decisionId(CAPTURED.id, 0),
    raceId,
    kind: 'retract',
    of: CAPTURED.id,
    at,
    recordedAt: at,
    key: KEY,
    actor: BO
  })
  expect(await takeBack(CAPTURED.id)).toEqual(fact)
  expect(await takeBack(CAPTURED.id, 'key-0002')).toEqual(fact)
  expect(all().filter(({ kind }) => kind === 'retract')).toHaveLength(1)
})

test('a captured reset is taken back, a second one not under the key of the first', async () => {
  const resets = [1, 2].map(i =>
    resetFact(1, i * 9_000, 'run-1', `hand.run-1.reset-00${i}`, 'hand')
  )
  const { takeBack } = desk([...driven, ...resets])
  expect(await takeBack(resets[0]!.id)).toMatchObject({ of: resets[0]!.id })
  expect((await refusalOf(takeBack(resets[1]!.id))).status).toBe(422)
})

test.each([
  ['a lap that nobody told', 'hand.run-1.unknown-1', 404],
  ["a machine's lap", 'run-1-2', 403],
  ['the beginning of a run', 'run.run-1', 409]
])('%s is not taken back', async (_what, of, status) => {
  const { takeBack } = desk()
  expect((await refusalOf(takeBack(of))).status).toBe(status)
})

test('what was submitted, or decided upon since, is the admins', async () => {
  const submitted = desk([...driven, clockFact('submit', 'run-1', 50_000)])
  expect((await refusalOf(submitted.takeBack(CAPTURED.id))).detail).toContain('submitted')
  const restored = desk()
  const back = await restored.takeBack(CAPTURED.id)
  restored.tell(retractionFact(CAPTURED.id, 'restore', MINUTE + 1))
  expect(await restored.takeBack(CAPTURED.id)).toEqual(back)
  expect(await refusalOf(restored.takeBack(CAPTURED.id, 'key-0002'))).toMatchObject(CONFLICT)
})

test('of two decisions on a lap at one time the second is refused', async () => {
  const { takeBack, ports, tell } = desk()
  const before = ports.readLedger
  ports.readLedger = async asked => {
    const known = await before(asked)
    const id = decisionId(CAPTURED.id, 0)
    tell(correctionFact(CAPTURED.id, { id }))
    return known
  }
  expect(await refusalOf(takeBack(CAPTURED.id))).toMatchObject(CONFLICT)
})

test('nothing is taken back in no race', async () => {
  const back = createTakeBack({ ...desk().ports, readLedger: async () => [] })
  const call = back({ raceId: 'nowhere', key: KEY, of: CAPTURED.id }, ADA)
  expect((await refusalOf(call)).status).toBe(404)
})
