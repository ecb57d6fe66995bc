import * as v from 'valibot'
import { Directory, Fact, Head, Race } from '#contract'
import type { FinalResult } from '../../functions/stages/race.ts'
import type { Connection } from './connection.ts'

/** The race's configuration as stored; throws one sentence where there is no such race. */
export async function readRace({ container }: Connection, raceId: string): Promise<Race> {
  const { resource } = await container('races').item(raceId, raceId).read()
  if (!resource) throw new Error(`There is no race ${raceId} here.`)
  return v.parse(Race, resource)
}

/** The race's facts, in the order in which the ledger got them. Throws where an item is no fact: nothing is left out. */
export async function readFacts({ container }: Connection, raceId: string): Promise<Fact[]> {
  const { resources } = await container('ledger')
    .items.query<{ _ts: number }>('SELECT * FROM c', { partitionKey: raceId })
    .fetchAll()
  const inOrder = resources.sort((a, b) => a._ts - b._ts)
  return inOrder.map(item => v.parse(Fact, item))
}

/** The newest final classification; undefined before the first. */
export async function readFinal(
  { container }: Connection,
  raceId: string
): Promise<FinalResult | undefined> {
  const { resources } = await container('results')
    .items.query<FinalResult>('SELECT * FROM c', { partitionKey: raceId })
    .fetchAll()
  return resources.sort((a, b) => b.revision - a.revision)[0]
}

/** The board's head; undefined before the first. */
export const readHead = (connection: Connection, raceId: string): Promise<Head | undefined> =>
  readStanding(connection, raceId, 'head', Head)

/** Everybody's name; undefined where nobody has one. */
export const readDirectory = (
  connection: Connection,
  raceId: string
): Promise<Directory | undefined> => readStanding(connection, raceId, 'directory', Directory)

async function readStanding<const S extends v.GenericSchema>(
  { container }: Connection,
  raceId: string,
  id: string,
  schema: S
): Promise<v.InferOutput<S> | undefined> {
  const { resource } = await container('standings').item(id, raceId).read<{ body: unknown }>()
  return resource && v.parse(schema, resource.body)
}
