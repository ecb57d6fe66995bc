import { describe, expect, it } from 'vitest'
import type { CarState } from '../../../functions/stages/car.ts'
import type { CarOperation } from '../../../functions/stages/runSignal.ts'
import { aCar, ROUND_COURSE } from '../../stories/cars.ts'
import { GUN } from '../../stories/races.ts'

const run = (runId = 'run-1', at = GUN): CarOperation => ({
  name: 'run',
  input: { runId, raceId: 'evening-race', bib: 3, at, course: ROUND_COURSE }
})
const runEnd = (at: number, runId = 'run-1'): CarOperation => ({
  name: 'runEnd',
  input: { runId, at }
})

describe('signals out of turn', () => {
  it('of an earlier run do not take the car back', async () => {
    const { hears, state } = aCar()
    await hears(run('run-2', GUN + 60_000), run('run-1', GUN), runEnd(GUN + 50_000, 'run-1'))
    expect(state().runs).toMatchObject([
      { runId: 'run-1', endedAt: GUN + 50_000 },
      { runId: 'run-2', endedAt: null }
    ])
  })

  it('end a run whose end overtook its beginning', async () => {
    const { hears, state } = aCar()
    await hears(runEnd(GUN + 30_000), run())
    expect(state().runs).toMatchObject([{ runId: 'run-1', endedAt: GUN + 30_000 }])
  })

  it('of runs that nothing can come for any more are forgotten', async () => {
    const { clock, hears, state } = aCar()
    clock.now = GUN + 70_000
    await hears(run('run-1', GUN), runEnd(GUN + 30_000), run('run-2', GUN + 50_000))
    expect(state().runs.map(({ runId }) => runId)).toEqual(['run-1', 'run-2'])
    await hears(runEnd(GUN + 60_000, 'run-2'), run('run-3', GUN + 70_000))
    expect(state().runs.map(({ runId }) => runId)).toEqual(['run-2', 'run-3'])
  })

  it('end a run by the next one where its own end never came', async () => {
    const { hears, state } = aCar()
    await hears(run('run-1', GUN), run('run-2', GUN + 60_000))
    expect(state().runs.map(({ endedAt }) => endedAt)).toEqual([GUN + 60_000, null])
  })

  it('are known for sixteen runs at most', async () => {
    const { hears, state } = aCar()
    for (let i = 0; i < 40; i++) await hears(run(`run-${i}`, GUN + i))
    expect(state().runs).toHaveLength(16)
    expect(state().runs.at(-1)?.runId).toBe('run-39')
  })

  it('are taken from a state of before runs were a list', async () => {
    const old = { run: null, waiting: [], ended: [], unwritten: [], unreported: [] }
    const { hears, state } = aCar(old as unknown as CarState)
    await hears(run())
    expect(state().runs).toHaveLength(1)
  })
})
