import { type Container, CosmosClient, ErrorResponse } from '@azure/cosmos'
import * as v from 'valibot'
import { type Actor, type Competitor, Fact, type FactOf, Race } from '#contract'

/** How to reach the database. */
export type CosmosAccess = { endpoint: string; key: string; database: string }
/** Whom the official acts for in the ledger. */
type Person = 'director' | 'steward' | 'timekeeper'

/** Cosmos DB: an item of that id is there already. */
const CONFLICT = 409
/** Earlier races whose entries a competitor keeps: each change of the item is brought into all of them. */
const ENTRIES_KEPT = 7

const by = (object: Person): Actor => ({ kind: 'person', tenant: 'simulated', object })

type RaceInput = v.InferInput<typeof Race>
type Face = Omit<Competitor, 'id' | 'entries'>
type Run = Pick<FactOf<'run'>, 'runId' | 'bib' | 'deviceId' | 'sensorId'>
/** A fact without what the office adds; its `id` is the idempotency key within the race. */
type Entry = {
  [K in Fact['kind']]: Omit<FactOf<K>, 'at' | 'actor'> & { by?: Person }
}[Fact['kind']]

/**
 * What an official's tool does: writes configurations, facts and public faces. A repeated fact changes nothing.
 * Calls reject with the database client's errors where the database does not answer.
 */
export function openOffice(access: CosmosAccess, now: () => number) {
  const client = new CosmosClient({ endpoint: access.endpoint, key: access.key })
  const database = client.database(access.database)
  const races = database.container('races')
  const ledger = database.container('ledger')
  const competitors = database.container('competitors')

  const create = async (container: Container, item: object): Promise<boolean> => {
    try {
      await container.items.create(item)
      return true
    } catch (error) {
      if (error instanceof ErrorResponse && error.code === CONFLICT) return false
      throw error
    }
  }
  const record = async ({ by: person = 'director', ...entry }: Entry): Promise<void> => {
    await create(ledger, v.parse(Fact, { ...entry, at: Math.floor(now()), actor: by(person) }))
  }
  const createRace = (race: Race) => create(races, race)

  return {
    /** False where a race of that id is there already. */
    createRace,
    record,
    /** Creates a timetabled race, which then lives by itself. False, and nothing done, where the id is taken. */
    async scheduleRide(input: RaceInput): Promise<boolean> {
      const race = v.parse(Race, input)
      if (!(await createRace(race))) return false
      await record({ id: 'schedule', raceId: race.id, kind: 'schedule' })
      return true
    },
    /** Creates an attended race and opens it. False, and nothing done, where the id is taken. */
    async openTimeTrial(input: RaceInput): Promise<boolean> {
      const race = v.parse(Race, input)
      if (!(await createRace(race))) return false
      await record({ id: 'schedule', raceId: race.id, kind: 'schedule' })
      await record({ id: 'open', raceId: race.id, kind: 'open', race })
      return true
    },
    /** Puts a competitor on the start list of a race and shows the name there. */
    async enter(raceId: string, bib: number, face: Face): Promise<void> {
      const { competitorId } = face
      const { resource } = await competitors.item(competitorId, competitorId).read<Competitor>()
      const others = (resource?.entries ?? []).filter(entry => entry.raceId !== raceId)
      const entries = [...others.slice(-ENTRIES_KEPT), { raceId, bib }]
      await competitors.items.upsert({ id: competitorId, ...face, entries } satisfies Competitor)
      await record({ id: `enter.${bib}`, raceId, kind: 'enter', bib, competitorId })
    },
    start: (raceId: string) => record({ id: 'start', raceId, kind: 'start' }),
    startRun: (raceId: string, run: Run) =>
      record({ id: `run.${run.runId}`, raceId, kind: 'run', ...run, by: 'timekeeper' }),
    endRun(raceId: string, { bib: _, ...run }: Run) {
      const id = `run-end.${run.runId}`
      return record({ id, raceId, kind: 'runEnd', ...run, by: 'timekeeper' })
    },
    close: (raceId: string) => record({ id: 'close', raceId, kind: 'close' }),
    /** Two persons confirm: the classification becomes official. */
    async confirm(raceId: string): Promise<void> {
      await record({ id: 'confirm.director', raceId, kind: 'confirm', by: 'director' })
      await record({ id: 'confirm.steward', raceId, kind: 'confirm', by: 'steward' })
    }
  }
}

export type Official = ReturnType<typeof openOffice>
