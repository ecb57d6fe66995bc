import type { Board, Directory, Row } from '#contract'

type Person = [bib: number, name: string, country: string, group: string]

const PEOPLE: Person[] = [
  [21, 'ليلى المنصوري', 'UAE', 'A'],
  [8, 'Maximiliano Echeverría-Goicoechea', 'ESP', 'A'],
  [17, 'Nguyễn Thị Ánh Tuyết', 'VIE', 'A'],
  [2, 'Åsa Björkqvist', 'SWE', 'A'],
  [33, 'Turbo Toast', 'GBR', 'B'],
  [11, 'Þórdís Guðmundsdóttir', 'ISL', 'A'],
  [5, 'Wolfgang Freiherr von Altenburg-Schönau', 'GER', 'B'],
  [29, 'Chloé d’Hérouville', 'FRA', 'A'],
  [14, 'Tomás Ó Súilleabháin', 'IRL', 'B'],
  [26, 'Siobhán Ní Bhriain', 'IRL', 'B'],
  [16, 'Kai Nakamura-Lindholm', 'FIN', 'A'],
  [24, 'Priya Raghunathan', 'IND', 'B']
]

/** The names of everyone below. */
export const directory = (raceId: string): Directory => ({
  raceId,
  version: 1,
  entries: PEOPLE.map(([bib, name, country, group]) => ({ bib, name, country, class: group }))
})

/** A row that has everything but a result. */
export const rowOf = (bib: number, row: Partial<Row> = {}): Row => ({
  bib,
  rank: null,
  tied: false,
  status: 'running',
  value: null,
  at: null,
  gap: null,
  interval: null,
  lapsDown: 0,
  laps: 0,
  last: null,
  ...row
})

/** Best and last lap in ms; absent, the last one is a little slower. */
type Lap = readonly [bib: number, best: number, last?: number | undefined]

/** Ranks rows by lap time in ms, the smallest first; equal times share the place. */
function ranked(laps: readonly Lap[]): Row[] {
  const sorted = laps.toSorted((a, b) => a[1] - b[1])
  return sorted.map(([bib, best, last = best + 118], index) => {
    const rank = sorted.findIndex(other => other[1] === best) + 1
    return rowOf(bib, {
      rank,
      tied: sorted.filter(other => other[1] === best).length > 1,
      value: best,
      at: 60_000,
      gap: best - (sorted[0]?.[1] ?? best),
      interval: best - (sorted[index - 1]?.[1] ?? best),
      laps: 4,
      last: { ms: last, valid: true }
    })
  })
}

/** Best laps, in ms, with which the time trial starts; bibs 33 and 11 are equal. */
const LAPS: readonly Lap[] = [
  [21, 7_412, 7_530],
  [8, 7_529, 7_529],
  [17, 7_604],
  [2, 7_688],
  [33, 7_731, 7_731],
  [11, 7_731],
  [5, 7_802],
  [29, 7_846],
  [14, 7_901],
  [26, 7_958]
]

const base = (raceId: string, now: number): Omit<Board, 'format' | 'top' | 'field'> => ({
  raceId,
  version: 10,
  name: 'Final',
  place: 'Malmö',
  phase: 'running',
  validity: 'provisional',
  startsAt: now - 600_000,
  endsAt: now + 221_700,
  phaseEndsAt: now + 221_700,
  window: 599,
  closedAt: now,
  competitors: 20,
  folded: 4_000,
  event: '',
  sponsor: '',
  racing: [],
  records: []
})

/** A time trial that runs: ten competitors, one invalid lap, one tie. */
export const timeTrial = (raceId: string, now: number): Board => ({
  ...base(raceId, now),
  format: { kind: 'fastestLap' },
  field: null,
  top: ranked(LAPS).map(row =>
    row.bib === 29 ? { ...row, last: { ms: 7_790, valid: false } } : row
  )
})

/** A ride by distance that runs: twelve of 1,000 riders and the spread of all. */
export const ride = (raceId: string, now: number): Board => ({
  ...base(raceId, now),
  name: 'Friday Five-Minute Ride',
  place: 'Porto',
  competitors: 1_000,
  format: { kind: 'ride', metric: 'distance' },
  field: {
    from: 900_000,
    to: 2_418_000,
    bins: Array.from({ length: 100 }, (_, bin) =>
      Math.round(34 * Math.exp(-(((bin - 52) / 16) ** 2)) + (bin % 3))
    )
  },
  top: [0, 900, 1_800, 3_300, 3_900, 4_700, 6_100, 6_100, 6_900, 8_100, 9_000, 9_900].map(
    (gap, index, gaps) =>
      rowOf(PEOPLE[index]?.[0] ?? 1, {
        rank: gaps.indexOf(gap) + 1,
        tied: gaps.filter(other => other === gap).length > 1,
        value: 2_418_000 - gap * 10,
        at: 300_000,
        gap,
        interval: 0,
        laps: 300
      })
  )
})

/** Best laps as the time trial starts, with some replaced. */
export const laps = (changed: Record<number, number>) =>
  ranked(LAPS.map(([bib, best, last]) => [bib, changed[bib] ?? best, changed[bib] ?? last]))

/** Another race, which starts in so many ms. */
export const juniors = (startsIn: number) => ({
  ...timeTrial('juniors', Date.now()),
  name: 'Juniors',
  startsAt: Date.now() + startsIn
})
