import type { OperationWords } from './operationWords.ts'

const TIMEKEEPER = 'With the role `timekeeper`.'
const ADMIN = 'With the role `admin`.'
const EITHER_ROLE = 'With the role `admin` or `timekeeper`.'
const SAME_AGAIN = 'Send the same again under the same key: it counts once.'

const token = ['official'] as const
const fact = {
  status: 201,
  description: 'The fact as it is in the ledger.',
  schema: 'Fact'
}
/** Refusals of an address in a race, of one that needs the race open, and what a body adds to either. */
const OF_RACE = [400, 401, 403, 404, 503]
const OF_OPEN_RACE = [...OF_RACE, 409]
const OF_BODY = [413, 415]

/** What timekeepers do. */
const TIMING: Record<string, OperationWords> = {
  getQueue: {
    summary: 'Who races next',
    description: `${TIMEKEEPER} With the runs that go on, every timing of their laps, and what needs a person's judgement.`,
    token,
    done: { status: 200, description: 'The queue as the ledger has it now.', schema: 'Queue' },
    refusals: OF_OPEN_RACE
  },
  startRun: {
    summary: 'Begin a run',
    description: `${TIMEKEEPER} The caller names the run, and may have begun it while offline. The same run again changes nothing.`,
    token,
    body: 'RunRequest',
    done: fact,
    refusals: [...OF_OPEN_RACE, ...OF_BODY]
  },
  recordRunEvent: {
    summary: 'Pause, resume, end or submit a run, or enter a reset',
    description: `${TIMEKEEPER} ${SAME_AGAIN}`,
    token,
    repeatable: true,
    body: 'RunEvent',
    done: fact,
    refusals: [...OF_OPEN_RACE, ...OF_BODY, 422]
  },
  recordLap: {
    summary: 'Enter a lap timed by hand',
    description: `${TIMEKEEPER} ${SAME_AGAIN}`,
    token,
    repeatable: true,
    body: 'LapRequest',
    done: { ...fact, schema: 'LapFact' },
    refusals: [...OF_OPEN_RACE, ...OF_BODY, 422]
  },
  takeBack: {
    summary: 'Take a lap or a reset back',
    description: `${TIMEKEEPER} Of a run that is not submitted; afterwards an admin corrects. ${SAME_AGAIN}`,
    token,
    repeatable: true,
    body: 'Retraction',
    done: fact,
    refusals: [...OF_OPEN_RACE, ...OF_BODY, 422]
  },
  enterCompetitor: {
    summary: 'Enter a competitor who walks up',
    description: `${TIMEKEEPER} Contact details can be given, and are answered to no timekeeper. ${SAME_AGAIN}`,
    token,
    repeatable: true,
    body: 'EntryRequest',
    done: { status: 201, description: 'The bib.', schema: 'Entry' },
    refusals: [...OF_OPEN_RACE, ...OF_BODY, 422]
  },
  proposeResult: {
    summary: 'Propose the classification as official',
    description: `${TIMEKEEPER} No body. The first of two signatures: an admin who is another person gives the second.`,
    token,
    done: fact,
    refusals: OF_OPEN_RACE
  }
}

/** What admins do with races. */
const RACES: Record<string, OperationWords> = {
  createRace: {
    summary: 'Create a race',
    description: `${ADMIN} A timetabled race lives by itself from now on. After 5xx or no answer send the same again.`,
    token,
    body: 'RaceRequest',
    done: { status: 201, description: 'Created.', schema: 'Race' },
    again: 'This very race is there already.',
    refusals: [400, 401, 403, 409, ...OF_BODY, 503]
  },
  changeRace: {
    summary: 'Change a race before it opens',
    description: `${ADMIN} The parts to change, each whole.`,
    token,
    body: 'RacePatch',
    done: { status: 200, description: 'The race as it is now.', schema: 'Race' },
    refusals: [...OF_RACE, 409, ...OF_BODY]
  },
  createSeries: {
    summary: 'Create races back to back',
    description: `${ADMIN} Their ids are \`{seriesId}-1\` and on; each lives by itself. After 5xx or no answer send the same again.`,
    token,
    body: 'SeriesRequest',
    done: { status: 201, description: 'The races, in their order.', schema: 'Series' },
    again: 'These very races are there already.',
    refusals: [400, 401, 403, 409, ...OF_BODY, 503]
  },
  extendRace: {
    summary: 'Move the end of a running race',
    description: `${ADMIN} Later or earlier; the last one told holds. The same end again changes nothing.`,
    token,
    body: 'Extension',
    done: fact,
    refusals: [...OF_OPEN_RACE, ...OF_BODY]
  },
  stepRace: {
    summary: 'Open, start, close, abort or confirm a race',
    description: `${ADMIN} No body. Whoever proposed the classification cannot confirm it.`,
    token,
    done: fact,
    refusals: OF_OPEN_RACE
  },
  correctRace: {
    summary: 'Correct a lap, a status or an order',
    description: `${ADMIN} With a reason. What another admin decided since \`revision\` is a conflict that names both. ${SAME_AGAIN}`,
    token,
    repeatable: true,
    body: 'Correction',
    done: fact,
    refusals: [...OF_OPEN_RACE, ...OF_BODY, 422]
  },
  getLedger: {
    summary: 'All that was decided or happened',
    description: `${ADMIN} Newest first.`,
    token,
    query: {
      continuation: {
        description: 'The `continuation` of the page before this one.',
        schema: 'FactId'
      }
    },
    done: { status: 200, description: 'A page of facts.', schema: 'LedgerPage' },
    refusals: OF_RACE
  },
  explainRank: {
    summary: 'Why this place',
    description: `${ADMIN} The rule, the laps that counted, and who changed what. Lap formats only.`,
    token,
    done: { status: 200, description: 'The place and its reasons.', schema: 'Explanation' },
    refusals: OF_OPEN_RACE
  },
  getBoardAt: {
    summary: 'The board as it was',
    description: `${ADMIN} Rebuilt from what the ledger had at that instant. Lap formats only.`,
    token,
    query: {
      at: { description: 'The instant, in ms since 1970.', schema: 'Instant', required: true }
    },
    done: { status: 200, description: 'The classification at that instant.', schema: 'BoardAt' },
    refusals: OF_OPEN_RACE
  },
  importStartList: {
    summary: 'Read a start list, and take it',
    description: `${ADMIN} At most 1,000,000 bytes of CSV in UTF-8. A list with a fault is not taken at all.`,
    token,
    query: {
      apply: { description: 'Take it; without, it is read only.', schema: 'Switch' }
    },
    body: 'csv',
    done: { status: 200, description: 'What the list holds.', schema: 'StartListOutcome' },
    refusals: [...OF_RACE, 409, ...OF_BODY]
  },
  exportRace: {
    summary: 'A race as a table',
    description: `${ADMIN} A line per lap or per competitor. Lap formats only.`,
    token,
    done: { status: 200, description: 'CSV in UTF-8.', schema: 'csv' },
    refusals: OF_OPEN_RACE
  }
}

/** What officials do besides. */
const OFFICE: Record<string, OperationWords> = {
  getPerson: {
    summary: "A competitor's contact details",
    description: `${ADMIN} Each look is noted in the ledger.`,
    token,
    done: { status: 200, description: 'How to reach the person.', schema: 'Person' },
    refusals: OF_RACE
  },
  erasePerson: {
    summary: 'Forget a person',
    description: `${ADMIN} Contact details and name go everywhere; bib and laps stay. It cannot be undone.`,
    token,
    done: { status: 204, description: 'Forgotten.' },
    refusals: OF_RACE
  },
  getOperations: {
    summary: 'How the pipeline does',
    description: `${ADMIN} What waits in the hub, dead letters by reason, windows closed, and how long a reading takes to a screen.`,
    token,
    done: { status: 200, description: 'As it is now.', schema: 'Operations' },
    refusals: [401, 403, 503]
  },
  getMe: {
    summary: 'Who the caller is here',
    description: 'With any role of an official: `admin`, `timekeeper` or `commentator`.',
    token,
    done: { status: 200, description: 'Object and roles.', schema: 'Me' },
    refusals: [401, 403, 503]
  },
  createScreenLink: {
    summary: "Make a venue screen's link",
    description: `${ADMIN} The token opens sockets for 30 days; keep it as a key.`,
    token,
    body: 'ScreenLinkRequest',
    done: { status: 201, description: 'The token of the link.', schema: 'ScreenLink' },
    refusals: [400, 401, 403, ...OF_BODY, 503]
  },
  getFleet: {
    summary: 'The cars and timers',
    description: `${EITHER_ROLE} Read again after 4 s: the answer is up to that old.`,
    token,
    done: { status: 200, description: 'Every device as IoT Hub knows it.', schema: 'Fleet' },
    refusals: [401, 403, 503]
  },
  stopFleet: {
    summary: 'Stop every car',
    description: `${EITHER_ROLE} No body. Each car stands until it is released, one without a link as soon as it is back.`,
    token,
    done: { status: 200, description: 'What came of it, car by car.', schema: 'FleetOutcome' },
    refusals: [401, 403, 503]
  },
  callDevice: {
    summary: 'Stop or release one device, or have it show itself',
    description: `${EITHER_ROLE} No body. Stop and release hold for a device without a link too: that is an outcome, no error.`,
    token,
    done: { status: 200, description: 'What came of it.', schema: 'DeviceOutcome' },
    refusals: OF_RACE
  }
}

/** What takes an official's token. */
export const OFFICIALS: Record<string, OperationWords> = { ...TIMING, ...RACES, ...OFFICE }
