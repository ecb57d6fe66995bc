import type { Competitor } from '#contract'
import { answered, container } from './database.ts'
import { createItem } from './items.ts'

/** The item that counts a race's bibs. */
const COUNTER_ID = 'counter'

/** The next bib of a race, counted up in one step under the capacity; undefined when it is full. */
export async function nextBib(raceId: string, capacity: number): Promise<number | undefined> {
  const counter = container('seats').item(COUNTER_ID, raceId)
  for (;;) {
    try {
      const { resource } = await counter.patch<{ last: number }>({
        condition: `FROM c WHERE c.last < ${Math.trunc(capacity)}`,
        operations: [{ op: 'incr', path: '/last', value: 1 }]
      })
      if (!resource) throw new Error('the seat counter came back empty')
      return resource.last
    } catch (error) {
      if (answered(error, 412)) return undefined
      if (!answered(error, 404)) throw error
      await createItem('seats', { id: COUNTER_ID, raceId, last: 0 })
    }
  }
}

/** Stores a seat; its bib is new, so it cannot be there. */
export async function createSeat(seat: { id: string; raceId: string }): Promise<void> {
  await createItem('seats', seat)
}

/** Marks a seat as given back; false when there is none. */
export async function freeSeat(raceId: string, bib: number): Promise<boolean> {
  try {
    await container('seats')
      .item(`seat-${bib}`, raceId)
      .patch([{ op: 'set', path: '/freedAt', value: Date.now() }])
    return true
  } catch (error) {
    if (answered(error, 404)) return false
    throw error
  }
}

/** Stores the public face of a competitor. */
export async function createCompetitor(competitor: Competitor): Promise<void> {
  await createItem('competitors', competitor)
}
