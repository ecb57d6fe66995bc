import { forged } from '../forgery.ts'
import type { Refusal, Refusals } from './refusal.ts'

type Official = 'admin' | 'timekeeper'

/** Refuses who brings no token, a forged one or a seat's, and an official of another role. */
const forOfficials =
  (method: string, below: string, ...roles: Official[]): Refusals =>
  async ({ raceId, seat, ...tokens }) => {
    const call = { method, path: below.replace('{race}', `/races/${raceId}`) }
    const others = (['admin', 'timekeeper'] as const).filter(role => !roles.includes(role))
    const unauthorized = { status: 401, kind: 'unauthorized' } as const
    const refused: Refusal[] = others.map(role => {
      return { ...call, token: tokens[role], status: 403, kind: 'forbidden' }
    })
    return [
      { ...call, ...unauthorized },
      { ...call, token: seat.token, ...unauthorized },
      { ...call, token: await forged(tokens[roles[0] ?? 'admin']), ...unauthorized },
      ...refused
    ]
  }

/** What officials' operations refuse before they look at what was sent. */
export const OFFICIALS_REFUSED: Record<string, Refusals> = {
  getMe: forOfficials('GET', '/me', 'admin', 'timekeeper'),
  getFleet: forOfficials('GET', '/fleet', 'admin', 'timekeeper'),
  stopFleet: forOfficials('POST', '/fleet/stop', 'admin', 'timekeeper'),
  callDevice: forOfficials('POST', '/fleet/smoke-car/identify', 'admin', 'timekeeper'),
  getQueue: forOfficials('GET', '{race}/queue', 'timekeeper'),
  startRun: forOfficials('POST', '{race}/runs', 'timekeeper'),
  recordRunEvent: forOfficials('POST', '{race}/runs/smoke-run/events', 'timekeeper'),
  takeBack: forOfficials('POST', '{race}/retractions', 'timekeeper'),
  enterCompetitor: forOfficials('POST', '{race}/entries', 'timekeeper'),
  proposeResult: forOfficials('POST', '{race}/proposal', 'timekeeper'),
  changeRace: forOfficials('PATCH', '{race}', 'admin'),
  createSeries: forOfficials('POST', '/series', 'admin'),
  extendRace: forOfficials('POST', '{race}/extension', 'admin'),
  stepRace: forOfficials('POST', '{race}/steps/close', 'admin'),
  correctRace: forOfficials('POST', '{race}/corrections', 'admin'),
  getLedger: forOfficials('GET', '{race}/ledger', 'admin'),
  explainRank: forOfficials('GET', '{race}/explanations/1', 'admin'),
  getBoardAt: forOfficials('GET', '{race}/board?at=0', 'admin'),
  importStartList: forOfficials('POST', '{race}/startlist', 'admin'),
  exportRace: forOfficials('GET', '{race}/exports/laps', 'admin'),
  getPerson: forOfficials('GET', '/people/smoke-person', 'admin'),
  erasePerson: forOfficials('DELETE', '/people/smoke-person', 'admin'),
  getOperations: forOfficials('GET', '/operations', 'admin')
}
