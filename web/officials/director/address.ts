/** The parts of the race office, in the order of its navigation. */
export const PARTS = [
  'ledger',
  'board',
  'then',
  'lists',
  'race',
  'screens',
  'new',
  'series'
] as const
export type Part = (typeof PARTS)[number]

/** Where in the office one is. */
export type Place = { raceId: string | undefined; part: Part; bib: number | undefined }

const PAGE = '#office'

const isPart = (text: string | undefined): text is Part => PARTS.some(part => part === text)

/** Reads `#office/final/ledger/33`; what is missing or wrong is left out. */
export function placeOf(hash: string): Place {
  const [page, raceId, part, bib] = hash.split('/')
  const isHere = page === PAGE
  return {
    raceId: isHere && raceId ? raceId : undefined,
    part: isHere && isPart(part) ? part : 'ledger',
    bib: isHere && /^[1-9]\d{0,4}$/.test(bib ?? '') ? Number(bib) : undefined
  }
}

/** The address of a place. */
export const hashOf = ({ raceId, part, bib }: Place): string =>
  [PAGE, ...(raceId ? [raceId, part, ...(bib === undefined ? [] : [bib])] : [])].join('/')
