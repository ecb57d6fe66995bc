import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldFacts } from '#race/facts'
import { publication } from '#race/publication'
import { foldReadings, type Reading } from '#race/readings'
import { packState, unpackState } from '#race/state'
import { closable, closeWindows, watermark } from '#race/window'
import {
  clockFact,
  correctionFact,
  entryFact,
  judgeFact,
  lapFact,
  laps,
  mergeFact,
  orderFact,
  protestFact,
  resetFact,
  retractionFact,
  runEndFact,
  runFact,
  settlementFact,
  statusFact,
  withdrawalFact
} from '../../stories/facts.ts'
import {
  aRace,
  DISTANCE,
  enter,
  FASTEST_LAP,
  GAME,
  GUN,
  OUTPUT,
  running
} from '../../stories/races.ts'
import { deliveries, field, played, reading } from '../../stories/readings.ts'

const RUNS = 200
/** What a state of 1,000 riders may take in the entity's store, in bytes of JSON. */
const STATE_MAX_BYTES = 48_000

const stored = (state: Parameters<typeof packState>[0]) => JSON.stringify(packState(state))

describe.each([
  ['distance', DISTANCE],
  ['output', OUTPUT],
  ['game', GAME]
] as const)('the state of a race by %s', (_, format) => {
  it('is packed, unpacked and packed again without a change, at any moment', () => {
    const plans = field(format).chain(deliveries)
    fc.assert(
      fc.property(plans, plan => {
        const state = running(aRace(format))
        for (const { partition, batch, now } of plan) {
          foldReadings(state, partition, batch, now)
          closeWindows(state, closable(state, watermark(state.partitions, now)))
        }
        const once = stored(state)
        const back = unpackState(JSON.parse(once))
        expect(stored(back)).toBe(once)
        expect(publication(back, 1, GUN)).toEqual(publication(state, 1, GUN))
      }),
      { numRuns: RUNS }
    )
  })
})

describe('the state of a race', () => {
  it('keeps laps, resets, runs, corrections, decisions of officials and the start list', () => {
    const state = running(aRace(FASTEST_LAP, { timedBy: 'sensor', allowedResets: 1 }))
    foldFacts(state, [
      entryFact(4),
      entryFact(5),
      withdrawalFact(5),
      resetFact(1, 3_000),
      resetFact(3, 20_000),
      runFact(1),
      runEndFact('run-1', 40_000),
      runFact(3),
      runEndFact('run-5', 40_000),
      ...laps(1, [16_000, 17_000]),
      { ...lapFact(3, 1, 18_000, 19_000), source: 'hand' },
      correctionFact('run-1-1', { lapMs: 15_000 }),
      statusFact(2, 'dns'),
      runFact(6, 'run-6', 0, { by: 'ada', proxy: true }),
      ...['ada', 'bo', 'ada'].map((by, i) =>
        lapFact(6, i, 4_000, i * 4_000, { run: 'run-6', source: 'hand', by })
      ),
      resetFact(6, 3_001, 'run-6', 'seen', 'hand'),
      clockFact('pause', 'run-6', 9_000),
      clockFact('submit', 'run-6', 9_001),
      retractionFact('run-6-2'),
      mergeFact(7, 6),
      orderFact([1, 3]),
      protestFact(1),
      protestFact(3),
      settlementFact('protest-1-60000')
    ])
    enter(state, 'provisional')
    const once = stored(state)
    const back = unpackState(JSON.parse(once))
    expect(stored(back)).toBe(once)
    expect(back).toEqual(state)
    expect(publication(back, 1, GUN)).toEqual(publication(state, 1, GUN))
  })

  it('keeps laps whatever their ids are', () => {
    const state = running(aRace(FASTEST_LAP))
    const ids = ['a', '~', '=', '~-1', '=~', 'hand.a.b', 'a-1-a', 'other', '=a', 'a~']
    foldFacts(
      state,
      ids.map((id, i) => lapFact(1, i, 4_000, 4_000, { run: 'a', id }))
    )
    expect(unpackState(JSON.parse(stored(state)))).toEqual(state)
  })

  it('of 100 racers with 40 laps each fits into 200,000 bytes of JSON', () => {
    const state = running(aRace(FASTEST_LAP))
    for (let bib = 1; bib <= 100; bib++) {
      const run = `evening-race-${bib}-k3f9x2`
      foldFacts(
        state,
        laps(bib, new Array(40).fill(15_000), run).map(lap => ({
          ...lap,
          id: `${run}-0-${lap.lap * 150}`
        }))
      )
    }
    const bytes = Buffer.byteLength(stored(state))
    console.info(`100 racers with 40 laps each: ${bytes} bytes`)
    expect(bytes).toBeLessThanOrEqual(200_000)
  })

  it('of before laps had a source has laps by telemetry', () => {
    const state = running(aRace(FASTEST_LAP))
    foldFacts(state, laps(1, [16_000]))
    const packed = packState(state)
    const before = [...state.laps.values()].map(({ source: _, ...lap }) => lap)
    expect(unpackState({ ...packed, laps: before })).toEqual(state)
  })

  it('of before sponsors, resets, withdrawals and limits of laps has none, and a start list that any fact overrules', () => {
    const state = running(aRace(FASTEST_LAP, { event: '', sponsor: '' }))
    foldFacts(state, [entryFact(4), entryFact(5), runFact(1), ...laps(1, [16_000])])
    const newer = [
      ...['entries', 'resets', 'retractions', 'merges', 'orders', 'clocks', 'submits'],
      ...['protests', 'settlements', 'event', 'sponsor', 'timedBy', 'maxLapMs', 'toleranceMs'],
      'classes'
    ]
    const before = JSON.stringify(packState(state), (key, value) =>
      newer.includes(key) ? undefined : value
    )
    const one = { laps: [...state.laps.values()], entered: [4, 5] }
    const back = unpackState({ ...JSON.parse(before), ...one })
    expect(back.race).toEqual(state.race)
    expect(publication(back, 1, GUN)).toEqual(publication(state, 1, GUN))
    foldFacts(back, [entryFact(4), withdrawalFact(5)])
    foldFacts(state, [entryFact(4), withdrawalFact(5)])
    expect(packState(back)).toEqual(packState(state))
  })

  it('of a game before trials, held values and records knows the first trial alone', () => {
    const state = running(aRace(GAME))
    foldReadings(
      state,
      '0',
      [1, 2, 9].map(bib => reading(GAME, bib, 1_500, 900 + bib)),
      GUN
    )
    const { ties, heldBack, judgements, records, ...packed } = packState(state)
    expect([ties, heldBack, judgements, records]).toEqual([[], [], [], []])
    const newer = ['registration', 'lateJoin', 'trials', 'idleMs', 'unlisted']
    const race = Object.entries(packed.race).filter(([key]) => !newer.includes(key))
    // Eleven columns of nine riders: all but the last two.
    const columns = Buffer.from(packed.columns, 'base64').subarray(0, 11 * 9 * 4)
    const before = {
      ...packed,
      race: Object.fromEntries(race),
      columns: columns.toString('base64')
    }
    const back = unpackState(JSON.parse(JSON.stringify(before)))
    expect(back).toEqual(unpackState(packState(state)))
    foldReadings(back, '0', [reading(GAME, 1, 2_500, 905)], GUN)
    expect(publication(back, 1, GUN).head.records).toEqual([])
  })

  it('keeps trials that tie, what is held, what was judged and records that fell', () => {
    const state = running(aRace(GAME))
    const tied = [0, 1, 2].map(trial => ({
      ...reading(GAME, 3, trial * 1_000, 0),
      figures: played(600, trial, 2, 1, trial)
    }))
    const held = { ...reading(GAME, 3, 9_000, 0), figures: played(9_000, 3, 1) }
    foldReadings(state, '0', [...tied, held], GUN)
    closeWindows(state, 9)
    foldFacts(state, [judgeFact(3, 8_000, true)])
    state.records = [{ bib: 3, class: '', value: 8_000, before: null }]
    expect([state.ties.size, state.heldBack.size, state.judgements.size]).toEqual([1, 1, 1])
    const back = unpackState(JSON.parse(stored(state)))
    expect(stored(back)).toBe(stored(state))
    expect(publication(back, 1, GUN)).toEqual(publication(state, 1, GUN))
  })

  it('of 1,000 riders, one reading in twenty out of order, fits into 48,000 bytes of JSON', () => {
    const timetable = { ...aRace(DISTANCE).timetable, durationMs: 300_000 }
    const state = running(aRace(DISTANCE, { timetable }))
    const session = 1_800_000_000
    const isHeld = (bib: number, second: number) => (bib + second) % 20 === 0
    for (let second = 0; second < 300; second++) {
      const ridden = (bib: number, seq: number) =>
        reading(DISTANCE, bib, seq * 1_000 + (bib % 1_000), seq * 8_000 + bib, { seq, session })
      const batch: Reading[] = []
      for (let bib = 1; bib <= 1_000; bib++) {
        if (!isHeld(bib, second)) batch.push(ridden(bib, second))
        if (second > 1 && isHeld(bib, second - 2)) batch.push(ridden(bib, second - 2))
      }
      foldReadings(state, '3', batch, GUN + second * 1_000)
    }
    expect(state.folded).toBe(300_000 - 100)
    expect(state.fences.holes.size).toBe(50)
    const bytes = Buffer.byteLength(stored(state))
    console.info(`1,000 riders after 300 s with 5% out of order: ${bytes} bytes`)
    expect(bytes).toBeLessThanOrEqual(STATE_MAX_BYTES)
  })
})
