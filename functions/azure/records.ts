import type { SqlQuerySpec } from '@azure/cosmos'
import * as v from 'valibot'
import { type DeadLetter, Fact, Race } from '#contract'
import { container } from './database.ts'
import { aborting, createItem, readItem, replaceItem } from './items.ts'

/** A race's configuration; undefined where there is no such race. Throws where the stored item is not one. */
export async function readRace(raceId: string): Promise<Race | undefined> {
  const found = await readItem('races', raceId, raceId)
  return found && v.parse(Race, found.item)
}

/** Stores a race's configuration; false when a race with its id is there. */
export const createRace = (race: Race): Promise<boolean> => createItem('races', race)

/** A race's configuration with the etag under which it may be replaced. */
export async function readRaceForWrite(
  raceId: string
): Promise<{ race: Race; etag: string } | undefined> {
  const found = await readItem('races', raceId, raceId)
  return found && { race: v.parse(Race, found.item), etag: found.etag }
}

/** Replaces a race's configuration under its etag; false when another one is there, or none. */
export const replaceRace = async (race: Race, etag: string): Promise<boolean> =>
  (await replaceItem('races', race, race.raceId, etag)) !== 'conflict'

/** All races' configurations. */
export async function readRaces(): Promise<Race[]> {
  const { resources } = await container('races').items.query('SELECT * FROM c').fetchAll()
  return resources.map(item => v.parse(Race, item))
}

/** Appends a fact to the ledger; false when a fact with its id is there. */
export const appendFact = (fact: Fact, signal?: AbortSignal): Promise<boolean> =>
  createItem('ledger', fact, signal)

/** Reads a fact back: the one that holds when another writer was first. */
export async function readFact(raceId: string, id: string): Promise<Fact | undefined> {
  const found = await readItem('ledger', id, raceId)
  return found && v.parse(Fact, found.item)
}

/** All facts of a race, in any order. What is no fact is left out and told to the log, as where facts are counted. */
export const readLedger = (raceId: string): Promise<Fact[]> => queryFacts(raceId, 'SELECT * FROM c')

/** The facts that name a run: its beginning and end, laps, resets, pauses; not what was decided on them. */
export const readRun = (raceId: string, runId: string): Promise<Fact[]> =>
  queryFacts(raceId, {
    query: 'SELECT * FROM c WHERE c.runId = @runId',
    parameters: [{ name: '@runId', value: runId }]
  })

async function queryFacts(raceId: string, query: string | SqlQuerySpec): Promise<Fact[]> {
  const options = { partitionKey: raceId }
  const { resources } = await container('ledger').items.query(query, options).fetchAll()
  return resources.flatMap(item => {
    const parsed = v.safeParse(Fact, item)
    if (!parsed.success) console.error(`not a fact: ${parsed.issues[0].message}`, item)
    return parsed.success ? [parsed.output] : []
  })
}

/** Stores dead letters side by side; the same ones again overwrite themselves. */
export async function storeDeadLetters(letters: DeadLetter[], signal?: AbortSignal): Promise<void> {
  await Promise.all(
    letters.map(letter => container('deadLetters').items.upsert(letter, aborting(signal)))
  )
}
