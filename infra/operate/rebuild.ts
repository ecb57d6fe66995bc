import { setTimeout as pause } from 'node:timers/promises'
import { type Fact, type Head, Phase, type Race } from '#contract'
import { awaitArchive, count, readArchive } from './archive.ts'
import type { Connection } from './connection.ts'
import { firstDifference } from './difference.ts'
import { readFacts, readFinal, readHead, readRace } from './records.ts'
import { createSender } from './send.ts'

/** How long the target may take to live the race's life, and to show a change of the board, in ms. */
const LIFE_MS = 120_000
const LOOK_EVERY_MS = 500
/** The fold is still when nothing changed for so long, in ms: less where it has folded as much as the original. */
const STILL_MS = 30_000
const STILL_AS_ORIGINAL_MS = 6_000

/** The phases in their order. */
const ORDER = Phase.options

type Say = (sentence: string) => void

/**
 * Rebuilds a race of `source` in `target`, which must not know it, from its configuration, its facts and what of it is
 * archived; answers the first difference of the finals, undefined where they are equal to the byte.
 */
export async function rebuild(
  source: Connection,
  target: Connection,
  raceId: string,
  say: Say
): Promise<string | undefined> {
  const original = await readOriginal(source, raceId)
  const { facts, final, head } = original
  say(
    `${raceId} is ${head.phase}: ${count(facts.length, 'fact')}, ${final.id} with ${count(final.rows.length, 'row')}.`
  )
  await awaitArchive(source, original.since, say)
  await liveAgain(target, original)
  say('The target has lived the life of the race.')
  const { read, sent, inexact } = await sendAgain(source, target, raceId, original.since)
  say(`Read ${count(read, 'event')} of the archive, sent ${sent} of the race to the target's hub.`)
  if (inexact)
    say(`Of ${inexact} the archive tells whole seconds alone: who was ahead within one may differ.`)
  await stillness(target, raceId, head.folded)
  const rebuilt = await readFinal(target, raceId)
  if (!rebuilt) return 'The target has no final classification.'
  say(`The target has folded ${await foldedBy(target, raceId)}, the original ${head.folded}.`)
  return firstDifference(final.rows, rebuilt.rows)
}

async function readOriginal(source: Connection, raceId: string) {
  const race = await readRace(source, raceId)
  const [facts, final, head] = await Promise.all([
    readFacts(source, raceId),
    readFinal(source, raceId),
    readHead(source, raceId)
  ])
  const opened = facts.find(({ kind }) => kind === 'open')
  if (!final || !head || !opened) throw new Error(`${raceId} has no final classification yet.`)
  return { race, facts, final, head, since: opened.at }
}

/**
 * Has the target live through the race. Every instant of its life is past, so it runs through at once: the opening is
 * told last, when all that decided on its life waits to be heard. Readings that came before it would not count.
 */
async function liveAgain(
  target: Connection,
  { race, facts, head }: { race: Race; facts: Fact[]; head: Head }
): Promise<void> {
  const { raceId } = race
  const { opensAt: _, ...timetable } = race.timetable
  const created = await target
    .container('races')
    .items.create({ ...race, timetable } satisfies Race)
    .catch(error => {
      if (error.code === 409) throw new Error(`The target knows a race ${raceId} already.`)
      throw error
    })
  const order = (fact: Fact) => ['open', 'configure'].indexOf(fact.kind)
  for (const fact of facts.toSorted((a, b) => order(a) - order(b))) {
    await target.container('ledger').items.create(fact)
  }
  await target
    .container('races')
    .item(raceId, raceId)
    .replace(race, {
      accessCondition: { type: 'IfMatch', condition: created.etag }
    })
  const reached = async () => ORDER.indexOf((await readHead(target, raceId))?.phase ?? 'scheduled')
  const until = Date.now() + LIFE_MS
  // What the original still waits for may be over by now.
  while ((await reached()) < ORDER.indexOf(head.phase)) {
    if (Date.now() > until)
      throw new Error(`${raceId} does not become ${head.phase} in the target.`)
    await pause(LOOK_EVERY_MS)
  }
}

async function sendAgain(source: Connection, target: Connection, raceId: string, since: number) {
  const sender = createSender(target.hub)
  let read = 0
  let inexact = 0
  for await (const event of readArchive(source.archive, since)) {
    read++
    if (event.properties.race !== raceId) continue
    // Before its opening a race counts nothing but what was sent again later.
    if (event.enqueued < since && event.properties.enqueuedAt === undefined) continue
    if (!event.isExact) inexact++
    await sender.send(event)
  }
  return { read, inexact, sent: await sender.finish() }
}

const foldedBy = async (target: Connection, raceId: string): Promise<number> =>
  (await readHead(target, raceId))?.folded ?? 0

/** Resolves when the target's board has not changed for a while. */
async function stillness(target: Connection, raceId: string, original: number): Promise<void> {
  let last = ''
  let since = Date.now()
  for (;;) {
    const head = await readHead(target, raceId)
    const now = `${head?.version} ${head?.folded}`
    if (now !== last) since = Date.now()
    last = now
    const enough = head?.folded === original ? STILL_AS_ORIGINAL_MS : STILL_MS
    if (Date.now() - since >= enough) return
    await pause(LOOK_EVERY_MS)
  }
}
