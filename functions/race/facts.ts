import type { Actor, Fact, FactOf } from '#contract'
import type { ClockEvent, Lap, RaceState, Run } from './state.ts'

/** Whether `a` was decided after `b`; the id settles facts of the same instant, so that order of arrival never does. */
export const later = (a: { at: number; id: string }, b: { at: number; id: string }): boolean =>
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
  const { id, at } = fact
  switch (fact.kind) {
    case 'enter':
    case 'withdraw':
      return keepLatest(state.entries, fact.bib, { id, at, entered: fact.kind === 'enter' })
    case 'run': {
      const known = state.runs.get(fact.runId)
      if (known && !later(known, fact)) return 'none'
      state.runs.set(fact.runId, runOf(fact))
      return known ? 'changed' : 'counted'
    }
    case 'runEnd': {
      const known = state.runEnds.get(fact.runId)
      if (known !== undefined && known <= at) return 'none'
      state.runEnds.set(fact.runId, at)
      return known === undefined ? 'counted' : 'changed'
    }
    case 'pause':
    case 'resume':
      return tellClock(state, fact.runId, { id, at, holds: fact.kind === 'pause' })
    case 'submit':
      return keepLatest(state.submits, fact.runId, { id, at })
    case 'lap':
      return keepFirst(state.laps, id, lapOf(fact))
    case 'reset': {
      const { runId, source } = fact
      const byHand = source === 'hand' ? ({ byHand: true } as const) : {}
      return keepFirst(state.resets, id, { id, runId, at, ...byHand })
    }
    case 'correct': {
      const { valid, lapMs: ms = null } = fact
      return uncounted(keepLatest(state.corrections, fact.lapId, { id, at, valid, ms }))
    }
    case 'retract':
    case 'restore': {
      const retracted = fact.kind === 'retract'
      return keepLatest(state.retractions, fact.of, { id, at, retracted })
    }
    case 'status':
      return uncounted(keepLatest(state.decisions, fact.bib, { id, at, status: fact.status }))
    case 'judge': {
      const { bib, value, accepted } = fact
      return uncounted(keepLatest(state.judgements, bib, { id, at, value, accepted }))
    }
    case 'order': {
      const effects = fact.bibs.map((bib, place) =>
        keepLatest(state.orders, bib, { id, at, place })
      )
      return effects.some(effect => effect !== 'none') ? 'changed' : 'none'
    }
    case 'merge':
      return keepLatest(state.merges, fact.from, { id, at, bib: fact.bib })
    case 'protest':
      return keepFirst(state.protests, id, fact.bib)
    case 'settle':
      return keepLatest(state.settlements, fact.of, { id, at })
    case 'schedule':
    case 'open':
    case 'configure':
    case 'start':
    case 'close':
    case 'abort':
    case 'extend':
    case 'propose':
    case 'confirm':
    case 'look':
    case 'erase':
      return 'none'
  }
}

function keepFirst<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Effect {
  if (map.has(key)) return 'none'
  map.set(key, value)
  return 'counted'
}

/** Of decisions on one subject the latest holds. */
function keepLatest<Key, Value extends { at: number; id: string }>(
  map: Map<Key, Value>,
  key: Key,
  value: Value
): Effect {
  const known = map.get(key)
  if (known && !later(value, known)) return 'none'
  map.set(key, value)
  return known ? 'changed' : 'counted'
}

const uncounted = (effect: Effect): Effect => (effect === 'none' ? 'none' : 'changed')

function tellClock({ clocks }: RaceState, runId: string, event: ClockEvent): Effect {
  const known = clocks.get(runId) ?? []
  if (known.some(({ id }) => id === event.id)) return 'none'
  clocks.set(
    runId,
    [...known, event].sort((a, b) => (later(a, b) ? 1 : -1))
  )
  return 'counted'
}

function runOf({ id, at, bib, deviceId, actor, proxy }: FactOf<'run'>): Run {
  const by = actor.kind === 'person' ? { by: actor.object } : {}
  return { id, at, bib, deviceId, ...by, ...(proxy ? { proxy } : {}) }
}

function lapOf({ id, bib, runId, lap, lapMs: ms, at, valid, source, actor }: FactOf<'lap'>): Lap {
  const by = source === 'hand' ? { by: nameOf(actor) } : {}
  return { id, bib, runId, lap, ms, at, valid, source, ...by }
}

const nameOf = (actor: Actor): string => (actor.kind === 'person' ? actor.object : actor.app)
