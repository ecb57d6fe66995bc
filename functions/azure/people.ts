import { createHmac } from 'node:crypto'
import * as v from 'valibot'
import { Fact, type FactOf, Person } from '#contract'
import { answered, container } from './database.ts'
import { createItem, readItem } from './items.ts'

/** Stores how to reach a person; false when that is there. */
export const createPerson = (person: Person): Promise<boolean> => createItem('people', person)

/** How to reach a person; undefined where nothing is stored. */
export async function readPerson(competitorId: string): Promise<Person | undefined> {
  const found = await readItem('people', competitorId, competitorId)
  return found && v.parse(Person, found.item)
}

/** Deletes how to reach a person; false when nothing was stored. */
export async function deletePerson(competitorId: string): Promise<boolean> {
  try {
    await container('people').item(competitorId, competitorId).delete()
    return true
  } catch (error) {
    if (answered(error, 404)) return false
    throw error
  }
}

/** Everybody who was ever put on a race's start list, in any order. Throws where the ledger holds something else as that. */
export async function readEntries(raceId: string): Promise<FactOf<'enter'>[]> {
  const query = {
    query: 'SELECT * FROM c WHERE c.kind = @kind',
    parameters: [{ name: '@kind', value: 'enter' }]
  }
  const options = { partitionKey: raceId }
  const { resources } = await container('ledger').items.query(query, options).fetchAll()
  return resources.map(item => v.parse(Fact, item)).filter(fact => fact.kind === 'enter')
}

/** HMAC-SHA-256 in hexadecimal digits. */
export const digest = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex')
