import { describe, expect, it } from 'vitest'
import type { Fact, Race } from '#contract'
import { NOTICE_MS } from '#race/phase'
import { extendFact, officialFact } from '../../stories/facts.ts'
import { ATTENDED, atWait, live, opening, TIMETABLED } from '../../stories/lives.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

describe('the end of a race that runs', () => {
  /** Steps a race to its running, then tells it these facts one by one. */
  const told = (race: Race, ...facts: Fact[]) => {
    const stepped = live(race)
    const orders = [opening(race), officialFact('start', -NOTICE_MS)]
    while (stepped.phases().at(-1) !== 'running') {
      stepped.untilWait()
      stepped.answer(race.attended ? orders.shift() : undefined)
      stepped.untilWait()
    }
    for (const fact of facts) {
      stepped.answer(fact)
      stepped.untilWait()
    }
    return stepped
  }
  const endOf = (stepped: ReturnType<typeof live>) => {
    const { change } = stepped.asked.findLast(request => request.ask === 'enter')!
    return [change.phase, change.endsAt! - GUN, change.phaseEndsAt! - GUN]
  }

  it('is moved later and earlier, as often as anybody says so, and the entity hears each', () => {
    const race = told(TIMETABLED, extendFact(60_000, 5_000), extendFact(40_000, 10_000))
    expect(race.phases().slice(-3)).toEqual(['running', 'running', 'running'])
    expect(endOf(race)).toEqual(['running', 40_000, 40_000])
    expect(race.untilWait()).toEqual({
      ask: 'wait',
      for: ['close', 'abort', 'extend'],
      until: GUN + 40_000
    })
    race.answer()
    race.untilWait()
    expect(endOf(race)).toEqual(['finishing', 40_000, 60_000])
  })

  it('that was said to be over already, or in a moment, comes when every fold knows of it', () => {
    for (const to of [-5_000, 9_000, 10_000 + NOTICE_MS - 1]) {
      const race = told(TIMETABLED, extendFact(to, 10_000))
      expect(endOf(race)[1]).toBe(10_000 + NOTICE_MS)
    }
    // One that was said before the gun is heard at the gun.
    expect(endOf(told(TIMETABLED, extendFact(-1_000, -50_000)))[1]).toBe(NOTICE_MS)
  })

  it('stays as it was moved last when an earlier word comes again', () => {
    const [first, second] = [extendFact(60_000, 5_000), extendFact(40_000, 10_000)]
    const race = told(TIMETABLED, first, second, first, second)
    expect(endOf(race)).toEqual(['running', 40_000, 40_000])
    expect(race.phases().filter(phase => phase === 'running')).toHaveLength(3)
  })

  it('is known from then on where the race had none', () => {
    const race = told(ATTENDED, extendFact(30_000, 5_000))
    expect(endOf(race)).toEqual(['running', 30_000, 30_000])
    race.answer()
    race.untilWait()
    expect(endOf(race)[0]).toBe('finishing')
  })

  it('is that of a close or an abort that comes before', () => {
    const closed = told(TIMETABLED, extendFact(60_000, 5_000), officialFact('close', 30_000))
    expect(endOf(closed)).toEqual(['finishing', 30_000 + NOTICE_MS, 50_000 + NOTICE_MS])
    const aborted = told(TIMETABLED, extendFact(60_000, 5_000), officialFact('abort', 30_000))
    expect(aborted.present()).toBe('aborted')
  })
})

describe('a race that is official', () => {
  const races = [TIMETABLED, ATTENDED, aRace(FASTEST_LAP), aRace({ kind: 'game' })]

  it.each(races)(
    'is ranked with all others on its course once, after its board shows it: %#',
    race => {
      const stepped = live(race)
      for (let waits = 0; waits < 20 && !stepped.isOver(); waits++) {
        const request = stepped.untilWait()
        if (typeof request === 'string') break
        const answers = request.ask === 'wait' && race.attended ? request.for[0] : undefined
        if (request.ask === 'marks') stepped.answer([1])
        else if (request.ask === 'drained') stepped.answer(true)
        else if (answers === 'open') stepped.answer(opening(race))
        else if (answers === 'start' || answers === 'close' || answers === 'confirm') {
          stepped.answer(officialFact(answers, 1_000))
        } else stepped.answer()
      }
      expect(stepped.present()).toBe('official')
      expect(stepped.asked.filter(({ ask }) => ask === 'rank')).toHaveLength(1)
      expect(stepped.asked.slice(-2)).toMatchObject([
        { ask: 'enter', change: { phase: 'official' } },
        { ask: 'rank' }
      ])
    }
  )

  it('only: one that was aborted is not', () => {
    const race = atWait(TIMETABLED, 4)
    race.answer(officialFact('abort', 123))
    race.untilWait()
    expect(race.asked.some(({ ask }) => ask === 'rank')).toBe(false)
  })
})
