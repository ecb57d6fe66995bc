import { BOARDS } from './boardWords.ts'
import { OFFICIALS } from './officialWords.ts'
import type { OperationWords } from './operationWords.ts'

const page = (summary: string, description: string, schema: string): OperationWords => ({
  summary,
  description,
  done: { status: 200, description: 'The page as it is now.', schema, etag: true },
  refusals: [400, 404, 503]
})

const telemetry = {
  done: { status: 202, description: 'Stored: it will be counted, or be shown as a dead letter.' },
  refusals: [400, 401, 403, 413, 415, 503]
} as const

/** Every operation by its id. */
export const OPERATIONS: Record<string, OperationWords> = {
  listRaces: {
    ...page('Races', 'Newest start first.', 'RaceList'),
    query: {
      state: { description: 'Only races in this phase.', schema: 'Phase' },
      limit: { description: 'Most races in the answer.', schema: 'Count' },
      continuation: {
        description: 'The `continuation` of the page before this one.',
        schema: 'RaceId'
      }
    },
    refusals: [400, 503]
  },
  getRace: page('One race', 'How it is scored, where, and when.', 'RaceDetail'),
  getStandings: page(
    'The head of a board',
    'The top rows, the state of the race, and the version of every page.',
    'Head'
  ),
  getRankPage: page('Rows by place', '100 rows a page; page 0 begins with the leader.', 'RankPage'),
  getBibPage: page(
    'Columns by bib',
    '500 bibs a page; page 0 begins with bib 1. A phone reads the page of its own bib.',
    'BibPage'
  ),
  getLapPage: page(
    'Laps by bib',
    '50 bibs a page; page 0 begins with bib 1. Laps as corrections leave them; lap formats only.',
    'LapPage'
  ),
  getDirectory: {
    ...page(
      'Names',
      'Who wears which bib: all, for phones, which search in it, or those that `q` finds.',
      'Directory'
    ),
    query: {
      q: {
        description:
          'A bib, or beginnings of words of the name, whatever case and accents; at most 50 are answered.',
        schema: 'SearchText'
      }
    }
  },
  getCompetitor: page(
    'One competitor',
    'Name, row and laps of one version of the board; an empty name where somebody was erased. Phones have all of it in their pages.',
    'CompetitorDetail'
  ),
  negotiate: {
    summary: 'Where to open the socket',
    description: 'For venue screens and seated riders; everyone else polls the head.',
    token: ['seat', 'screen'],
    done: { status: 200, description: 'An address for one connection.', schema: 'Negotiation' },
    refusals: [400, 401, 403, 404, 503]
  },
  takeSeat: {
    summary: 'Take a seat',
    description:
      'Gives a bib and the token that readings are sent with. The seat is held for `idleMs` and as long as it is renewed. Some races ask for a code, some for the token of who signed in. Races of laps give none: who drives registers at the track.',
    token: ['nobody', 'account'],
    repeatable: {
      optional:
        'Your own name for this request, such as a UUID: the same one gives the same seat again.'
    },
    body: 'SeatRequest',
    done: { status: 201, description: 'The seat.', schema: 'Seat' },
    refusals: [400, 401, 403, 404, 409, 413, 415, 422, 503]
  },
  renewSeat: {
    summary: 'Keep a seat',
    description:
      "With the token of that seat; no body. Send it every `idleMs / 3`: it is the seat's sign of life. Sequence numbers go on under the new token.",
    token: ['seat'],
    done: { status: 200, description: 'The seat with its next token.', schema: 'Seat' },
    refusals: [400, 401, 403, 404, 409, 503]
  },
  leaveSeat: {
    summary: 'Give a seat back',
    description: 'With the token of that seat.',
    token: ['seat'],
    done: { status: 204, description: 'Given back; the bib is not used again.' },
    refusals: [400, 401, 403, 404, 503]
  },
  sendTelemetry: {
    summary: "Send a rider's readings",
    description:
      'One reading, or a backlog in order. After 429, 5xx or no answer send the same again: repeats count once.',
    token: ['seat'],
    body: 'RiderBody',
    ...telemetry
  },
  sendCarTelemetry: {
    summary: "Send a car's readings",
    description: 'For cars without MQTT. Repeats count once.',
    token: ['car'],
    body: 'CarBody',
    ...telemetry
  },
  ...BOARDS,
  ...OFFICIALS
}

/** Refusals that every operation has. */
export const ALWAYS = [429, 500, 502, 504] as const

/** Each status of a refusal: its name, one of its problem kinds, and what it means. */
export const REFUSALS: Record<number, { name: string; kind: string; description: string }> = {
  400: { name: 'BadRequest', kind: 'bad-body', description: '`detail` names what is wrong.' },
  401: {
    name: 'Unauthorized',
    kind: 'unauthorized',
    description:
      'No token for this address, or it has expired; that of a seat is `session-closed`: renew the seat while its race runs, else join the next race.'
  },
  403: {
    name: 'Forbidden',
    kind: 'forbidden',
    description:
      'The token is good, but not for this race, seat or device, or lacks the role; `code-wrong`: the access code is not that of the race.'
  },
  404: { name: 'NotFound', kind: 'not-found', description: 'There is no such thing.' },
  409: {
    name: 'Conflict',
    kind: 'race-full',
    description:
      'The race is full, or not open: `next` is the one to join. Or the name is taken (`name-taken`), or this is done already, or another decided since: `errors` names both.'
  },
  413: {
    name: 'ContentTooLarge',
    kind: 'too-large',
    description: 'More than 16,384 bytes, or of a start list more than 1,000,000.'
  },
  415: {
    name: 'UnsupportedMediaType',
    kind: 'unsupported-media-type',
    description: 'Not application/json, or of a start list not text/csv.'
  },
  422: {
    name: 'UnprocessableContent',
    kind: 'key-reused',
    description:
      'The Idempotency-Key was used for another request; `name-refused`: take another nickname.'
  },
  429: {
    name: 'TooManyRequests',
    kind: 'too-many-requests',
    description: 'Wait the seconds that Retry-After names.'
  },
  500: { name: 'InternalError', kind: 'internal', description: 'Our fault.' },
  502: { name: 'BadGateway', kind: 'unavailable', description: 'A part is away; send again.' },
  503: { name: 'Unavailable', kind: 'unavailable', description: 'Not done; send again.' },
  504: { name: 'GatewayTimeout', kind: 'unavailable', description: 'Maybe done; send again.' }
}

export const PARAMETERS: Record<string, { description: string; example: string | number }> = {
  raceId: { description: 'The race.', example: 'tuesday-sprint' },
  bib: { description: "The competitor's bib.", example: 17 },
  page: { description: 'The page, from 0.', example: 0 },
  runId: { description: 'The run.', example: 'tuesday-trial-16-1' },
  deviceId: { description: "The car's device id.", example: 'car-16' },
  method: { description: 'What it shall do.', example: 'stop' },
  step: { description: 'What happens to the race.', example: 'open' },
  what: { description: 'What a line is.', example: 'laps' },
  courseId: { description: 'The course.', example: 'flat-road' },
  form: { description: 'As JSON or as a table.', example: 'json' },
  competitorId: { description: 'The competitor, across races.', example: 'k3v9x2' }
}

/** The header of requests that may be repeated. */
export const KEY_PARAMETER = {
  description: 'Your own name for this request, such as a UUID; the same when you send it again.',
  example: '0b9d3f62-6a7c-4b53-9d1e-2f8a7c5e4d10'
}
