/** A driver of the time trials: a public face, and the recording that is driven in every run. */
export type Driver = {
  bib: number
  face: { competitorId: string; name: string; country: string; class: string }
  recording: string
  /** First and last of the recording's attempts that make a run, counted from 0; absent, all of them. */
  attempts?: [first: number, last: number]
}

/**
 * Handles of nobody in particular. A run ends where its car was then carried far ahead on the course, as no marshal
 * does: its lap would be the fastest. What lies between two such carries is left out.
 */
export const DRIVERS: Driver[] = (
  [
    ['Turbo Toast 🍞', 'UAE', 'Open', 'evaluation-a.csv'],
    ['Pedal Panda 🐼', 'FIN', 'Open', 'evaluation-b.csv'],
    ['तेज़ कछुआ', 'IND', 'Open', 'training-27.csv', [0, 7]],
    ['초코레이서', 'KOR', 'Rookie', 'training-5.csv'],
    ['Étoile Filante', 'FRA', 'Open', 'training-27.csv', [8, 10]],
    ['Їжак на колесах', 'UKR', 'Rookie', 'training-19.csv', [0, 12]],
    ['ドリフト豆腐', 'JPN', 'Open', 'training-27.csv', [12, 15]],
    ['Ñandú Veloz', 'ESP', 'Rookie', 'training-19.csv', [14, 15]],
    ['نمر الرمال', 'UAE', 'Open', 'training-27.csv', [16, 19]]
  ] satisfies [string, string, string, string, [number, number]?][]
).map(([name, country, className, recording, attempts], index) => ({
  bib: index + 1,
  face: { competitorId: `driver-${index + 1}`, name, country, class: className },
  recording,
  ...(attempts && { attempts })
}))
