import type { OperationWords, QueryWords } from './operationWords.ts'

const COMPARES =
  'What compares, such as `distance-300`: the metric and the racing time in s, or the kind of laps.'
const board: QueryWords = { description: COMPARES, schema: 'BoardId', required: true }

const lookup = (summary: string, description: string, schema: string): OperationWords => ({
  summary,
  description,
  done: { status: 200, description: 'As it is now.', schema, etag: true },
  refusals: [400, 404, 503]
})

/** What anyone reads of courses and of races that are over, and the time. */
export const BOARDS: Record<string, OperationWords> = {
  getTime: {
    summary: "The server's clock",
    description: 'For who sets a clock by it: half the round trip is the doubt. Nothing keeps it.',
    done: { status: 200, description: 'The time, in ms since 1970.', schema: 'ServerTime' },
    refusals: [503]
  },
  getResults: {
    ...lookup('The last final classification', 'With names.', 'RaceResults'),
    done: {
      ...{ status: 200, description: 'The rows, as JSON or as CSV in UTF-8.' },
      ...{ schema: 'RaceResults', orTable: true, etag: true }
    }
  },
  getCourseBoard: {
    ...lookup(
      'The best of all times on a course',
      "One row a competitor, 100 rows a page, of the first 1,000. `standing` is the exact place of `value` among everybody's.",
      'CourseBoard'
    ),
    query: {
      board: { description: `${COMPARES} Left out: the first of \`boards\`.`, schema: 'BoardId' },
      class: { description: 'Only this class.', schema: 'ClassName' },
      page: { description: 'The page, from 0.', schema: 'Count' },
      value: { description: "A value in the board's unit, whose place is asked.", schema: 'Count' }
    }
  },
  getPersonalBest: {
    ...lookup("A competitor's best on a course", 'With its exact place.', 'PersonalBest'),
    query: { board }
  },
  getGhosts: {
    ...lookup(
      'How all performances stood at each second',
      'A histogram for each second of racing: by it a rider knows the place among all earlier ones, now.',
      'Ghosts'
    ),
    query: { board }
  },
  getGhost: {
    ...lookup(
      'One performance, second by second',
      "A competitor's best, to race against; `best` in place of an id is the course's.",
      'Ghost'
    ),
    query: { board }
  }
}
