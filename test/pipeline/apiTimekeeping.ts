import { type ApiCase, ENDED, KEY, LAP, OTHER_KEY, RUN_2, TOO_MANY, TRIAL } from './apiCase.ts'

const DAY_MS = 86_400_000
const RUN_PATH = `/races/${TRIAL}/runs/run-2`
const ENTRY = { name: 'Åsa', country: 'NOR', contact: { email: 'asa@example.org' } }

/** What timekeepers do beside entering laps: the competitor whom they enter gets bib 2, and drives. */
export const timekeeping: ApiCase[] = [
  {
    does: 'shows who races next',
    operation: 'getQueue',
    path: `/races/${TRIAL}/queue`,
    status: 200,
    as: 'timekeeper'
  },
  {
    does: 'shows an admin no queue',
    operation: 'getQueue',
    path: `/races/${TRIAL}/queue`,
    status: 403,
    as: 'admin'
  },
  {
    does: 'has no queue of no race',
    operation: 'getQueue',
    path: '/races/nowhere/queue',
    status: 404,
    as: 'timekeeper'
  },
  {
    does: 'has no queue before the opening',
    operation: 'getQueue',
    path: '/races/api-closed/queue',
    status: 409,
    as: 'timekeeper'
  },
  {
    does: 'enters a competitor',
    operation: 'enterCompetitor',
    path: `/races/${TRIAL}/entries`,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: ENTRY
  },
  {
    does: 'enters the same one once',
    operation: 'enterCompetitor',
    path: `/races/${TRIAL}/entries`,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: ENTRY
  },
  {
    does: 'keeps another one from the key',
    operation: 'enterCompetitor',
    path: `/races/${TRIAL}/entries`,
    status: 422,
    as: 'timekeeper',
    headers: KEY,
    body: { ...ENTRY, name: 'Bo' }
  },
  {
    does: 'gives no number twice',
    operation: 'enterCompetitor',
    path: `/races/${TRIAL}/entries`,
    status: 409,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: { ...ENTRY, bib: 2 }
  },
  {
    does: 'refuses one without a key',
    operation: 'enterCompetitor',
    path: `/races/${TRIAL}/entries`,
    status: 400,
    as: 'timekeeper',
    body: ENTRY
  },
  {
    does: 'refuses a name of control characters',
    operation: 'enterCompetitor',
    path: `/races/${TRIAL}/entries`,
    status: 400,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: { name: 'A\u0000' }
  },
  {
    does: 'begins a run',
    operation: 'startRun',
    path: `/races/${TRIAL}/runs`,
    status: 201,
    as: 'timekeeper',
    body: () => RUN_2
  },
  {
    does: 'begins the same run once',
    operation: 'startRun',
    path: `/races/${TRIAL}/runs`,
    status: 201,
    as: 'timekeeper',
    body: () => RUN_2
  },
  {
    does: 'keeps another run from its id',
    operation: 'startRun',
    path: `/races/${TRIAL}/runs`,
    status: 409,
    as: 'timekeeper',
    body: () => ({ ...RUN_2, bib: 1 })
  },
  {
    does: 'begins none tomorrow',
    operation: 'startRun',
    path: `/races/${TRIAL}/runs`,
    status: 400,
    as: 'timekeeper',
    body: () => ({ ...RUN_2, runId: 'run-9', at: Date.now() + DAY_MS })
  },
  {
    does: 'begins none in no race',
    operation: 'startRun',
    path: '/races/nowhere/runs',
    status: 404,
    as: 'timekeeper',
    body: () => RUN_2
  },
  {
    does: 'begins none for a car',
    operation: 'startRun',
    path: `/races/${TRIAL}/runs`,
    status: 403,
    as: 'car',
    body: () => RUN_2
  },
  {
    does: 'holds its clock',
    operation: 'recordRunEvent',
    path: `${RUN_PATH}/events`,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: () => ({ kind: 'pause', at: RUN_2.at + 1 })
  },
  {
    does: 'keeps another event from its key',
    operation: 'recordRunEvent',
    path: `${RUN_PATH}/events`,
    status: 422,
    as: 'timekeeper',
    headers: KEY,
    body: () => ({ kind: 'end', at: RUN_2.at + 1 })
  },
  {
    does: 'refuses one without a key',
    operation: 'recordRunEvent',
    path: `${RUN_PATH}/events`,
    status: 400,
    as: 'timekeeper',
    body: () => ({ kind: 'end', at: RUN_2.at + 1 })
  },
  {
    does: 'knows no other event',
    operation: 'recordRunEvent',
    path: `${RUN_PATH}/events`,
    status: 400,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: () => ({ kind: 'rest', at: RUN_2.at })
  },
  {
    does: 'has no events in no race',
    operation: 'recordRunEvent',
    path: '/races/nowhere/runs/run-2/events',
    status: 404,
    as: 'timekeeper',
    headers: KEY,
    body: { kind: 'end', at: 1 }
  },
  {
    does: 'takes none before the opening',
    operation: 'recordRunEvent',
    path: '/races/api-closed/runs/run-2/events',
    status: 409,
    as: 'timekeeper',
    headers: KEY,
    body: { kind: 'end', at: 1 }
  },
  {
    does: 'takes none from a rider',
    operation: 'recordRunEvent',
    path: `${RUN_PATH}/events`,
    status: 401,
    as: 'seat',
    headers: KEY,
    body: { kind: 'end', at: 1 }
  },
  {
    does: 'enters a lap too many',
    operation: 'recordLap',
    path: `${RUN_PATH}/laps`,
    status: 201,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: { ...LAP, bib: 2 }
  },
  {
    does: 'takes it back',
    operation: 'takeBack',
    path: `/races/${TRIAL}/retractions`,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: { of: TOO_MANY }
  },
  {
    does: 'takes it back once',
    operation: 'takeBack',
    path: `/races/${TRIAL}/retractions`,
    status: 201,
    as: 'timekeeper',
    headers: KEY,
    body: { of: TOO_MANY }
  },
  {
    does: 'keeps another from its key',
    operation: 'takeBack',
    path: `/races/${TRIAL}/retractions`,
    status: 422,
    as: 'timekeeper',
    headers: KEY,
    body: { of: 'other' }
  },
  {
    does: 'takes no run back',
    operation: 'takeBack',
    path: `/races/${TRIAL}/retractions`,
    status: 409,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: { of: 'run.run-2' }
  },
  {
    does: 'takes nothing back that is not there',
    operation: 'takeBack',
    path: `/races/${TRIAL}/retractions`,
    status: 404,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: { of: 'other' }
  },
  {
    does: 'refuses nothing',
    operation: 'takeBack',
    path: `/races/${TRIAL}/retractions`,
    status: 400,
    as: 'timekeeper',
    headers: OTHER_KEY,
    body: { of: '' }
  },
  {
    does: 'proposes no race that goes on',
    operation: 'proposeResult',
    path: `/races/${TRIAL}/proposal`,
    status: 409,
    as: 'timekeeper'
  },
  {
    does: 'proposes no race that is not there',
    operation: 'proposeResult',
    path: '/races/nowhere/proposal',
    status: 404,
    as: 'timekeeper'
  },
  {
    does: 'proposes nothing for an admin',
    operation: 'proposeResult',
    path: `/races/${ENDED}/proposal`,
    status: 403,
    as: 'admin'
  },
  {
    does: 'proposes a classification',
    operation: 'proposeResult',
    path: `/races/${ENDED}/proposal`,
    status: 201,
    as: 'timekeeper'
  }
]
