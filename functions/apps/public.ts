import { app } from '@azure/functions'
import * as v from 'valibot'
import {
  Bib,
  BoardId,
  ClassName,
  CompetitorId,
  Count,
  CourseId,
  Phase,
  RaceId,
  type ServerTime
} from '#contract'
import { readBoardItem, readCourseHead, readFace, readFinal } from '../azure/boards.ts'
import { type Answer, answering, parameter, raceOf } from '../azure/http.ts'
import { readRace, readRaces } from '../azure/records.ts'
import {
  readBibPage,
  readDirectory,
  readHead,
  readLapPage,
  readRankPage,
  readSummaries
} from '../azure/standings.ts'
import { createCourseBoards } from '../stages/courseBoards.ts'
import { createLookups } from '../stages/lookup.ts'
import { createRaces } from '../stages/races.ts'
import { createResults } from '../stages/results.ts'

/** How long caches may give an answer out, in s; one with names that may be erased, of races that are over; one without. */
const MAX_AGE = 1
const NAMES_MAX_AGE = 5
const GHOSTS_MAX_AGE = 30
/** Most races in one answer. */
const LIST_MAX = 100
/** Longest text to search by: no name is longer. */
const SEARCH_MAX_CHARS = 40

const now = Date.now
const lookups = createLookups({
  readHead,
  readRankPage,
  readBibPage,
  readLapPage,
  readDirectory,
  now
})
const races = createRaces({ readRaces, readHeads: readSummaries, readRace, readHead, now })
const results = createResults({ ...lookups, readFinal, now })
const boards = createCourseBoards({ read: readBoardItem, readCourseHead, readFace, now })

const Digits = v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'must be a whole number'), v.toNumber())
const BibDigits = v.pipe(Digits, Bib)
const SearchText = v.optional(
  v.pipe(
    v.string(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(SEARCH_MAX_CHARS, `has more than ${SEARCH_MAX_CHARS} characters`)
  )
)
const Value = v.pipe(
  v.string(),
  v.regex(/^\d{1,10}$/, 'must be a whole number'),
  v.toNumber(),
  Count
)
const Limit = v.optional(v.pipe(Digits, v.minValue(1), v.maxValue(LIST_MAX)), '50')

/** A document that counts its versions: its tag is its kind and version. */
const tagged = (kind: string, body: { version: number }): Answer => ({
  body,
  etag: `"${kind}-${body.version}"`,
  maxAge: MAX_AGE
})

app.http('listRaces', {
  methods: ['GET'],
  route: 'races',
  handler: answering(async ({ query }) => ({
    body: await races.list({
      state: parameter('state', v.optional(Phase), query.get('state')),
      limit: parameter('limit', Limit, query.get('limit')),
      continuation: parameter('continuation', v.optional(RaceId), query.get('continuation'))
    }),
    maxAge: MAX_AGE
  }))
})

app.http('getRace', {
  methods: ['GET'],
  route: 'races/{raceId}',
  handler: answering(async ({ params }) => ({
    body: await races.detail(raceOf({ params })),
    maxAge: MAX_AGE
  }))
})

app.http('getStandings', {
  methods: ['GET'],
  route: 'races/{raceId}/standings',
  handler: answering(async ({ params }) => {
    const head = await lookups.head(raceOf({ params }))
    return { ...tagged('head', head), etag: `"head-${head.version}-${head.names}"` }
  })
})

app.http('getRankPage', {
  methods: ['GET'],
  route: 'races/{raceId}/standings/ranks/{page}',
  handler: answering(async ({ params }) => {
    const raceId = raceOf({ params })
    return tagged('ranks', await lookups.rankPage(raceId, parameter('page', Digits, params.page)))
  })
})

app.http('getBibPage', {
  methods: ['GET'],
  route: 'races/{raceId}/standings/bibs/{page}',
  handler: answering(async ({ params }) => {
    const raceId = raceOf({ params })
    return tagged('bibs', await lookups.bibPage(raceId, parameter('page', Digits, params.page)))
  })
})

app.http('getLapPage', {
  methods: ['GET'],
  route: 'races/{raceId}/standings/laps/{page}',
  handler: answering(async ({ params }) => {
    const raceId = raceOf({ params })
    return tagged('laps', await lookups.lapPage(raceId, parameter('page', Digits, params.page)))
  })
})

app.http('getDirectory', {
  methods: ['GET'],
  route: 'races/{raceId}/competitors',
  handler: answering(async ({ params, query }) => {
    const raceId = raceOf({ params })
    const text = parameter('q', SearchText, query.get('q'))
    const names = text === undefined ? lookups.directory(raceId) : lookups.search(raceId, text)
    return tagged('names', await names)
  })
})

app.http('getCompetitor', {
  methods: ['GET'],
  route: 'races/{raceId}/competitors/{bib}',
  handler: answering(async ({ params }) => {
    const raceId = raceOf({ params })
    const bib = parameter('bib', BibDigits, params.bib)
    // A name may change between two versions of the board: the tag is that of the text.
    return { body: await lookups.competitor(raceId, bib), maxAge: MAX_AGE }
  })
})

app.http('getTime', {
  methods: ['GET'],
  route: 'time',
  handler: answering(async () => ({ body: { now: now() } satisfies ServerTime }))
})

app.http('getResults', {
  methods: ['GET'],
  route: 'races/{raceId}/results/{form}',
  handler: answering(async ({ params }) => {
    const raceId = raceOf({ params })
    const form = parameter('form', v.picklist(['json', 'csv']), params.form)
    if (form === 'json') return { body: await results.results(raceId), maxAge: MAX_AGE }
    const csv = { name: `${raceId}-results.csv`, text: await results.csv(raceId) }
    return { csv, maxAge: MAX_AGE }
  })
})

app.http('getCourseBoard', {
  methods: ['GET'],
  route: 'courses/{courseId}/board',
  handler: answering(async ({ params, query }) => ({
    body: await boards.board(parameter('courseId', CourseId, params.courseId), {
      board: parameter('board', v.optional(BoardId), query.get('board')),
      group: parameter('class', v.optional(ClassName, ''), query.get('class')),
      page: parameter('page', v.optional(Digits, '0'), query.get('page')),
      value: parameter('value', v.optional(Value), query.get('value'))
    }),
    maxAge: NAMES_MAX_AGE
  }))
})

app.http('getPersonalBest', {
  methods: ['GET'],
  route: 'courses/{courseId}/bests/{competitorId}',
  handler: answering(async ({ params, query }) => ({
    body: await boards.personalBest(
      parameter('courseId', CourseId, params.courseId),
      parameter('competitorId', CompetitorId, params.competitorId),
      parameter('board', BoardId, query.get('board'))
    ),
    maxAge: MAX_AGE
  }))
})

app.http('getGhosts', {
  methods: ['GET'],
  route: 'courses/{courseId}/ghosts',
  handler: answering(async ({ params, query }) => {
    const courseId = parameter('courseId', CourseId, params.courseId)
    const board = parameter('board', BoardId, query.get('board'))
    return { ...tagged('ghosts', await boards.ghosts(courseId, board)), maxAge: GHOSTS_MAX_AGE }
  })
})

app.http('getGhost', {
  methods: ['GET'],
  route: 'courses/{courseId}/ghosts/{competitorId}',
  handler: answering(async ({ params, query }) => {
    const courseId = parameter('courseId', CourseId, params.courseId)
    const competitorId = parameter('competitorId', CompetitorId, params.competitorId)
    const board = parameter('board', BoardId, query.get('board'))
    return { body: await boards.ghost(courseId, board, competitorId), maxAge: NAMES_MAX_AGE }
  })
})
