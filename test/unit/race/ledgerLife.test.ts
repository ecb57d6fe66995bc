import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact, Race } from '#contract'
import { stateOf } from '#race/ledgerState'
import type { PhaseChange } from '#race/phase'
import { life } from '../../../functions/stages/life.ts'
import { extendFact, lapFact, officialFact } from '../../stories/facts.ts'
import { ledgerOf, openFact } from '../../stories/ledger.ts'
import { aRace, DISTANCE, FASTEST_LAP, FLAG, GAME, GUN } from '../../stories/races.ts'

const timetabled = aRace(FASTEST_LAP)
const attended = aRace(FASTEST_LAP, {
  attended: true,
  timetable: { countdownMs: 10_000, backlogMs: 20_000, protestMs: 60_000 }
})
/** The phase and instants of a race that was opened a minute before the gun, `ms` after the gun. */
function at(race: Race, ms: number, facts: Fact[] = []) {
  const ledger = stateOf([...facts, openFact(race)], GUN + ms)
  if (typeof ledger === 'string') return ledger
  const { phase, startsAt, endsAt } = ledger.state
  return [phase, startsAt, endsAt]
}

/** Lives the race's life with everything told by `until`, as the orchestration does, on a clock that leaps; its last phase. */
function lived(race: Race, facts: Fact[], until: number): PhaseChange | undefined {
  const steps = life()
  const unheard = facts.filter(fact => fact.at <= until).sort((a, b) => a.at - b.at)
  let now = 0
  let last: PhaseChange | undefined
  let step = steps.next()
  while (!step.done) {
    const request = step.value
    let answer: Race | Fact | boolean | number[] | undefined
    if (request.ask === 'plan' || request.ask === 'open') answer = race
    if (request.ask === 'drained') answer = true
    if (request.ask === 'enter') last = request.change
    if (request.ask === 'wait') {
      const ends = Math.max(now, request.until ?? Number.POSITIVE_INFINITY)
      const heard = unheard.findIndex(
        ({ kind, at }) => request.for.includes(kind) && (at <= now || at < ends)
      )
      const [fact] = heard < 0 ? [] : unheard.splice(heard, 1)
      now = Math.max(now, fact?.at ?? ends)
      if (now > until) return last
      answer = fact
    }
    step = steps.next(answer)
  }
  return last
}

test('a timetabled race goes by the clock from its opening to its official result', () => {
  const phases = [-60_000, -10_001, -10_000, -1, 0, 19_999, 20_000, 39_999, 40_000, 99_999, 100_000]
  expect(phases.map(ms => at(timetabled, ms)[0])).toEqual([
    'open',
    'open',
    'countdown',
    'countdown',
    'running',
    'running',
    'finishing',
    'finishing',
    'provisional',
    'provisional',
    'official'
  ])
  expect(at(timetabled, 100_000)).toEqual(['official', GUN, FLAG])
})

test('an attended race goes by what officials said, and waits for them', () => {
  const facts = [officialFact('start', 5_000), officialFact('close', 90_000)]
  expect(at(attended, 4_999, facts)).toEqual(['open', null, null])
  expect(at(attended, 5_000, facts)).toEqual(['running', GUN + 5_000, null])
  expect(at(attended, 89_999, facts)).toEqual(['running', GUN + 5_000, null])
  expect(at(attended, 90_000, facts)).toEqual(['finishing', GUN + 5_000, GUN + 90_000])
  expect(at(attended, 9_000_000, facts)[0]).toBe('provisional')
  const signed = [...facts, officialFact('confirm', 200_000)]
  expect(at(attended, 199_999, signed)[0]).toBe('provisional')
  expect(at(attended, 200_000, signed)[0]).toBe('official')
})

test('a race that was aborted is over at that instant, and one that had ended is not aborted any more', () => {
  expect(at(timetabled, 5_000, [officialFact('abort', 5_000)])).toEqual([
    'aborted',
    GUN,
    GUN + 5_000
  ])
  expect(at(timetabled, 50_000, [officialFact('abort', 25_000)])[0]).toBe('provisional')
  expect(at(timetabled, 0, [officialFact('abort', -70_000)])).toEqual([
    'aborted',
    null,
    GUN - 70_000
  ])
})

test('at one instant the clock is first', () => {
  expect(at(timetabled, 20_000, [officialFact('abort', 20_000)])[0]).toBe('finishing')
})

test('there is no state before the opening, and none of races that are counted by readings', () => {
  expect(at(timetabled, -60_001)).toBe('not-open')
  expect(stateOf([])).toBe('not-open')
  expect(at(aRace(DISTANCE), 0)).toBe('by-readings')
  expect(at(aRace(GAME), 0)).toBe('by-readings')
})

test('a race of laps ends when it was moved to at last, and no sooner than three seconds after that was said', () => {
  const later = [extendFact(60_000, 10_000), extendFact(40_000, 15_000)]
  expect(at(timetabled, 39_999, later)).toEqual(['running', GUN, GUN + 40_000])
  expect(at(timetabled, 40_000, later)).toEqual(['finishing', GUN, GUN + 40_000])
  const past = [extendFact(5_000, 10_000)]
  expect(at(timetabled, 12_999, past)[0]).toBe('running')
  expect(at(timetabled, 13_000, past)).toEqual(['finishing', GUN, GUN + 13_000])
})

test('a lap that was captured or added later is not known before the ledger got it', () => {
  const late = { ...lapFact(1, 1, 3_000, 3_000), recordedAt: GUN + 9_000 }
  const lapsAt = (ms: number) => ledgerOf(timetabled, [late], GUN + ms).state.laps.size
  expect([lapsAt(3_000), lapsAt(8_999), lapsAt(9_000)]).toEqual([0, 0, 1])
})

test('facts from later are not known yet; without an instant the race is as at its latest fact', () => {
  const facts = [openFact(timetabled), lapFact(1, 1, 3_000, 3_000), lapFact(1, 2, 3_000, 6_000)]
  const lapsAt = (until?: number) => {
    const ledger = stateOf(facts, until)
    return typeof ledger === 'string' ? ledger : [ledger.state.laps.size, ledger.state.phase]
  }
  expect(lapsAt(GUN + 5_999)).toEqual([1, 'running'])
  expect(lapsAt(GUN + 6_000)).toEqual([2, 'running'])
  expect(lapsAt()).toEqual([2, 'running'])
})

test('the phase at any instant is the one that the life of the race is in', () => {
  const instant = fc.integer({ min: -70, max: 120 }).map(s => s * 1_000 + 500)
  const official = fc
    .tuple(fc.constantFrom('start', 'close', 'abort', 'confirm'), instant)
    .map(([kind, ms]) => officialFact(kind, ms))
  const extension = fc
    .tuple(instant, fc.integer({ min: -20, max: 60 }))
    .map(([ms, ahead]) => extendFact(ms + ahead * 1_000, ms))
  const facts = fc
    .tuple(
      fc.uniqueArray(official, { maxLength: 4, selector: ({ kind }) => kind }),
      fc.array(extension, { maxLength: 3 })
    )
    .map(parts => parts.flat())
    .map(facts => facts.filter((a, i) => facts.findIndex(b => b.at === a.at) === i))
  const races = fc.constantFrom(
    timetabled,
    attended,
    aRace(FASTEST_LAP, { attended: true }),
    aRace(FASTEST_LAP, { timetable: { countdownMs: 5_000, backlogMs: 1_000, protestMs: 0 } }),
    aRace(FASTEST_LAP, { timetable: { ...attended.timetable, durationMs: 20_000 } })
  )
  const opened = fc.constantFrom(-60_000, 5_000)
  fc.assert(
    fc.property(races, facts, opened, instant, (race, said, open, ms) => {
      const until = GUN + Math.max(ms, open)
      const opening = openFact(race, open)
      const ledger = stateOf([...said, opening], until)
      if (typeof ledger === 'string') throw new Error(ledger)
      const { opensAt: _, ...timetable } = race.timetable
      const phase = lived({ ...race, timetable }, [...said, opening], until)
      const { startsAt, endsAt, phaseEndsAt } = ledger.state
      expect({ phase: ledger.state.phase, startsAt, endsAt, phaseEndsAt }).toEqual({
        phase: phase?.phase,
        startsAt: phase?.startsAt,
        endsAt: phase?.endsAt,
        phaseEndsAt: phase?.phaseEndsAt
      })
    }),
    { numRuns: 500 }
  )
})
