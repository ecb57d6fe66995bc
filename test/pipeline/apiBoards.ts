import { type ApiCase, ENDED, RACE } from './apiCase.ts'

const BOARD = 'board=distance-600'
const COURSE = '/courses/nobody-raced-here'

/** The time, results, and the boards of courses, before anything is on them. */
export const boards: ApiCase[] = [
  { does: 'tells the time', operation: 'getTime', path: '/time', status: 200 },
  {
    does: 'shows results',
    operation: 'getResults',
    path: `/races/${ENDED}/results/json`,
    status: 200
  },
  {
    does: 'writes them as a table',
    operation: 'getResults',
    path: `/races/${ENDED}/results/csv`,
    status: 200
  },
  {
    does: 'has none of a race that runs',
    operation: 'getResults',
    path: `/races/${RACE}/results/json`,
    status: 404
  },
  {
    does: 'has them in no other form',
    operation: 'getResults',
    path: `/races/${ENDED}/results/pdf`,
    status: 400
  },
  {
    does: 'knows no board of a course that nobody raced on',
    operation: 'getCourseBoard',
    path: `${COURSE}/board?${BOARD}`,
    status: 404
  },
  {
    does: 'names a bad board',
    operation: 'getCourseBoard',
    path: `${COURSE}/board?board=All_Of_Them`,
    status: 400
  },
  {
    does: 'names a bad page',
    operation: 'getCourseBoard',
    path: `${COURSE}/board?page=-1`,
    status: 400
  },
  {
    does: 'knows no best of nobody',
    operation: 'getPersonalBest',
    path: `${COURSE}/bests/nobody?${BOARD}`,
    status: 404
  },
  {
    does: 'wants the board',
    operation: 'getPersonalBest',
    path: `${COURSE}/bests/nobody`,
    status: 400
  },
  {
    does: 'has no ghosts where nobody raced',
    operation: 'getGhosts',
    path: `${COURSE}/ghosts?${BOARD}`,
    status: 404
  },
  { does: 'wants the board', operation: 'getGhosts', path: `${COURSE}/ghosts`, status: 400 },
  {
    does: 'has no ghost of the best where there is none',
    operation: 'getGhost',
    path: `${COURSE}/ghosts/best?${BOARD}`,
    status: 404
  },
  {
    does: 'names a bad course',
    operation: 'getGhost',
    path: `/courses/Not_A_Slug/ghosts/best?${BOARD}`,
    status: 400
  }
]
