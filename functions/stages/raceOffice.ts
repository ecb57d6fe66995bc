import * as v from 'valibot'
import { type Actor, type Fact, Race, type RacePatch, type RaceRequest } from '#contract'
import { type ConfigurationPorts, changeId, changesOf, configuration } from './configuration.ts'
import { difference } from './difference.ts'
import { codeHash } from './digests.ts'
import { Refused } from './problem.ts'

/** Longest value that a refusal repeats, in characters. */
const VALUE_MAX_CHARS = 120

/** What creating and changing races needs; each rejects when the service failed. */
export type RaceOfficePorts = ConfigurationPorts & {
  /** Stores the configuration; false when a race with its id is there. */
  createRace(race: Race): Promise<boolean>
  readRace(raceId: string): Promise<Race | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Creates races and changes those that are not open. The same request again completes what a crash left half done. */
export function createRaceOffice(ports: RaceOfficePorts) {
  return {
    /** `created` is false when the same race is there already; another one under its id is refused. */
    async create(asked: RaceRequest, actor: Actor): Promise<{ race: Race; created: boolean }> {
      const { raceId } = asked
      const race = stored(asked)
      const created = await ports.createRace(race)
      if (!created) refuseAnother(race, await ports.readRace(raceId))
      // After the race: the life that this fact starts reads its configuration.
      await ports.appendFact({ id: 'schedule', raceId, kind: 'schedule', at: ports.now(), actor })
      return { race, created }
    },

    /** Throws `Refused` where what is asked for is another race than the one that is there. */
    compare: (asked: RaceRequest, known: Race): void => refuseAnother(stored(asked), known),

    /** The race with these parts instead of its own; one that is so already stays without a new fact. */
    async change(raceId: string, patch: RacePatch, actor: Actor): Promise<Race> {
      const { race: before, facts } = await configuration(ports, raceId)
      refuseBegun(raceId, facts)
      const parts = storedParts(raceId, patch)
      const race = changed(before, parts)
      if (difference(before, race) === undefined) return race
      const at = ports.now()
      const id = changeId(changesOf(facts).length + 1)
      const stamp = { id, raceId, at, recordedAt: at, actor }
      const isFirst = await ports.appendFact({ ...stamp, kind: 'configure', race, before })
      const after = await configuration(ports, raceId)
      if (!isFirst) refuseOverrun(raceId, parts, after.race)
      if (difference(race, after.race) !== undefined) refuseBegun(raceId, after.facts)
      return race
    }
  }
}

const stored = (asked: RaceRequest): Race => ({
  ...asked,
  registration: registrationOf(asked.raceId, asked.registration)
})

/** As it is stored: of a code its hash alone. */
const registrationOf = (
  raceId: string,
  asked: RaceRequest['registration']
): Race['registration'] =>
  asked.kind === 'code' ? { kind: 'code', hash: codeHash(raceId, asked.code) } : asked

/** The parts of a change as they are stored. */
const storedParts = (raceId: string, { registration, ...parts }: RacePatch) => ({
  ...parts,
  ...(registration && { registration: registrationOf(raceId, registration) })
})

type Parts = ReturnType<typeof storedParts>

function changed(before: Race, parts: Parts): Race {
  const parsed = v.safeParse(Race, { ...before, ...parts })
  if (parsed.success) return parsed.output
  const { message } = parsed.issues[0]
  const pointer = `/${(v.getDotPath(parsed.issues[0]) ?? '').replaceAll('.', '/')}`
  throw new Refused('bad-body', message, [{ pointer, detail: message }])
}

function refuseAnother(race: Race, known: Race | undefined): void {
  const pointer = difference(race, known)
  if (pointer === undefined) return
  const detail = `Race ${race.raceId} is there already with another ${pointer}: take another id, or send what is there.`
  throw new Refused('conflict', detail, [{ pointer, detail: 'is another in the race that exists' }])
}

function refuseBegun(raceId: string, facts: Fact[]): void {
  const end = facts.find(({ kind }) => kind === 'open' || kind === 'abort')
  if (!end) return
  const why =
    end.kind === 'open'
      ? 'is open, and its configuration is frozen: create another race, or correct what was timed'
      : 'was aborted: create another race'
  throw new Refused('conflict', `Race ${raceId} ${why}.`)
}

/** Both versions of what was asked and is now another; a change that came to the same is no conflict. */
function refuseOverrun(raceId: string, parts: Parts, now: Race): void {
  const errors = Object.entries(parts).flatMap(([part, asked]) => {
    const present = now[part as keyof Race]
    if (difference(asked, present) === undefined) return []
    const detail = `is now ${shown(present)}; asked was ${shown(asked)}`
    return [{ pointer: `/${part}`, detail }]
  })
  const detail = `Somebody else changed race ${raceId} at the same time: look at it, then send it again.`
  throw new Refused('conflict', detail, errors)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not set'
  return text.length > VALUE_MAX_CHARS ? `${text.slice(0, VALUE_MAX_CHARS)}…` : text
}
