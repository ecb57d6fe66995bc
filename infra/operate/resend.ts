import { ErrorResponse } from '@azure/cosmos'
import * as v from 'valibot'
import { DeadLetter, type DeadLetterReason } from '#contract'
import { readArchive } from './archive.ts'
import type { Connection } from './connection.ts'
import { createSender } from './send.ts'
import { createSearch } from './wantedReadings.ts'

/** Cosmos DB: the item is another than the one that was read, or gone. */
const CHANGED = [404, 412]
/** Letters that are deleted side by side. */
const DELETED_AT_ONCE = 16

/** What is needed of a letter: its body is in the archive. */
const Stored = v.object({
  ...v.pick(DeadLetter, ['id', 'source', 'reason', 'enqueuedAt']).entries,
  _etag: v.string()
})
const SELECT = 'SELECT c.id, c.source, c.reason, c.enqueuedAt, c._etag FROM c'
type Stored = v.InferOutput<typeof Stored>

/** Of one reason: dead letters that there were, that were sent again, and that were not. */
export type Resent = { found: number; sent: number; missing: number; ofDevices: number }
export type Wanted = {
  reason?: DeadLetterReason | undefined
  raceId?: string | undefined
  /** Looks, and sends nothing. */
  dryRun?: boolean
}

/**
 * Sends again what dead letters are about, as it is archived, and deletes the letters that the hub has taken. What is
 * refused again is a dead letter again. Stopped in the middle, readings are sent twice and count once.
 */
export async function resend(
  connection: Connection,
  wanted: Wanted
): Promise<Map<DeadLetterReason, Resent>> {
  const letters = await readLetters(connection, wanted)
  const search = createSearch(letters)
  const sender = createSender(connection.hub)
  const sent: Stored[] = []
  const since = letters.reduce((first, { enqueuedAt }) => Math.min(first, enqueuedAt), Infinity)
  if (letters.length > search.ofDevices.length) {
    for await (const event of readArchive(connection.archive, since)) {
      const found = search.match(event)
      if (!found) continue
      if (!wanted.dryRun) await sender.send(found.event)
      sent.push(...found.letters)
      if (search.missing().length === 0) break
    }
  }
  await sender.finish()
  if (!wanted.dryRun) await deleteLetters(connection, sent)
  return tally(letters, sent, search.missing(), search.ofDevices)
}

async function readLetters(connection: Connection, wanted: Wanted): Promise<Stored[]> {
  const { reason, raceId } = wanted
  const query = reason
    ? {
        query: `${SELECT} WHERE c.reason = @reason`,
        parameters: [{ name: '@reason', value: reason }]
      }
    : SELECT
  const { resources } = await connection.container('deadLetters').items.query(query).fetchAll()
  return resources
    .map(item => v.parse(Stored, item))
    .filter(({ source }) => raceId === undefined || source.startsWith(`${raceId}.`))
}

/** Deletes letters as they were read: one that was written again meanwhile is news, and stays. */
export async function deleteLetters(
  { container }: Pick<Connection, 'container'>,
  letters: Pick<Stored, 'id' | 'source' | '_etag'>[]
): Promise<void> {
  for (let at = 0; at < letters.length; at += DELETED_AT_ONCE) {
    const group = letters.slice(at, at + DELETED_AT_ONCE).map(({ id, source, _etag }) =>
      container('deadLetters')
        .item(id, source)
        .delete({ accessCondition: { type: 'IfMatch', condition: _etag } })
        .catch(error => {
          if (!(error instanceof ErrorResponse && CHANGED.includes(Number(error.code)))) throw error
        })
    )
    await Promise.all(group)
  }
}

function tally(found: Stored[], sent: Stored[], missing: Stored[], ofDevices: Stored[]) {
  const told = new Map<DeadLetterReason, Resent>()
  const add = (letters: Stored[], part: keyof Resent) => {
    for (const { reason } of letters) {
      const known = told.get(reason) ?? { found: 0, sent: 0, missing: 0, ofDevices: 0 }
      told.set(reason, { ...known, [part]: known[part] + 1 })
    }
  }
  add(found, 'found')
  add(sent, 'sent')
  add(missing, 'missing')
  add(ofDevices, 'ofDevices')
  return told
}
