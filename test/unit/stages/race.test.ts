import { describe, expect, it } from 'vitest'
import type { Phase } from '#contract'
import type { PhaseChange } from '#race/phase'
import { pageId } from '#race/publication'
import { HEARTBEAT_MS, PUBLISH_EVERY_MS } from '../../../functions/stages/race.ts'
import { packReadings, type RaceOperation } from '../../../functions/stages/raceSignal.ts'
import { laps, runEndFact, runFact, statusFact } from '../../stories/facts.ts'
import { aRace, DISTANCE, FASTEST_LAP, FLAG, GUN } from '../../stories/races.ts'
import { reading } from '../../stories/readings.ts'
import { anEntity, aRaceStore } from '../../stories/store.ts'

const TICK: RaceOperation = { name: 'tick' }
const phase = (name: Phase, race = aRace(DISTANCE)): RaceOperation => ({
  name: 'phase',
  input: { phase: name, race, startsAt: GUN, endsAt: FLAG, phaseEndsAt: null } satisfies PhaseChange
})
const lapPhase = (name: Phase) => phase(name, aRace(FASTEST_LAP))
const facts = (...input: Extract<RaceOperation, { name: 'facts' }>['input']): RaceOperation => ({
  name: 'facts',
  input
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

describe('a race publishes', () => {
  it('each phase at once, pages before the head', async () => {
    const { store, entity } = await raceAt(GUN)
    await entity.hears(ridden(1, 100, 900))
    store.calls.length = 0
    expect(await entity.hears(phase('provisional'))).toBe(true)
    expect(store.calls).toEqual(['writePages', 'writeHead', 'writeResult'])
    expect(store.heads.map(({ phase }) => phase)).toEqual(['running', 'provisional'])
    expect(store.heads.at(-1)!.top.map(({ bib, value }) => [bib, value])).toEqual([[1, 900]])
  })

  it('at most every 950 ms however many signals come', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    const published: number[] = []
    for (let ms = 10; ms <= 5_000; ms += 10) {
      store.clock.now = GUN + ms
      const before = store.heads.length
      await entity.hears(facts(...laps(1, [1_000 + ms], `run-${ms}`)))
      if (store.heads.length > before) published.push(ms)
    }
    expect(published).toEqual([1, 2, 3, 4, 5].map(n => n * PUBLISH_EVERY_MS))
  })

  it('each window of a ride at a tick when nobody sends, and nothing when no window may close', async () => {
    const { store, entity } = await raceAt(GUN)
    await entity.hears(ridden(1, 100, 900))
    store.clock.now = GUN + 2_249
    await entity.hears(TICK)
    expect(store.heads).toHaveLength(1)
    store.clock.now = GUN + 2_250
    expect(await entity.hears(TICK)).toBe(true)
    expect(store.heads.at(-1)).toMatchObject({ window: 0, top: [{ value: 900 }] })
  })

  it('that a run has begun and ended, no more often than laps', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    const racing = () => store.heads.at(-1)!.racing.map(({ runId }) => runId)
    await entity.hears(facts(runFact(7, 'r')))
    expect(racing()).toEqual([])
    store.clock.now = GUN + PUBLISH_EVERY_MS
    await entity.hears(TICK)
    expect(racing()).toEqual(['r'])
    store.clock.now += PUBLISH_EVERY_MS
    await entity.hears(facts(runEndFact('r', 900)))
    expect(racing()).toEqual([])
  })

  it('nothing on a tick of a quiet time trial', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('open'))
    store.clock.now += 5_000
    await entity.hears(TICK)
    expect(store.heads).toHaveLength(1)
  })

  it('a sign of life of a time trial that runs, which keeps no lap waiting', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    store.clock.now = GUN + HEARTBEAT_MS - 1
    await entity.hears(TICK)
    expect(store.heads).toHaveLength(1)
    store.clock.now = GUN + HEARTBEAT_MS
    await entity.hears(TICK)
    expect(store.heads).toHaveLength(2)
    store.clock.now++
    await entity.hears(facts(...laps(1, [900])))
    expect(store.heads.at(-1)).toMatchObject({ top: [{ value: 900 }] })
  })
})

describe('a publication that failed', () => {
  it.each(['writePages', 'writeHead'] as const)(
    'at %s leaves the race unpublished and is made good at the next tick',
    async call => {
      const { store, entity } = await raceAt(GUN, lapPhase('running'))
      store.clock.now = GUN + 1_000
      store.failing.add(call)
      expect(await entity.hears(facts(...laps(1, [900])))).toBe(false)
      expect(await entity.hears(TICK)).toBe(false)
      expect(store.warnings).toHaveLength(2)
      store.failing.clear()
      expect(await entity.hears(TICK)).toBe(true)
      expect(store.heads.at(-1)!.top[0]).toMatchObject({ value: 900 })
    }
  )

  it('of a running ride is made good at the next tick too, not with the next window', async () => {
    const { store, entity } = await raceAt(GUN)
    await entity.hears(ridden(1, 100, 900))
    store.clock.now = GUN + 2_250
    store.failing.add('writeHead')
    expect(await entity.hears(TICK)).toBe(false)
    store.failing.clear()
    store.clock.now += 10
    expect(await entity.hears(TICK)).toBe(true)
  })

  it('of a phase answers that the board does not show it, so that its orchestration asks again', async () => {
    const { store, entity } = await raceAt(GUN)
    store.failing.add('writePages')
    expect(await entity.hears(phase('finishing'))).toBe(false)
    store.failing.clear()
    expect(await entity.hears(phase('finishing'))).toBe(true)
  })

  it('at the final result stores it later, once', async () => {
    const { store, entity } = await raceAt(GUN)
    store.failing.add('writeResult')
    expect(await entity.hears(phase('provisional'))).toBe(false)
    store.failing.clear()
    store.clock.now += 1_000
    expect(await entity.hears(TICK)).toBe(true)
    expect(store.results.map(({ revision }) => revision)).toEqual([store.heads.at(-1)!.version])
  })
})

describe("another writer's head", () => {
  it('is adopted: the next version is higher and its pages lie in the other slots', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    const before = entity.memory()
    store.clock.now = GUN + 1_000
    await entity.hears(facts(...laps(1, [900])))
    const shown = store.heads.at(-1)!
    entity.restore(before)
    store.clock.now = GUN + 2_000
    expect(await entity.hears(facts(...laps(1, [900]), ...laps(2, [800])))).toBe(true)
    const next = store.heads.at(-1)!
    expect(next.version).toBe(shown.version + 1)
    for (const pages of ['rankPages', 'bibPages', 'lapPages'] as const) {
      const { slot } = shown[pages][0]!
      expect(next[pages]).toEqual([{ version: next.version, slot: 1 - slot }])
    }
    expect(next.top.map(({ bib }) => bib)).toEqual([2, 1])
  })

  it('that has folded more stays until the facts were delivered again', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    const before = entity.memory()
    store.clock.now = GUN + 1_000
    await entity.hears(facts(...laps(1, [900, 700])))
    const shown = store.heads.at(-1)
    entity.restore(before)
    store.clock.now = GUN + 2_000
    expect(await entity.hears(facts(...laps(1, [900])))).toBe(false)
    expect(store.heads.at(-1)).toBe(shown)
    store.clock.now = GUN + 3_000
    expect(await entity.hears(facts(...laps(1, [900, 700])))).toBe(true)
    expect(store.heads.at(-1)!.version).toBeGreaterThan(shown!.version)
  })

  it('keeps its pages too while this entity has forgotten what it folded', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    const before = entity.memory()
    store.clock.now = GUN + 1_000
    await entity.hears(facts(...laps(1, [900, 700])))
    const shown = store.heads.at(-1)!
    entity.restore(before)
    store.clock.now = GUN + 2_000
    await entity.hears(facts(...laps(1, [900])))
    expect(store.heads.at(-1)).toBe(shown)
    const { version, slot } = shown.rankPages[0]!
    const page = store.pages.get(pageId('rank', 0, slot))
    // Another version in the slot would send a reader back to the head; the same version with other rows deceives it.
    if (page?.version === version) expect(page).toMatchObject({ rows: shown.top })
  })

  it('of a version that this entity never heard of is never gone behind', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    store.heads.push({ ...store.heads[0]!, version: 500 })
    store.etag = 'from elsewhere'
    store.clock.now = GUN + 1_000
    expect(await entity.hears(facts(...laps(1, [900])))).toBe(true)
    expect(store.heads.at(-1)!.version).toBe(501)
  })
})

describe('the final result', () => {
  it('is stored once for each content and phase', async () => {
    const { store, entity } = await raceAt(GUN, lapPhase('running'))
    await entity.hears(facts(...laps(1, [900])))
    for (const next of ['provisional', 'provisional', 'official'] as const) {
      store.clock.now += 1_000
      await entity.hears(lapPhase(next))
      store.clock.now += 1_000
      await entity.hears(TICK)
    }
    expect(store.results.map(({ validity }) => validity)).toEqual(['provisional', 'official'])
    const shown = store.heads.map(({ version }) => version)
    for (const { revision } of store.results) expect(shown).toContain(revision)
  })

  it('has a new revision after a decision', async () => {
    const { store, entity } = await raceAt(FLAG, lapPhase('provisional'))
    for (const input of [laps(1, [900]), laps(2, [800]), [statusFact(2, 'dsq')]]) {
      store.clock.now += 1_000
      await entity.hears(facts(...input))
    }
    expect(store.results.map(({ rows }) => rows[0]?.bib)).toEqual([undefined, 1, 2, 1])
    const revisions = store.results.map(({ revision }) => revision)
    expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b))
  })

  it('of the highest revision is the one that holds when a decision was taken back', async () => {
    const { store, entity } = await raceAt(FLAG, lapPhase('provisional'))
    const steps = [laps(1, [900]), [statusFact(1, 'dsq', 1)], [statusFact(1, 'running', 2)]]
    for (const input of steps) {
      store.clock.now += 1_000
      await entity.hears(facts(...input))
    }
    expect(store.heads.at(-1)!.top[0]).toMatchObject({ bib: 1, rank: 1 })
    expect(store.results.at(-1)!.rows[0]).toMatchObject({ bib: 1, rank: 1 })
  })
})

describe('before a race has opened', () => {
  it('its facts wait and its readings are dead letters', async () => {
    const store = aRaceStore(GUN - 1_000)
    const entity = anEntity(store)
    expect(await entity.hears(facts(...laps(1, [900])))).toBe(false)
    expect(await entity.hears(ridden(1, 100, 5))).toBe(false)
    expect(await entity.hears(TICK)).toBe(false)
    expect(store.heads).toEqual([])
    expect(store.letters).toMatchObject([{ reason: 'no-race', source: 'evening-race.1' }])
    await entity.hears(lapPhase('open'))
    expect(store.heads.at(-1)!.top).toMatchObject([{ bib: 1, value: 900 }])
  })
})

describe('dead letters', () => {
  it('that the store did not take are kept and tried again with the next operation', async () => {
    const { store, entity } = await raceAt(GUN)
    store.failing.add('deadLetter')
    await entity.hears(ridden(1, -5_000, 5))
    await entity.hears(TICK)
    expect(store.letters).toEqual([])
    store.failing.clear()
    await entity.hears(TICK)
    await entity.hears(TICK)
    expect(store.letters.map(({ id, reason }) => [id, reason])).toEqual([
      ['evening-race.1-1-0-before-start', 'before-start']
    ])
  })

  it('never stop the board', async () => {
    const { store, entity } = await raceAt(GUN)
    store.failing.add('deadLetter')
    for (let i = 0; i < 300; i++) await entity.hears(ridden(1, -5_000 - i, 5))
    expect(entity.state().unreported.length).toBeLessThanOrEqual(100)
    expect(await entity.hears(phase('finishing'))).toBe(true)
  })
})
