import * as v from 'valibot'
import { type DeadLetter, Fact, Race } from '#contract'
import { container } from './database.ts'
import { aborting, createItem, readItem } from './items.ts'

/** A race's configuration; undefined where there is no such race. Throws where the stored item is not one. */
export async function readRace(raceId: string): Promise<Race | undefined> {
  const found = await readItem('races', raceId, raceId)
  return found && v.parse(Race, found.item)
}

/** Stores a race's configuration; false when a race with its id is there. */
export const createRace = (race: Race): Promise<boolean> => createItem('races', race)

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

/** Stores dead letters side by side; the same ones again overwrite themselves. */
export async function storeDeadLetters(letters: DeadLetter[], signal?: AbortSignal): Promise<void> {
  await Promise.all(
    letters.map(letter => container('deadLetters').items.upsert(letter, aborting(signal)))
  )
}
