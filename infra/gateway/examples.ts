import { BOARDS, RIDE_ROW } from './boardExamples.ts'

const raceSummary = {
  raceId: 'tuesday-sprint',
  name: 'Tuesday sprint',
  place: 'Hall 4',
  format: { kind: 'ride', metric: 'distance' },
  phase: 'running',
  validity: 'provisional',
  startsAt: 1_772_000_000_000,
  endsAt: 1_772_000_600_000,
  competitors: 3
}
const entry = { bib: 17, name: 'Ada', country: 'NOR', class: '' }
const rideReading = {
  seq: 90,
  t: 1_772_000_090_000,
  cadence: 88,
  resistance: 40,
  power: 210,
  distance: 1_250_000,
  work: 18_900
}

const lapLine = {
  lap: 3,
  runId: 'tuesday-trial-16-1',
  ms: 9_870,
  valid: true,
  source: 'telemetry',
  resets: 0,
  at: 64_200
}
const lap = { bib: 16, lap: 3, lapMs: 9_870, valid: true }
const outcome = { deviceId: 'car-16', outcome: 'done', detail: 'The device confirms.' }
const race = {
  id: 'tuesday-sprint',
  raceId: 'tuesday-sprint',
  name: 'Tuesday sprint',
  format: { kind: 'ride', metric: 'distance' },
  course: { courseId: 'flat-road', name: 'Flat road' },
  capacity: 200,
  timetable: { opensAt: 1_771_999_700_000, startsAt: 1_772_000_000_000, durationMs: 600_000 }
}
const person = {
  kind: 'person',
  tenant: '6f0f2f3e-58a2-4b52-8a54-2a3a4c4a3f10',
  object: '1b7c9f0e-0a1d-4f0e-9d55-7a0a6f6f2c11'
}
const lapFact = {
  id: 'hand.tuesday-trial-16-1.0b9d3f62-6a7c-4b53-9d1e-2f8a7c5e4d10',
  raceId: 'tuesday-trial',
  kind: 'lap',
  at: 1_772_000_090_000,
  actor: person,
  runId: 'tuesday-trial-16-1',
  ...lap,
  source: 'hand'
}
const timedLap = {
  lapId: lapFact.id,
  runId: lapFact.runId,
  bib: 16,
  lap: 3,
  ms: 9_870,
  state: 'counts',
  why: '',
  source: 'hand',
  resets: 0,
  at: lapFact.at,
  recordedAt: lapFact.at,
  by: person,
  revision: 0
}
const timedRun = {
  runId: lapFact.runId,
  bib: 16,
  deviceId: 'car-16',
  sensorId: null,
  proxy: false,
  startedAt: 1_772_000_060_000,
  endedAt: null,
  pausedAt: null,
  pausedMs: 0,
  submitted: false,
  resets: 0,
  laps: [timedLap]
}
const review = {
  kind: 'held',
  bib: 16,
  runId: lapFact.runId,
  of: [lapFact.id],
  detail: 'Lap 3 took 1.200 s, less than the least possible time.'
}

/** One example of each schema that a caller sends or meets first. */
export const EXAMPLES: Record<string, unknown> = {
  RaceList: { races: [raceSummary], continuation: null },
  Row: RIDE_ROW,
  RankPage: { raceId: 'tuesday-sprint', version: 91, page: 0, rows: [RIDE_ROW] },
  BibPage: {
    raceId: 'tuesday-sprint',
    version: 91,
    page: 0,
    rank: [2, null, 1],
    value: [1_190_000, null, 1_250_000],
    gap: [4_100, null, 0]
  },
  LapPage: {
    raceId: 'tuesday-trial',
    version: 12,
    page: 0,
    laps: [...Array.from({ length: 15 }, () => []), [lapLine]]
  },
  Directory: { raceId: 'tuesday-sprint', version: 3, entries: [entry] },
  CompetitorDetail: {
    raceId: 'tuesday-sprint',
    version: 91,
    competitor: entry,
    row: RIDE_ROW,
    laps: []
  },
  Negotiation: {
    url: 'wss://example.webpubsub.azure.com/client/hubs/grandstand?access_token=eyJ',
    now: 1_772_000_090_000
  },
  SeatRequest: { nickname: 'Ada', country: 'NOR' },
  Seat: {
    raceId: 'tuesday-sprint',
    bib: 17,
    competitorId: 'k3v9x2',
    nickname: 'Ada',
    token: 'eyJ',
    expiresAt: 1_772_000_620_000,
    idleMs: 120_000,
    pass: 'eyJ'
  },
  RideReading: rideReading,
  RiderBody: rideReading,
  CarBody: {
    boot: 4,
    readings: [{ seq: 0, t: 1_200, x: 1.5, y: -0.25, yaw: 0.1, speed: 1.4, wheelsOnTrack: true }]
  },
  RaceRequest: race,
  SeriesRequest: {
    seriesId: 'tuesday-rides',
    races: 12,
    startsAt: 1_772_000_000_000,
    everyMs: 420_000,
    race: {
      name: 'Tuesday ride',
      format: race.format,
      course: race.course,
      capacity: 200,
      timetable: { durationMs: 300_000 }
    }
  },
  Series: { seriesId: 'tuesday-rides', races: ['tuesday-rides-1', 'tuesday-rides-2'] },
  Extension: { endsAt: 1_772_000_900_000 },
  ...BOARDS,
  Operations: {
    asOf: 1_772_000_090_000,
    pulse: {
      at: 1_772_000_088_000,
      partitions: [{ last: 90_210, behind: 3 }],
      races: [
        {
          raceId: 'tuesday-sprint',
          phase: 'running',
          windows: 90,
          folded: 269,
          closedAt: 1_772_000_087_000
        }
      ]
    },
    deadLetters: [{ reason: 'too-late', count: 2, newestAt: 1_772_000_080_000 }],
    latencies: [{ at: 1_772_000_060_000, ms: 640 }]
  },
  LapRequest: lap,
  LapFact: lapFact,
  Fact: lapFact,
  RacePatch: { capacity: 120 },
  RunRequest: { runId: 'tuesday-trial-16-1', bib: 16, deviceId: 'car-16', at: 1_772_000_060_000 },
  RunEvent: { kind: 'reset', at: 1_772_000_082_000 },
  Retraction: { of: lapFact.id },
  EntryRequest: { name: 'Ada', country: 'NOR', contact: { email: 'ada@example.org' } },
  Entry: { raceId: 'tuesday-trial', bib: 17, competitorId: 'k3v9x2' },
  Correction: {
    kind: 'lap',
    lapId: lapFact.id,
    lapMs: 9_910,
    valid: true,
    revision: 0,
    reason: 'By the video'
  },
  TimedLap: timedLap,
  ReviewItem: review,
  Queue: {
    raceId: 'tuesday-trial',
    asOf: 1_772_000_091_000,
    maxRuns: 3,
    runMs: 180_000,
    allowedResets: 2,
    classes: ['PRO', 'AM'],
    racers: [
      {
        bib: 16,
        competitorId: 'k3v9x2',
        name: 'Ada',
        status: 'running',
        rank: 1,
        runs: 1,
        lastRunAt: timedRun.startedAt
      }
    ],
    runs: [timedRun],
    review: [review]
  },
  LedgerPage: { raceId: 'tuesday-trial', facts: [lapFact], continuation: null },
  BoardAt: { raceId: 'tuesday-trial', at: 1_772_000_091_000, rows: [RIDE_ROW], review: [] },
  Explanation: {
    raceId: 'tuesday-trial',
    bib: 16,
    rank: 1,
    tied: false,
    status: 'running',
    rule: 'The best single valid lap decides.',
    decides: [{ bib: 16, rank: 1, value: 9_870, laps: [lapFact.id] }],
    laps: [timedLap],
    changes: []
  },
  StartListOutcome: {
    raceId: 'tuesday-trial',
    applied: false,
    entries: [{ line: 2, bib: 17, name: 'Ada', known: false }],
    faults: [{ line: 3, detail: 'bib must be a whole number' }]
  },
  Person: { id: 'k3v9x2', competitorId: 'k3v9x2', email: 'ada@example.org', ttl: 7_776_000 },
  Me: { tenant: person.tenant, object: person.object, roles: ['timekeeper'] },
  ScreenLinkRequest: { name: 'hall-4' },
  ScreenLink: { token: 'eyJ', expiresAt: 1_774_592_090_000 },
  Fleet: {
    asOf: 1_772_000_090_000,
    devices: [
      {
        deviceId: 'car-16',
        enabled: true,
        connected: true,
        lastSeen: 1_772_000_089_400,
        stopOrdered: false,
        reported: { kind: 'car', battery: 81, link: { ackMs: 24, losses: 0 }, stopped: false }
      }
    ]
  },
  DeviceOutcome: outcome,
  FleetOutcome: { devices: [outcome] }
}
