/** A row of a ride's board. */
export const RIDE_ROW = {
  bib: 17,
  rank: 1,
  tied: false,
  status: 'running',
  value: 1_250_000,
  at: 90_000,
  gap: 0,
  interval: 0,
  lapsDown: 0,
  laps: 90,
  last: null
}

const bestRow = {
  rank: 1,
  tied: false,
  ...{ competitorId: 'k3v9x2', name: 'Ada', country: 'NOR', class: '' },
  ...{ value: 2_410_000, raceId: 'tuesday-sprint', bib: 17 }
}
const standing = { value: 2_390_000, rank: 2, same: 1, of: 4_210 }
const onBoard = { courseId: 'flat-road', board: 'distance-300' }

/** One example of each schema of the time, of results, and of the boards of courses. */
export const BOARDS: Record<string, unknown> = {
  ServerTime: { now: 1_772_000_090_000 },
  RaceResults: {
    raceId: 'tuesday-sprint',
    revision: 0,
    validity: 'official',
    rows: [{ ...RIDE_ROW, name: 'Ada', country: 'NOR', class: '' }]
  },
  Standing: standing,
  CourseBoard: {
    ...onBoard,
    class: '',
    version: 7,
    of: standing.of,
    rows: [bestRow],
    standing,
    boards: ['distance-300'],
    classes: []
  },
  PersonalBest: {
    ...onBoard,
    competitorId: 'k3v9x2',
    raceId: 'tuesday-sprint',
    bib: 17,
    standing: { ...standing, value: bestRow.value, rank: 1 }
  },
  Ghosts: {
    ...onBoard,
    version: 7,
    performances: 3,
    width: 1_000,
    seconds: [{ first: 7, counts: [1, 0, 2] }]
  },
  Ghost: {
    ...onBoard,
    competitorId: 'k3v9x2',
    name: 'Ada',
    raceId: 'tuesday-sprint',
    bib: 17,
    values: [7_400, 15_100, 23_000]
  }
}
