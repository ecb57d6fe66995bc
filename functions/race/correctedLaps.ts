import type { Lap, RaceState } from './state.ts'

/** Laps by bib in the order they were driven, as the corrections leave them. One begun after the end does not count; one begun in time may be finished. */
export function correctedLaps(state: RaceState): Map<number, Lap[]> {
  const byBib = new Map<number, Lap[]>()
  for (const lap of state.laps.values()) {
    const correction = state.corrections.get(lap.id)
    const inTime = state.endsAt === null || lap.at - lap.ms <= state.endsAt
    const corrected = {
      ...lap,
      ms: correction?.ms ?? lap.ms,
      valid: (correction?.valid ?? lap.valid) && inTime
    }
    const known = byBib.get(lap.bib)
    if (known) known.push(corrected)
    else byBib.set(lap.bib, [corrected])
  }
  for (const laps of byBib.values()) {
    laps.sort((a, b) => a.at - b.at || a.lap - b.lap || (a.id < b.id ? -1 : 1))
  }
  return byBib
}
