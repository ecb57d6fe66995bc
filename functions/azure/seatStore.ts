import { setTimeout as pause } from 'node:timers/promises'
import type { JSONObject, OperationInput, PatchOperation } from '@azure/cosmos'
import type { Competitor, SeatItem } from '#contract'
import {
  type BookedSeat,
  type BookPage,
  type Hold,
  IDLE_AT_ONCE,
  type SeatBook
} from '../stages/seatBook.ts'
import { holdOf } from '../stages/seatQueue.ts'
import { answered, container } from './database.ts'
import { createItem, failedOf, readItem } from './items.ts'

/** The item that counts a race's bibs and taken seats. */
const COUNTER_ID = 'counter'
/** What a step of several operations answers where one of them failed, and how each failed that another writer was faster to. */
const MULTI_STATUS = 207
const OVERTAKEN = [404, 409, 412]
/** Two steps at the same instant: the same one may be done again, so often, after so long at most, in ms. */
const RETRY_WITH = 449
const ATTEMPTS = 10
const RETRY_MAX_MS = 20

type Counter = { id: typeof COUNTER_ID; kind: 'counter'; last: number; taken: number }
/** An item of the container. */
type Stored = BookedSeat | ({ raceId: string } & ((Hold & { kind: 'hold' }) | Counter))

/** Seats, what holds them and their counter, all in the race's partition of `seats`: a step is one transactional batch. */
export const seatBook: SeatBook = {
  async look(raceId, holds) {
    const ids = [COUNTER_ID, ...new Set(holds)]
    const parameters = ids.map((value, i) => ({ name: `@id${i}`, value }))
    const query = `SELECT * FROM c WHERE c.id IN (${parameters.map(({ name }) => name).join()})`
    const { resources } = await container('seats')
      .items.query<Counter | Hold>({ query, parameters }, { partitionKey: raceId })
      .fetchAll()
    const counter = resources.find(item => item.id === COUNTER_ID) as Counter | undefined
    const held = resources.filter(item => item.id !== COUNTER_ID) as Hold[]
    return {
      last: counter?.last ?? 0,
      taken: counter?.taken ?? 0,
      isBegun: counter !== undefined,
      holds: new Map(held.map(hold => [hold.id, hold]))
    }
  },

  give: (raceId, capacity, seats, page) =>
    write(raceId, [
      counted(raceId, capacity, seats.length, page),
      ...seats.flatMap(seat => [
        create(seat),
        ...holdsOf(seat).map(id => taken(page, { id, raceId, bib: seat.bib }))
      ])
    ]),

  async renew(raceId, bib, heldUntil) {
    const operations: PatchOperation[] = [{ op: 'set', path: '/heldUntil', value: heldUntil }]
    try {
      const { resource } = await container('seats')
        .item(idOf(bib), raceId)
        .patch<BookedSeat>({ condition: HELD, operations })
      return resource
    } catch (error) {
      if (answered(error, 404, 412)) return undefined
      throw error
    }
  },

  read: async (raceId, bib) => (await readItem<BookedSeat>('seats', idOf(bib), raceId))?.item,

  free: (seat, why, at) =>
    write(seat.raceId, [
      patch(seat.id, why === 'idle' ? `${HELD} AND c.heldUntil < ${at}` : HELD, [
        { op: 'set', path: '/freedAt', value: at },
        { op: 'set', path: '/why', value: why }
      ]),
      patch(COUNTER_ID, undefined, [{ op: 'incr', path: '/taken', value: -1 }]),
      ...holdsOf(seat).map(id => patch(id, undefined, [{ op: 'set', path: '/free', value: true }]))
    ]),

  async idle(raceId, at) {
    const query = {
      query: `SELECT * ${HELD} AND c.kind = 'seat' AND c.heldUntil < @at`,
      parameters: [{ name: '@at', value: at }]
    }
    const options = { partitionKey: raceId, maxItemCount: IDLE_AT_ONCE }
    const seats = container('seats').items.query<BookedSeat>(query, options)
    return (await seats.fetchNext()).resources ?? []
  }
}

/** Of seats that were not freed. */
const HELD = 'FROM c WHERE NOT IS_DEFINED(c.freedAt)'

const idOf = (bib: number): SeatItem['id'] => `seat-${bib}`
const holdsOf = ({ name, competitorId }: BookedSeat): string[] => [name, holdOf(competitorId)]

/** Counts bibs and seats up, if the page's last bib is the last one still and there is room. */
function counted(raceId: string, capacity: number, more: number, page: BookPage): OperationInput {
  const { last, isBegun } = page
  if (!isBegun) return create({ id: COUNTER_ID, raceId, kind: 'counter', last: more, taken: more })
  const room = Math.trunc(capacity) - more
  return patch(COUNTER_ID, `FROM c WHERE c.last = ${last} AND c.taken <= ${room}`, [
    { op: 'incr', path: '/last', value: more },
    { op: 'incr', path: '/taken', value: more }
  ])
}

/** Takes a hold that nobody ever had, or one that is free again. */
function taken(page: BookPage, hold: { id: string; raceId: string; bib: number }): OperationInput {
  if (!page.holds.has(hold.id)) return create({ ...hold, kind: 'hold', free: false })
  return patch(hold.id, 'FROM c WHERE c.free = true', [
    { op: 'set', path: '/bib', value: hold.bib },
    { op: 'set', path: '/free', value: false }
  ])
}

/** Does all operations or none; false where another writer was faster. */
async function write(raceId: string, operations: OperationInput[]): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { code, result = [] } = await container('seats').items.batch(operations, raceId)
    if (code !== MULTI_STATUS) return true
    const status = failedOf(result)?.statusCode ?? 0
    if (OVERTAKEN.includes(status)) return false
    if (status !== RETRY_WITH) throw new Error(`a step of ${raceId}'s seats answered ${status}`)
    await pause(RETRY_MAX_MS * Math.random())
  }
  throw new Error(`the seats of ${raceId} change faster than they can be written`)
}

const create = (item: Stored): OperationInput => ({
  operationType: 'Create',
  resourceBody: item as JSONObject
})

const patch = (
  id: string,
  condition: string | undefined,
  operations: PatchOperation[]
): OperationInput => ({
  operationType: 'Patch',
  id,
  resourceBody: condition === undefined ? operations : { condition, operations }
})

/** Stores the public face of a competitor. */
export async function createCompetitor(competitor: Competitor): Promise<void> {
  await createItem('competitors', competitor)
}
