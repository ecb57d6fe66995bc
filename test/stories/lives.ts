import type { Fact, Race } from '#contract'
import { type LifeRequest, life } from '../../functions/stages/life.ts'
import { officialFact } from './facts.ts'
import { aRace, DISTANCE } from './races.ts'

/** A ride that lives by its timetable, and one that lives by its officials. */
export const TIMETABLED = aRace(DISTANCE)
export const ATTENDED: Race = aRace(DISTANCE, {
  attended: true,
  timetable: { countdownMs: 10_000, backlogMs: 20_000, protestMs: 60_000 }
})
/** The race opens with this configuration. */
export const opening = (race: Race): Fact => ({
  ...officialFact('start', -60_000),
  kind: 'open',
  race
})

/** A race's life stepped by hand: what it asked for so far, and its phases. */
export function live(race: Race) {
  const steps = life()
  let step = steps.next()
  const asked: LifeRequest[] = []
  const answer = (value?: Race | Fact | boolean | number[]) => {
    asked.push(step.value as LifeRequest)
    step = steps.next(value)
  }
  return {
    asked,
    present: () => step.value,
    isOver: () => step.done === true,
    answer,
    /** Answers everything that needs no decision until the next wait or question to the hub. */
    untilWait() {
      for (;;) {
        if (step.done) return step.value
        const request = step.value
        if (request.ask === 'plan' || request.ask === 'open') answer(race)
        else if (request.ask === 'enter' || request.ask === 'rank') answer()
        else return request
      }
    },
    phases: () => asked.flatMap(one => (one.ask === 'enter' ? [one.change.phase] : []))
  }
}

/** Steps to the n-th wait, letting time pass at each one before. */
export function atWait(race: Race, number: number) {
  const stepped = live(race)
  for (let i = 1; i < number; i++) {
    stepped.untilWait()
    stepped.answer()
  }
  return { ...stepped, wait: stepped.untilWait() }
}
