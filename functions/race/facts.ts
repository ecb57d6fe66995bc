import type { Fact } from '#contract'
import type { RaceState } from './state.ts'

/** Whether `a` was decided after `b`; the id settles facts of the same instant, so that order of arrival never does. */
const later = (a: { at: number; id: string }, b: { at: number; id: string }): boolean =>
  a.at > b.at || (a.at === b.at && a.id > b.id)

/** Folds facts of the ledger into the race, in any order, any number of times. Life-cycle facts are the orchestration's. */
export function foldFacts(state: RaceState, facts: Fact[]): void {
  for (const fact of facts) {
    const effect = foldFact(state, fact)
    if (effect === 'none') continue
    if (effect === 'counted') state.folded++
    state.dirty = true
  }
}

/** A fact is `counted` once whatever the order; one that overrules another only `changed` something. */
type Effect = 'counted' | 'changed' | 'none'

function foldFact(state: RaceState, fact: Fact): Effect {
  switch (fact.kind) {
    case 'enter':
    case 'withdraw': {
      const known = state.entries.get(fact.bib)
      if (known && !later(fact, known)) return 'none'
      const { id, at, kind } = fact
      state.entries.set(fact.bib, { id, at, entered: kind === 'enter' })
      return known ? 'changed' : 'counted'
    }
    case 'run': {
      const known = state.runs.get(fact.runId)
      if (known && !later(known, fact)) return 'none'
      const { id, at, bib, deviceId } = fact
      state.runs.set(fact.runId, { id, at, bib, deviceId })
      return known ? 'changed' : 'counted'
    }
    case 'runEnd': {
      const known = state.runEnds.get(fact.runId)
      if (known !== undefined && known <= fact.at) return 'none'
      state.runEnds.set(fact.runId, fact.at)
      return known === undefined ? 'counted' : 'changed'
    }
    case 'lap':
      if (state.laps.has(fact.id)) return 'none'
      state.laps.set(fact.id, {
        id: fact.id,
        bib: fact.bib,
        runId: fact.runId,
        lap: fact.lap,
        ms: fact.lapMs,
        at: fact.at,
        valid: fact.valid && fact.lapMs >= state.race.minLapMs,
        source: fact.source
      })
      return 'counted'
    case 'reset':
      if (state.resets.has(fact.id)) return 'none'
      state.resets.set(fact.id, { id: fact.id, runId: fact.runId, at: fact.at })
      return 'counted'
    case 'correct': {
      const known = state.corrections.get(fact.lapId)
      if (known && !later(fact, known)) return 'none'
      const { id, at, valid } = fact
      state.corrections.set(fact.lapId, { id, at, valid, ms: fact.lapMs ?? null })
      return 'changed'
    }
    case 'status': {
      const known = state.decisions.get(fact.bib)
      if (known && !later(fact, known)) return 'none'
      const { id, at, status } = fact
      state.decisions.set(fact.bib, { id, at, status })
      return 'changed'
    }
    case 'schedule':
    case 'open':
    case 'start':
    case 'close':
    case 'abort':
    case 'confirm':
      return 'none'
  }
}
