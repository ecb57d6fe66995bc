import { describe, expect, it } from 'vitest'
import type { Fact } from '#contract'
import { NOTICE_MS } from '#race/phase'
import { DRAIN_POLL_MS } from '../../../functions/stages/life.ts'
import { officialFact } from '../../stories/facts.ts'
import { ATTENDED, atWait, live, opening, TIMETABLED } from '../../stories/lives.ts'
import { aRace, DISTANCE, DURATION_MS, FASTEST_LAP, FLAG, GUN } from '../../stories/races.ts'

const drain = (stepped: ReturnType<typeof live>) => {
  stepped.untilWait()
  stepped.answer()
  expect(stepped.present()).toEqual({ ask: 'marks' })
  stepped.answer([7, 9])
  expect(stepped.present()).toEqual({ ask: 'drained', marks: [7, 9] })
  stepped.answer(true)
}

describe('a timetabled race', () => {
  it('lives by the clock alone from its opening to its official result', () => {
    const race = live(TIMETABLED)
    const waits: unknown[] = []
    const next = () => {
      waits.push(race.untilWait())
      race.answer()
    }
    next()
    next()
    next()
    next()
    drain(race)
    next()
    race.untilWait()
    expect(race.isOver()).toBe(true)
    expect(race.phases()).toEqual([
      'open',
      'countdown',
      'running',
      'finishing',
      'provisional',
      'official'
    ])
    expect(waits).toEqual([
      { ask: 'wait', for: ['open', 'configure', 'abort'], until: GUN - 60_000 },
      { ask: 'wait', for: ['abort'], until: GUN - 10_000 },
      { ask: 'wait', for: ['start', 'abort'], until: GUN },
      { ask: 'wait', for: ['close', 'abort', 'extend'], until: FLAG },
      { ask: 'wait', for: ['confirm'], until: FLAG + 20_000 + 60_000 }
    ])
  })

  it('tells each phase with the gun, the flag and when it ends by itself', () => {
    const race = atWait(TIMETABLED, 4)
    race.answer()
    drain(race)
    race.untilWait()
    const told = race.asked.flatMap(one => (one.ask === 'enter' ? [one.change] : []))
    expect(
      told.map(({ phase, startsAt, endsAt, phaseEndsAt }) => [phase, startsAt, endsAt, phaseEndsAt])
    ).toEqual([
      ['open', GUN, FLAG, GUN],
      ['countdown', GUN, FLAG, GUN],
      ['running', GUN, FLAG, FLAG],
      ['finishing', GUN, FLAG, FLAG + 20_000],
      ['provisional', GUN, FLAG, FLAG + 80_000]
    ])
  })

  it('that is started early counts down to a gun that every fold knows of', () => {
    const race = atWait(TIMETABLED, 3)
    race.answer(officialFact('start', -8_000))
    const startsAt = GUN - 8_000 + NOTICE_MS
    expect(race.present()).toMatchObject({ change: { phase: 'countdown', startsAt } })
    race.answer()
    expect(race.present()).toEqual({ ask: 'wait', for: ['abort'], until: startsAt })
    race.answer()
    expect(race.present()).toMatchObject({
      ask: 'enter',
      change: { phase: 'running', startsAt, endsAt: startsAt + DURATION_MS }
    })
  })

  it('of laps that is closed early ends at that instant', () => {
    const race = atWait(aRace(FASTEST_LAP), 4)
    race.answer(officialFact('close', 9_000))
    expect(race.present()).toMatchObject({
      change: { phase: 'finishing', endsAt: GUN + 9_000, phaseEndsAt: GUN + 29_000 }
    })
  })

  it('of riders that is closed early ends when every fold knows of it, so that none counts more than another', () => {
    const race = atWait(TIMETABLED, 4)
    race.answer(officialFact('close', 9_000))
    const endsAt = GUN + 9_000 + NOTICE_MS
    expect(race.present()).toMatchObject({
      change: { phase: 'finishing', endsAt, phaseEndsAt: endsAt + 20_000 }
    })
  })

  it('of riders that is closed just before its flag ends at its flag, which every fold knows', () => {
    const race = atWait(TIMETABLED, 4)
    race.answer(officialFact('close', DURATION_MS - 500))
    expect(race.present()).toMatchObject({ change: { phase: 'finishing', endsAt: FLAG } })
  })

  it('is provisional only when all that reached the hub by the end of the backlog was handed on', () => {
    const race = atWait(TIMETABLED, 5)
    expect(race.wait).toEqual({ ask: 'wait', for: [], until: FLAG + 20_000 })
    race.answer()
    race.answer([3])
    for (let tries = 0; tries < 3; tries++) {
      expect(race.present()).toEqual({ ask: 'drained', marks: [3] })
      race.answer(false)
      expect(race.present()).toEqual({ ask: 'pause', ms: DRAIN_POLL_MS })
      race.answer()
    }
    expect(race.phases().at(-1)).toBe('finishing')
    race.answer(true)
    expect(race.present()).toMatchObject({ ask: 'enter', change: { phase: 'provisional' } })
  })

  it('freezes the configuration of the open fact, whatever was planned', () => {
    const changed = aRace(DISTANCE, { name: 'Renamed', capacity: 5 })
    const race = live(TIMETABLED)
    race.untilWait()
    race.answer(opening(changed))
    expect(race.present()).toMatchObject({ ask: 'enter', change: { race: { name: 'Renamed' } } })
    const byItself = live(TIMETABLED)
    byItself.untilWait()
    byItself.answer()
    expect(byItself.present()).toEqual({ ask: 'open' })
    byItself.answer(changed)
    expect(byItself.present()).toMatchObject({ change: { race: { capacity: 5 } } })
  })
})

describe('a race that is put right before it opens', () => {
  it('opens when the latest configuration says, however often it changed', () => {
    const race = live(TIMETABLED)
    race.untilWait()
    for (const opensAt of [GUN - 40_000, GUN - 30_000]) {
      const later = { ...TIMETABLED, timetable: { ...TIMETABLED.timetable, opensAt } }
      race.answer({
        ...officialFact('start', 0),
        kind: 'configure',
        race: later,
        before: TIMETABLED
      })
      expect(race.present()).toMatchObject({ ask: 'wait', until: opensAt })
    }
    race.answer()
    expect(race.present()).toEqual({ ask: 'open' })
  })
})

describe('an attended race', () => {
  it('waits for its officials at each step, without end', () => {
    const race = live(ATTENDED)
    const ask = (...kinds: Fact['kind'][]) =>
      expect(race.untilWait()).toEqual({ ask: 'wait', for: kinds, until: null })
    ask('open', 'configure', 'abort')
    race.answer(opening(ATTENDED))
    ask('start', 'abort')
    race.answer(officialFact('start', -NOTICE_MS))
    race.untilWait()
    race.answer()
    ask('close', 'abort', 'extend')
    race.answer(officialFact('close', 50_000))
    drain(race)
    ask('confirm')
    const { change } = race.asked.findLast(request => request.ask === 'enter')!
    expect(change).toMatchObject({ phase: 'provisional', phaseEndsAt: change.endsAt! + 80_000 })
    race.answer(officialFact('confirm', 90_000))
    race.untilWait()
    expect(race.isOver()).toBe(true)
    expect(race.phases()).toEqual([
      'open',
      'countdown',
      'running',
      'finishing',
      'provisional',
      'official'
    ])
    expect(race.asked.at(-2)).toMatchObject({
      change: { phase: 'official', startsAt: GUN, endsAt: GUN + 50_000 + NOTICE_MS }
    })
  })
})

describe('the gun of an attended ride', () => {
  it('is told ahead, so that no reading after it meets a fold that does not know of it', () => {
    const race = live(ATTENDED)
    race.untilWait()
    race.answer(opening(ATTENDED))
    race.untilWait()
    race.answer(officialFact('start', 0))
    const told = race.present()
    if (!told || typeof told === 'string' || told.ask !== 'enter') throw new Error('not entered')
    expect(told.change).toMatchObject({ phase: 'countdown', startsAt: GUN + NOTICE_MS })
  })
})

describe('an abort', () => {
  const phasesBefore = [[], ['open'], ['open', 'countdown'], ['open', 'countdown', 'running']]

  it.each([1, 2, 3, 4])('at the wait number %i ends the life there', number => {
    const race = atWait(TIMETABLED, number)
    race.answer(officialFact('abort', 123))
    race.untilWait()
    expect(race.isOver()).toBe(true)
    expect(race.present()).toBe('aborted')
    expect(race.phases()).toEqual([...phasesBefore[number - 1]!, 'aborted'])
    expect(race.asked.at(-1)).toMatchObject({ change: { endsAt: GUN + 123, phaseEndsAt: null } })
  })

  it('is no longer waited for after the flag', () => {
    const race = atWait(TIMETABLED, 5)
    expect(race.wait).not.toMatchObject({ for: ['abort'] })
  })
})
