import type { Api } from '../../api.ts'
import { DecisionView } from './decisionView.svelte.ts'
import { Desk } from './desk.svelte.ts'
import type { OfficeApi } from './officeApi.ts'
import { PersonView } from './personView.svelte.ts'
import { StepView } from './stepView.svelte.ts'
import { WhyView } from './whyView.svelte.ts'

/** All that an admin works on in one race, and how it is brought up to date. */
export function openRoom(api: Api, office: OfficeApi, raceId: string) {
  const report = (error: unknown): void => console.warn(error)
  const lang = navigator.language
  const desk = new Desk({ raceId, office, api, now: Date.now, lang, report })
  const why = new WhyView(bib => office.explanation(raceId, bib))
  const refresh = async (): Promise<void> => {
    await Promise.all([desk.refresh(), why.refresh()])
  }
  const decision = new DecisionView({
    send: (correction, key) => office.correct(raceId, correction, key),
    revisionOf({ bib, lap }, judged) {
      const known = why.explanation?.laps.find(({ lapId }) => lapId === lap?.lapId)
      if (judged === 'lap') return known?.revision ?? lap?.revision ?? 0
      if (judged === 'status' && why.explanation?.bib === bib) return why.statusRevision
      return desk.ledger.facts.filter(fact => fact.kind === judged && fact.bib === bib).length
    },
    refresh,
    newKey: () => crypto.randomUUID()
  })
  const steps = new StepView({ order: step => office.step(raceId, step), refresh })
  const person = new PersonView({
    competitorOf: bib => desk.ledger.competitorOf(bib),
    look: competitorId => office.person(competitorId),
    erase: competitorId => office.erase(competitorId),
    refresh
  })
  return { desk, why, decision, steps, person, refresh }
}
