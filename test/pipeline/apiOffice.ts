import { type ApiCase, ENDED, TRIAL } from './apiCase.ts'

const CSV = { 'content-type': 'text/csv' }
const LIST = 'bib,name,country\r\n4,"Ōe, K.",JPN\r\n'
const DECISION = { kind: 'status', bib: 2, status: 'dns', revision: 0, reason: 'Not at the line' }

/** A key has one use in a race. */
const DECIDED = { 'idempotency-key': 'decision-0001' }
const NEW = { 'idempotency-key': 'decision-0002' }

/** What admins order and decide, and who is who. */
export const office: ApiCase[] = [
  { does: 'tells an admin who it is', operation: 'getMe', path: '/me', status: 200, as: 'admin' },
  { does: 'tells a timekeeper', operation: 'getMe', path: '/me', status: 200, as: 'timekeeper' },
  { does: 'knows nobody', operation: 'getMe', path: '/me', status: 401 },
  { does: 'knows no car', operation: 'getMe', path: '/me', status: 403, as: 'car' },
  {
    does: 'changes a race',
    operation: 'changeRace',
    path: '/races/api-closed',
    status: 200,
    as: 'admin',
    body: { capacity: 5 }
  },
  {
    does: 'changes no race that is open',
    operation: 'changeRace',
    path: `/races/${TRIAL}`,
    status: 409,
    as: 'admin',
    body: { capacity: 5 }
  },
  {
    does: 'changes no race that is not there',
    operation: 'changeRace',
    path: '/races/nowhere',
    status: 404,
    as: 'admin',
    body: { capacity: 5 }
  },
  {
    does: 'makes no race for nobody',
    operation: 'changeRace',
    path: '/races/api-closed',
    status: 400,
    as: 'admin',
    body: { capacity: 0 }
  },
  {
    does: 'changes nothing for a timekeeper',
    operation: 'changeRace',
    path: '/races/api-closed',
    status: 403,
    as: 'timekeeper',
    body: { capacity: 5 }
  },
  {
    does: 'starts no race that is not open',
    operation: 'stepRace',
    path: '/races/api-closed/steps/start',
    status: 409,
    as: 'admin'
  },
  {
    does: 'opens a race',
    operation: 'stepRace',
    path: '/races/api-closed/steps/open',
    status: 201,
    as: 'admin'
  },
  {
    does: 'opens it once',
    operation: 'stepRace',
    path: '/races/api-closed/steps/open',
    status: 201,
    as: 'admin'
  },
  {
    does: 'knows no other step',
    operation: 'stepRace',
    path: '/races/api-closed/steps/undo',
    status: 400,
    as: 'admin'
  },
  {
    does: 'steps nowhere',
    operation: 'stepRace',
    path: '/races/nowhere/steps/open',
    status: 404,
    as: 'admin'
  },
  {
    does: 'steps for no timekeeper',
    operation: 'stepRace',
    path: '/races/api-closed/steps/abort',
    status: 403,
    as: 'timekeeper'
  },
  {
    does: 'gives the second signature',
    operation: 'stepRace',
    path: `/races/${ENDED}/steps/confirm`,
    status: 201,
    as: 'admin'
  },
  {
    does: 'decides on a competitor',
    operation: 'correctRace',
    path: `/races/${TRIAL}/corrections`,
    status: 201,
    as: 'admin',
    headers: DECIDED,
    body: DECISION
  },
  {
    does: 'decides so once',
    operation: 'correctRace',
    path: `/races/${TRIAL}/corrections`,
    status: 201,
    as: 'admin',
    headers: DECIDED,
    body: DECISION
  },
  {
    does: 'keeps another decision from its key',
    operation: 'correctRace',
    path: `/races/${TRIAL}/corrections`,
    status: 422,
    as: 'admin',
    headers: DECIDED,
    body: { ...DECISION, status: 'dnf' }
  },
  {
    does: 'names what another decided',
    operation: 'correctRace',
    path: `/races/${TRIAL}/corrections`,
    status: 409,
    as: 'admin',
    headers: NEW,
    body: { ...DECISION, status: 'dnf' }
  },
  {
    does: 'wants a reason',
    operation: 'correctRace',
    path: `/races/${TRIAL}/corrections`,
    status: 400,
    as: 'admin',
    headers: NEW,
    body: { ...DECISION, reason: '' }
  },
  {
    does: 'decides nothing in no race',
    operation: 'correctRace',
    path: '/races/nowhere/corrections',
    status: 404,
    as: 'admin',
    headers: DECIDED,
    body: DECISION
  },
  {
    does: 'decides nothing for a timekeeper',
    operation: 'correctRace',
    path: `/races/${TRIAL}/corrections`,
    status: 403,
    as: 'timekeeper',
    headers: DECIDED,
    body: DECISION
  },
  {
    does: 'reads a start list',
    operation: 'importStartList',
    path: `/races/${TRIAL}/startlist`,
    status: 200,
    as: 'admin',
    headers: CSV,
    body: LIST
  },
  {
    does: 'takes it',
    operation: 'importStartList',
    path: `/races/${TRIAL}/startlist?apply=true`,
    status: 200,
    as: 'admin',
    headers: CSV,
    body: LIST
  },
  {
    does: 'takes none of another type',
    operation: 'importStartList',
    path: `/races/${TRIAL}/startlist`,
    status: 415,
    as: 'admin',
    body: LIST
  },
  {
    does: 'takes none of 1 MB',
    operation: 'importStartList',
    path: `/races/${TRIAL}/startlist`,
    status: 413,
    as: 'admin',
    headers: CSV,
    body: LIST.padEnd(1_000_001)
  },
  {
    does: 'takes it or not',
    operation: 'importStartList',
    path: `/races/${TRIAL}/startlist?apply=maybe`,
    status: 400,
    as: 'admin',
    headers: CSV,
    body: LIST
  },
  {
    does: 'takes none for no race',
    operation: 'importStartList',
    path: '/races/nowhere/startlist',
    status: 404,
    as: 'admin',
    headers: CSV,
    body: LIST
  },
  {
    does: 'takes none from a timekeeper',
    operation: 'importStartList',
    path: `/races/${TRIAL}/startlist`,
    status: 403,
    as: 'timekeeper',
    headers: CSV,
    body: LIST
  }
]
