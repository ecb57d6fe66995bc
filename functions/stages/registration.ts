import type { Competitor, Contact, EntryRequest, FactOf, Head, Person, Race } from '#contract'
import { isTimedByLaps } from '#race/metric'
import { isOver } from '#race/phase'
import { Refused } from './problem.ts'

/** How long contact details are kept, in s: protests and prizes of a meeting are settled by then. */
export const CONTACT_TTL_S = 90 * 86_400

/** Where competitors are registered; each rejects when the service failed. */
export type RegistrationPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readHead(raceId: string): Promise<Head | undefined>
  /** Everybody who was ever put on the race's start list, in any order. */
  readEntries(raceId: string): Promise<FactOf<'enter'>[]>
  /** One that is there already stays as it is. */
  createCompetitor(competitor: Competitor): Promise<unknown>
  /** One that is there already stays as it is. */
  createPerson(person: Person): Promise<unknown>
  now(): number
}

/** A competitor's public face. */
export type Face = Pick<Competitor, 'name' | 'country' | 'class'>

/** The race; throws `Refused` where there is none, or one without a start list: riders take seats. */
export async function listedRace(ports: RegistrationPorts, raceId: string): Promise<Race> {
  const race = await ports.readRace(raceId)
  if (!race) throw new Refused('not-found', `There is no race ${raceId}.`)
  if (isTimedByLaps(race.format)) return race
  const detail = `Race ${raceId} has no start list: only races of laps have one.`
  throw new Refused('conflict', detail)
}

/** Throws `Refused` once nobody can race any more. Before the opening everybody may be entered. */
export async function refuseOver(ports: RegistrationPorts, raceId: string): Promise<void> {
  const phase = (await ports.readHead(raceId))?.phase ?? 'scheduled'
  if (phase !== 'aborted' && !isOver(phase)) return
  throw new Refused('race-not-open', `Race ${raceId} takes nobody any more: it is ${phase}.`)
}

/** The public face in one spelling, so that the same name is the same text. */
export const faceOf = ({ name, country = '', class: raced = '' }: EntryRequest): Face => ({
  name: squeezed(name),
  country,
  class: squeezed(raced)
})

const squeezed = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

/** Why a competitor cannot be in this class; undefined where that is right. None is always. */
export function classFault({ classes }: Race, raced: string): string | undefined {
  if (!raced || !classes.length || classes.includes(raced)) return undefined
  return `the class ${raced} is none of this race: ${classes.join(', ')}`
}

/** Brings what belongs to an entry: the public face, then how to reach the person, so that nobody unseen is kept. */
export async function register(
  ports: RegistrationPorts,
  { raceId, bib, competitorId }: Pick<FactOf<'enter'>, 'raceId' | 'bib' | 'competitorId'>,
  face: Face,
  contact: Contact | undefined
): Promise<void> {
  const ids = { id: competitorId, competitorId }
  await ports.createCompetitor({ ...ids, ...face, entries: [{ raceId, bib }] })
  if (!contact?.email && !contact?.phone) return
  await ports.createPerson({ ...ids, ...contact, ttl: CONTACT_TTL_S })
}
