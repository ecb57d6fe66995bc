import { expect, test } from 'vitest'
import type { Fact } from '#contract'
import { createQueue } from '../../../functions/stages/queue.ts'
import { entryFact, lapFact, officialFact } from '../../stories/facts.ts'
import { aLedgerStore, openFact } from '../../stories/ledger.ts'
import { aRace, DISTANCE, FASTEST_LAP, GUN } from '../../stories/races.ts'

const race = aRace(FASTEST_LAP)
const name = (bib: number, name: string) => ({ bib, name, country: '', class: '' })
const problem = (status: number, text: string) => ({
  problem: expect.objectContaining({ status, detail: expect.stringContaining(text) })
})

test('the queue has the names of the directory and the time of the server', async () => {
  const facts = [openFact(race), entryFact(1), entryFact(2)]
  const queue = createQueue(aLedgerStore(facts, { names: [name(2, 'Ada')] }))
  expect(await queue('evening-race')).toMatchObject({
    asOf: GUN + 60_000,
    racers: [
      { bib: 1, name: '' },
      { bib: 2, name: 'Ada' }
    ]
  })
})

test('the rules are those under which the race was opened', async () => {
  const opened = aRace(FASTEST_LAP, { runMs: 180_000, allowedResets: 2, classes: ['PRO'] })
  const queue = createQueue(aLedgerStore([openFact(opened)], { race }))
  expect(await queue('evening-race')).toMatchObject({
    ...{ runMs: 180_000, allowedResets: 2, classes: ['PRO'] }
  })
})

test('the phase goes by the clock, although no fact tells of it', async () => {
  const queue = createQueue(aLedgerStore([openFact(race), entryFact(1)]))
  expect(await queue('evening-race')).toMatchObject({ racers: [{ status: 'dns' }] })
})

test('what a device told ahead of our clock is there already', async () => {
  const attended = aRace(FASTEST_LAP, {
    attended: true,
    timetable: { countdownMs: 0, backlogMs: 0, protestMs: 0 }
  })
  const facts = [openFact(attended), officialFact('start', 0), lapFact(1, 1, 3_000, 60_001)]
  const queue = createQueue(aLedgerStore(facts))
  expect(await queue('evening-race')).toMatchObject({ runs: [{ laps: [{ state: 'counts' }] }] })
})

test('races that do not exist, are not open yet or have no laps are refused each with its reason', async () => {
  const ask = (facts: Fact[], races = {}) => createQueue(aLedgerStore(facts, races))('evening-race')
  await expect(ask([])).rejects.toMatchObject(problem(404, 'no race'))
  await expect(ask([], { race })).rejects.toMatchObject(problem(409, 'not open yet'))
  await expect(ask([entryFact(1)])).rejects.toMatchObject(problem(409, 'not open yet'))
  const ride = openFact(aRace(DISTANCE))
  await expect(ask([ride])).rejects.toMatchObject(problem(404, 'counted by readings'))
})

test('a failed service is no answer', async () => {
  const ports = aLedgerStore([openFact(race)])
  const failing = async () => Promise.reject(new Error('away'))
  await expect(createQueue({ ...ports, readFacts: failing })('evening-race')).rejects.toThrow(
    'away'
  )
  await expect(createQueue({ ...ports, readDirectory: failing })('evening-race')).rejects.toThrow(
    'away'
  )
})
