import { describe, expect, it } from 'vitest'
import type { Phase } from '#contract'
import { packReadings, type RaceOperation } from '../../../functions/stages/raceSignal.ts'
import { aRace, DISTANCE, FLAG, GUN } from '../../stories/races.ts'
import { reading } from '../../stories/readings.ts'
import { anEntity, aRaceStore } from '../../stories/store.ts'

const TICK: RaceOperation = { name: 'tick' }
const phase = (name: Phase, startsAt: number | null = GUN, endsAt = FLAG): RaceOperation => ({
  name: 'phase',
  input: { phase: name, race: aRace(DISTANCE), startsAt, endsAt, phaseEndsAt: endsAt }
})
const ridden = (bib: number, ms: number, value: number): RaceOperation => ({
  name: 'readings',
  input: packReadings('0', [reading(DISTANCE, bib, ms, value)])
})

async function raceAt(now: number, opening = phase('running')) {
  const store = aRaceStore(now)
  const entity = anEntity(store)
  await entity.hears(opening)
  return { store, entity }
}

describe('an abort', () => {
  it('is on the board at once, so that riders hear it, and no reading counts from then on', async () => {
    const { store, entity } = await raceAt(GUN)
    store.clock.now += 10
    await entity.hears(phase('aborted'))
    expect(store.heads.map(({ phase }) => phase)).toEqual(['running', 'aborted'])
    for (const ms of [-1, 0, 5_000, 300_000]) await entity.hears(ridden(1, ms, 5))
    expect(store.letters.map(({ reason }) => reason)).toEqual([
      'before-start',
      'aborted',
      'aborted',
      'aborted'
    ])
    expect(entity.state().folded).toBe(0)
  })

  it('of a race that never had a start leaves nothing to count either', async () => {
    const { store, entity } = await raceAt(GUN, phase('aborted', null, GUN))
    await entity.hears(ridden(1, 100, 5))
    expect(store.letters.map(({ reason }) => reason)).toEqual(['aborted'])
  })
})

describe('the start', () => {
  it('is on the board of a timetabled race from its opening on', async () => {
    const { store } = await raceAt(GUN - 60_000, phase('open'))
    expect(store.heads[0]).toMatchObject({ phase: 'open', startsAt: GUN })
  })
})

describe('a new end of a race that runs', () => {
  it('is on the board, and what was measured before it counts', async () => {
    const { store, entity } = await raceAt(FLAG - 4_000)
    await entity.hears(phase('running', GUN, FLAG + 60_000))
    expect(store.heads.at(-1)).toMatchObject({ phase: 'running', endsAt: FLAG + 60_000 })
    store.clock.now = FLAG + 30_000
    await entity.hears(ridden(1, FLAG - GUN + 25_000, 900))
    await entity.hears(ridden(1, FLAG - GUN + 60_001, 950))
    expect(store.letters.map(({ reason }) => reason)).toEqual(['after-end'])
    store.clock.now = FLAG + 62_000
    await entity.hears(TICK)
    expect(store.heads.at(-1)).toMatchObject({ window: 79, top: [{ bib: 1, value: 900 }] })
  })
})

describe('after the life of the race', () => {
  it('what changes is on the board at once, as nothing ticks any more', async () => {
    const { store, entity } = await raceAt(FLAG + 1, phase('finishing'))
    await entity.hears(phase('official'))
    store.clock.now += 10
    await entity.hears(ridden(1, 5_000, 700))
    store.clock.now += 10
    await entity.hears(ridden(2, 5_000, 800))
    const [first, second] = store.heads.slice(-2)
    expect(first).toMatchObject({ phase: 'official', top: [{ bib: 1 }] })
    expect(second).toMatchObject({ phase: 'official', top: [{ bib: 2 }, { bib: 1 }] })
  })
})

describe('records that fell', () => {
  const records: RaceOperation = {
    name: 'records',
    input: [{ bib: 1, class: '', value: 900, before: 800 }]
  }

  it('are on the board at once, and saying so again changes nothing', async () => {
    const { store, entity } = await raceAt(FLAG, phase('official'))
    expect(store.heads.at(-1)!.records).toEqual([])
    store.clock.now += 10
    expect(await entity.hears(records)).toBe(true)
    expect(store.heads.at(-1)!.records).toEqual(records.input)
    const { length } = store.heads
    const finals = store.results.length
    await entity.hears(records)
    expect([store.heads.length, store.results.length]).toEqual([length, finals])
  })

  it('that could not be published are at the next word of them', async () => {
    const { store, entity } = await raceAt(FLAG, phase('official'))
    store.failing.add('writeHead')
    expect(await entity.hears(records)).toBe(false)
    store.failing.clear()
    expect(await entity.hears(records)).toBe(true)
    expect(store.heads.at(-1)!.records).toHaveLength(1)
  })
})
