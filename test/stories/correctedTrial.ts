import type { Actor, Correction, Fact, Phase } from '#contract'
import { classify } from '#race/classification'
import { createCorrections } from '../../functions/stages/corrections.ts'
import { entryFact, lapFact, resetFact, runFact } from './facts.ts'
import { ledgerOf, openFact } from './ledger.ts'
import { ADA, anOfficeStore } from './officeStore.ts'
import { aRace, FASTEST_LAP, GUN } from './races.ts'

/** When it is corrected, in ms since 1970. */
export const NOW = GUN + 100_000
export const REASON = 'seen on video'
export const trial = aRace(FASTEST_LAP, {
  timetable: { ...aRace(FASTEST_LAP).timetable, durationMs: 3_600_000 }
})
/** Three racers, of whom 1 and 2 drove the same time, and 3 has no lap yet. */
export const racing: Fact[] = [
  ...[entryFact(1), entryFact(2), entryFact(3)],
  ...[runFact(1), runFact(2), runFact(3)],
  ...[lapFact(1, 1, 10_000, 10_000), lapFact(2, 1, 10_000, 11_000)],
  ...[lapFact(1, 2, 12_000, 22_000), resetFact(1, 15_000)]
]
export const toLap = {
  kind: 'lap',
  lapId: 'run-1-1',
  valid: true,
  lapMs: 9_000,
  revision: 0
} as const
export const toStatus = { kind: 'status', bib: 1, status: 'dsq', revision: 0 } as const
export const missed = {
  kind: 'addLap',
  runId: 'run-3',
  bib: 3,
  lap: 1,
  lapMs: 8_000,
  at: NOW
} as const

/** A correction without its reason. */
export type Parts = { kind: Correction['kind']; reason?: string } & Record<string, unknown>
type By = { by?: Actor; key?: string }

/** An office in the middle of a race. */
export function correctedTrial({ race = trial, phase = 'running' as Phase, facts = racing } = {}) {
  const { raceId } = race
  const store = anOfficeStore(NOW)
  store.tell(openFact(race), ...facts)
  store.heads.set(raceId, phase)
  store.races.set(raceId, { race, etag: '0' })
  for (const bib of [1, 2, 3]) {
    const competitorId = `rider-${bib}`
    const entries = [
      { raceId: 'last-year', bib: 3 },
      { raceId, bib }
    ]
    const face = { name: `Rider ${bib}`, country: '', class: '' }
    store.competitors.set(competitorId, { id: competitorId, competitorId, ...face, entries })
  }
  const run = createCorrections(store.ports)
  const rows = () => classify(ledgerOf(race, store.facts(), store.clock.now + 60_000).state)
  let requests = 0
  return {
    ...store,
    rows,
    resultOf: (bib: number) => rows().find(row => row.bib === bib)?.value,
    /** Under a key of its own where none is named. */
    correct: (asked: Parts, { by = ADA, key = `request-${requests++}` }: By = {}) =>
      run({ raceId, key, asked: { reason: REASON, ...asked } as Correction }, by)
  }
}
