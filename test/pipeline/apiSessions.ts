import { type ApiCase, RACE, shortSeries } from './apiCase.ts'

const SERIES = shortSeries('api-series')
const EXTENSION = { endsAt: Date.now() + 3_600_000 }

/** Races back to back, the end of one that runs, and how the pipeline does. */
export const sessions: ApiCase[] = [
  {
    does: 'makes races back to back',
    operation: 'createSeries',
    path: '/series',
    status: 201,
    as: 'admin',
    body: SERIES
  },
  {
    does: 'knows the same series again',
    operation: 'createSeries',
    path: '/series',
    status: 200,
    as: 'admin',
    body: SERIES
  },
  {
    does: 'keeps another series from its id',
    operation: 'createSeries',
    path: '/series',
    status: 409,
    as: 'admin',
    body: { ...SERIES, race: { ...SERIES.race, capacity: 7 } }
  },
  {
    does: 'makes no races that overlap',
    operation: 'createSeries',
    path: '/series',
    status: 400,
    as: 'admin',
    body: { ...SERIES, seriesId: 'api-overlap', everyMs: 10_000 }
  },
  {
    does: 'makes none for a timekeeper',
    operation: 'createSeries',
    path: '/series',
    status: 403,
    as: 'timekeeper',
    body: SERIES
  },
  {
    does: 'moves the end of a race',
    operation: 'extendRace',
    path: `/races/${RACE}/extension`,
    status: 201,
    as: 'admin',
    body: EXTENSION
  },
  {
    does: 'moves it to no time that is over',
    operation: 'extendRace',
    path: `/races/${RACE}/extension`,
    status: 400,
    as: 'admin',
    body: { endsAt: 1_772_000_000_000 }
  },
  {
    does: 'moves no end of a race that does not run',
    operation: 'extendRace',
    path: '/races/api-closed/extension',
    status: 409,
    as: 'admin',
    body: EXTENSION
  },
  {
    does: 'moves none for a timekeeper',
    operation: 'extendRace',
    path: `/races/${RACE}/extension`,
    status: 403,
    as: 'timekeeper',
    body: EXTENSION
  },
  {
    does: 'tells an operator how it does',
    operation: 'getOperations',
    path: '/operations',
    status: 200,
    as: 'admin'
  },
  {
    does: 'tells it no timekeeper',
    operation: 'getOperations',
    path: '/operations',
    status: 403,
    as: 'timekeeper'
  },
  { does: 'tells it nobody', operation: 'getOperations', path: '/operations', status: 401 }
]
