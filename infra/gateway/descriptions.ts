/** What the API's description says beyond the routes and the contract: words and statuses. */
export type OperationWords = {
  summary: string
  description: string
  /** Which bearer token it takes; none: anyone may call. */
  token?: readonly ('seat' | 'screen' | 'car' | 'official')[]
  /** Whether its header Idempotency-Key makes one request of repeated ones. */
  repeatable?: true
  query?: Record<
    string,
    { description: string; schema: 'Phase' | 'Count' | 'RaceId' | 'SearchText' }
  >
  /** The body's schema among the components. */
  body?: string
  /** The status that means done, and the schema of its body. */
  done: { status: number; description: string; schema?: string; etag?: true }
  /** What a repeated request gets where that is another status: 200 with the same body. */
  again?: string
  /** Statuses of refusals beyond those that every operation has. */
  refusals: readonly number[]
}

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

const EITHER_ROLE = 'With the role `admin` or `timekeeper`.'

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
    'Name, row and laps of one version of the board. Phones have all of it in their pages.',
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
    description: 'Gives a bib and the token that readings are sent with.',
    body: 'SeatRequest',
    done: { status: 201, description: 'The seat.', schema: 'Seat' },
    refusals: [400, 404, 409, 413, 415, 503]
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
  createRace: {
    summary: 'Create a race',
    description:
      'With the role `admin`. A timetabled race lives by itself from now on. After 5xx or no answer send the same again.',
    token: ['official'],
    body: 'RaceRequest',
    done: { status: 201, description: 'Created.', schema: 'Race' },
    again: 'This very race is there already.',
    refusals: [400, 401, 403, 409, 413, 415, 503]
  },
  recordLap: {
    summary: 'Enter a lap timed by hand',
    description:
      'With the role `timekeeper`. Send the same again under the same key: the lap counts once.',
    token: ['official'],
    repeatable: true,
    body: 'LapRequest',
    done: { status: 201, description: 'The fact as it is in the ledger.', schema: 'LapFact' },
    refusals: [400, 401, 403, 404, 409, 413, 415, 422, 503]
  },
  createScreenLink: {
    summary: "Make a venue screen's link",
    description: 'With the role `admin`. The token opens sockets for 30 days; keep it as a key.',
    token: ['official'],
    body: 'ScreenLinkRequest',
    done: { status: 201, description: 'The token of the link.', schema: 'ScreenLink' },
    refusals: [400, 401, 403, 413, 415, 503]
  },
  getFleet: {
    summary: 'The cars and timers',
    description: `${EITHER_ROLE} Read again after 4 s: the answer is up to that old.`,
    token: ['official'],
    done: { status: 200, description: 'Every device as IoT Hub knows it.', schema: 'Fleet' },
    refusals: [401, 403, 503]
  },
  stopFleet: {
    summary: 'Stop every car',
    description: `${EITHER_ROLE} No body. Each car stands until it is released, one without a link as soon as it is back.`,
    token: ['official'],
    done: { status: 200, description: 'What came of it, car by car.', schema: 'FleetOutcome' },
    refusals: [401, 403, 503]
  },
  callDevice: {
    summary: 'Stop or release one device, or have it show itself',
    description: `${EITHER_ROLE} No body. Stop and release hold for a device without a link too: that is an outcome, no error.`,
    token: ['official'],
    done: { status: 200, description: 'What came of it.', schema: 'DeviceOutcome' },
    refusals: [400, 401, 403, 404, 503]
  }
}

/** Refusals that every operation has. */
export const ALWAYS = [429, 500, 502, 504] as const

/** Each status of a refusal: its name, one of its problem kinds, and what it means. */
export const REFUSALS: Record<number, { name: string; kind: string; description: string }> = {
  400: { name: 'BadRequest', kind: 'bad-body', description: '`detail` names what is wrong.' },
  401: {
    name: 'Unauthorized',
    kind: 'unauthorized',
    description: 'No token for this address, or it has expired.'
  },
  403: {
    name: 'Forbidden',
    kind: 'forbidden',
    description: 'The token is good, but not for this race, seat or device, or lacks the role.'
  },
  404: { name: 'NotFound', kind: 'not-found', description: 'There is no such thing.' },
  409: {
    name: 'Conflict',
    kind: 'race-full',
    description: 'The race is full, or not open, or this is done already.'
  },
  413: { name: 'ContentTooLarge', kind: 'too-large', description: 'More than 16,384 bytes.' },
  415: {
    name: 'UnsupportedMediaType',
    kind: 'unsupported-media-type',
    description: 'Not application/json.'
  },
  422: {
    name: 'UnprocessableContent',
    kind: 'key-reused',
    description: 'The Idempotency-Key was used for another request.'
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
  runId: { description: "The car's run.", example: 'tuesday-trial-16-1' },
  deviceId: { description: "The car's device id.", example: 'car-16' },
  method: { description: 'What it shall do.', example: 'stop' }
}

/** The header of requests that may be repeated. */
export const KEY_PARAMETER = {
  description: 'Your own name for this request, such as a UUID; the same when you send it again.',
  example: '0b9d3f62-6a7c-4b53-9d1e-2f8a7c5e4d10'
}
