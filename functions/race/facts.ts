import type { Fact } from '#contract'
import type { RaceState } from './state.ts'

/** Whether `a` was decided after `b`; the id settles facts of the same instant, so that order of arrival never does. */
const later = (a: { at: number; id: string }, b: { at: number; id: string }): boolean =>
  a.at > b.at || (a.at === b.at && a.id > b.id)

/** Folds facts of the ledger into the race, in any order, any number of times. Life-cycle facts are the orchestration's. */
export function foldFacts(state: RaceState, facts: Fact[]): void {
  for (const fact of facts) {
    if (!foldFact(state, fact)) continue
    state.folded++
    state.dirty = true
  }
}

function foldFact(state: RaceState, fact: Fact): boolean {
  switch (fact.kind) {
    case 'enter':
      return added(state.entered, fact.bib)
    case 'run':
      if (state.runs.has(fact.runId)) return false
      state.runs.set(fact.runId, fact.bib)
      return true
    case 'lap':
      if (state.laps.has(fact.id)) return false
      state.laps.set(fact.id, {
        id: fact.id,
        bib: fact.bib,
        runId: fact.runId,
        lap: fact.lap,
        ms: fact.lapMs,
        at: fact.at,
        valid: fact.valid && fact.lapMs >= state.race.minLapMs
      })
      return true
    case 'correct': {
      const known = state.corrections.get(fact.lapId)
      if (known && !later(fact, known)) return false
      const { id, at, valid } = fact
      state.corrections.set(fact.lapId, { id, at, valid, ms: fact.lapMs ?? null })
      return true
    }
    case 'status': {
      const known = state.decisions.get(fact.bib)
      if (known && !later(fact, known)) return false
      const { id, at, status } = fact
      state.decisions.set(fact.bib, { id, at, status })
      return true
    }
    case 'schedule':
    case 'open':
    case 'start':
    case 'close':
    case 'abort':
    case 'confirm':
    case 'runEnd':
      return false
  }
}

function added(set: Set<number>, bib: number): boolean {
  if (set.has(bib)) return false
  set.add(bib)
  return true
}
