import type { DeadLetter, Fact, Head, PageRef, Row } from '#contract'
import { foldFacts } from '#race/facts'
import { isTimedByLaps } from '#race/metric'
import { enterPhase } from '#race/phase'
import { hashOf, type PageWrite, publication } from '#race/publication'
import { foldReadings, type Refusal } from '#race/readings'
import { openState, type RaceState } from '#race/state'
import { closable, closeAll, closeWindows, watermark } from '#race/window'
import { deadLetterOf } from './deadLetterOf.ts'
import { type RaceOperation, unpackReadings } from './raceSignal.ts'

/** Changes outside of windows (facts, late readings) are published no more often than this. */
export const PUBLISH_EVERY_MS = 950
/** The board of a race without windows is told again after so long, in ms: screens take one that is silent for 5 s for old. */
export const HEARTBEAT_MS = 4_000
/**
 * A window that may close waits no longer than this for the last board: windows end once a second, so boards do too,
 * but one that came late must not push all later ones back.
 */
export const WINDOW_SPACING_MS = 500
/** A publication that takes longer is given up and tried at the next signal or tick. */
export const PUBLISH_TIMEOUT_MS = 2_000
/** How often a publication that met another writer's head starts over. */
const PUBLISH_ATTEMPTS = 3
/** Races whose last head a process remembers. */
const REMEMBERED_RACES = 256
/** Dead letters that wait in the entity while the store is away. */
const UNREPORTED_MAX = 100

/** A final classification as stored, never changed: its `rows` are what any order of arrival leaves the same. */
export type FinalResult = {
  id: string
  raceId: string
  /** The version of the board that showed it; the highest holds. */
  revision: number
  validity: 'provisional' | 'official'
  rows: Row[]
}

/** What the race's entity writes. Every call rejects when the service failed or `signal` fires. */
export type RacePorts = {
  writePages(raceId: string, pages: PageWrite[], signal: AbortSignal): Promise<void>
  /** Replaces the head under its etag, or creates it where `etag` is null; `conflict` when another head is there. */
  writeHead(
    head: Head,
    etag: string | null,
    signal: AbortSignal
  ): Promise<{ etag: string } | 'conflict'>
  readHead(raceId: string, signal: AbortSignal): Promise<{ head: Head; etag: string } | undefined>
  /** Stores a final under an id that no other board has. */
  writeResult(result: FinalResult, signal: AbortSignal): Promise<void>
  deadLetter(letters: DeadLetter[], signal: AbortSignal): Promise<void>
  now(): number
  warn(message: string): void
}

/** A race that has not opened yet: facts that came early wait for its configuration, letters for the store. */
export type Unopened = { held: Fact[]; unreported: DeadLetter[] }
/** What an operation leaves: the state to keep, and whether the store took all that was due. */
export type RaceOutcome = { state: RaceState | Unopened; published: boolean }

/**
 * The race's single writer: applies one operation to its state and publishes what is due.
 * It never throws: what the store refused stays `unpublished` and is tried again at the next operation.
 */
export function createRace(ports: RacePorts) {
  /** The head that this process wrote last, by race. */
  const wrote = new Map<string, string>()
  return async (
    known: RaceState | Unopened,
    raceId: string,
    operation: RaceOperation
  ): Promise<RaceOutcome> => {
    const now = ports.now()
    const state = opened(known, operation)
    if ('held' in state) {
      return { state: await hold(ports, state, raceId, operation), published: false }
    }
    state.unreported.push(...lettersOf(raceId, apply(state, operation, now)))
    state.unreported = await report(ports, raceId, state.unreported)
    if (isDue(state, operation, now)) await publish(ports, state, wrote)
    return { state, published: !state.unpublished }
  }
}

/** A race opens with its first phase, and then hears the facts that came early. */
function opened(known: RaceState | Unopened, operation: RaceOperation): RaceState | Unopened {
  if (!('held' in known) || operation.name !== 'phase') return known
  const state = openState(operation.input.race)
  foldFacts(state, known.held)
  state.unreported = known.unreported
  return state
}

/** Before it opens a race counts nothing: its facts wait, its readings are dead letters. */
async function hold(
  ports: RacePorts,
  known: Unopened,
  raceId: string,
  operation: RaceOperation
): Promise<Unopened> {
  if (operation.name === 'facts') return { ...known, held: [...known.held, ...operation.input] }
  if (operation.name === 'readings') {
    const refusals = unpackReadings(operation.input).map(reading => ({
      reading,
      reason: 'no-race' as const
    }))
    const letters = [...known.unreported, ...lettersOf(raceId, refusals)]
    return { ...known, unreported: await report(ports, raceId, letters) }
  }
  return known
}

function apply(state: RaceState, operation: RaceOperation, now: number): Refusal[] {
  switch (operation.name) {
    case 'readings': {
      const { partition } = operation.input
      return foldReadings(state, partition, unpackReadings(operation.input), now)
    }
    case 'facts':
      foldFacts(state, operation.input)
      return []
    case 'phase':
      enterPhase(state, operation.input)
      return []
    case 'records':
      if (hashOf(state.records) === hashOf(operation.input)) return []
      state.records = operation.input
      state.dirty = true
      return []
    case 'tick':
      return []
  }
}

/** Whether the board is to be published now: a phase began, records fell, a window may close, a change need not wait for one, or screens wait for a sign of life. */
function isDue(state: RaceState, operation: RaceOperation, now: number): boolean {
  if (operation.name === 'phase') return true
  if (operation.name === 'records') return state.dirty || state.unpublished
  const rested = now - state.published.at
  // The life is over and ticks no more: what is not shown now would wait for ever.
  if (state.phase === 'official' || state.phase === 'aborted') {
    return state.dirty || state.unpublished
  }
  const running = state.phase === 'running'
  if (!running || isTimedByLaps(state.race.format)) {
    // A heartbeat keeps no lap waiting.
    if (state.dirty) return now - state.published.changedAt >= PUBLISH_EVERY_MS
    return (
      rested >= (state.unpublished ? PUBLISH_EVERY_MS : HEARTBEAT_MS) &&
      (running || state.unpublished)
    )
  }
  if (rested < WINDOW_SPACING_MS) return false
  if (closable(state, watermark(state.partitions, now)) > state.window) return true
  return state.unpublished && rested >= PUBLISH_EVERY_MS
}

async function publish(
  ports: RacePorts,
  state: RaceState,
  wrote: Map<string, string>
): Promise<void> {
  const signal = AbortSignal.timeout(PUBLISH_TIMEOUT_MS)
  const now = ports.now()
  if (state.phase === 'running') {
    closeWindows(state, closable(state, watermark(state.partitions, now)))
  } else closeAll(state)
  state.unpublished = true
  try {
    // Pages go where the last head does not look: a state that may have forgotten that head asks for it first.
    if (wrote.get(state.race.raceId) !== state.published.etag) await adoptHead(ports, state, signal)
    for (let attempt = 0; attempt < PUBLISH_ATTEMPTS && state.unpublished; attempt++) {
      await publishOnce(ports, state, now, signal)
    }
    remember(wrote, state)
  } catch (error) {
    ports.warn(`board of ${state.race.raceId} not published, will be tried again: ${error}`)
  }
}

async function publishOnce(
  ports: RacePorts,
  state: RaceState,
  now: number,
  signal: AbortSignal
): Promise<void> {
  const { raceId } = state.race
  const next = publication(state, state.version + 1, now)
  await ports.writePages(raceId, next.pages, signal)
  const written = await ports.writeHead(next.head, state.published.etag, signal)
  if (written === 'conflict') {
    await adoptHead(ports, state, signal)
    return
  }
  state.version = next.head.version
  const changedAt = state.dirty ? now : state.published.changedAt
  state.published = { etag: written.etag, at: now, changedAt, ...next.written }
  await storeFinal(ports, state, next.rows, signal)
  state.dirty = false
  state.unpublished = false
}

function remember(wrote: Map<string, string>, { race, published }: RaceState): void {
  wrote.delete(race.raceId)
  if (published.etag) wrote.set(race.raceId, published.etag)
  if (wrote.size > REMEMBERED_RACES) wrote.delete(wrote.keys().next().value!)
}

/**
 * Another head may be in the store: one that this entity wrote before it was stopped and forgot, or another writer's.
 * Its version and pages are taken over; while this state has folded less than that head, the head stays.
 */
async function adoptHead(ports: RacePorts, state: RaceState, signal: AbortSignal): Promise<void> {
  const stored = await ports.readHead(state.race.raceId, signal)
  if (stored?.etag === state.published.etag) return
  const unknown = -1
  const written = (pages: PageRef[] = []) => pages.map(page => ({ ...page, hash: unknown }))
  state.version = Math.max(state.version, stored?.head.version ?? 0)
  state.published = {
    etag: stored?.etag ?? null,
    at: state.published.at,
    changedAt: state.published.changedAt,
    rank: written(stored?.head.rankPages),
    bib: written(stored?.head.bibPages),
    lap: written(stored?.head.lapPages)
  }
  if (stored && stored.head.folded > state.folded) {
    throw new Error('the stored head has folded more; waiting for the redelivery')
  }
}

async function storeFinal(
  ports: RacePorts,
  state: RaceState,
  rows: Row[],
  signal: AbortSignal
): Promise<void> {
  if (state.phase !== 'provisional' && state.phase !== 'official') return
  const hash = hashOf([state.phase, rows])
  if (hash === state.finalHash) return
  const { race, version: revision, phase: validity } = state
  const id = `final-${revision}`
  await ports.writeResult({ id, raceId: race.raceId, revision, validity, rows }, signal)
  state.finalHash = hash
}

function lettersOf(raceId: string, refusals: Refusal[]): DeadLetter[] {
  return refusals.map(({ reading, reason }) =>
    deadLetterOf(
      `${raceId}.${reading.bib}`,
      `${reading.session}-${reading.seq}`,
      { reason, detail: `refused by the race ${raceId}` },
      reading,
      reading.enqueued
    )
  )
}

/** Stores dead letters; returns those to try again, the newest `UNREPORTED_MAX`. */
async function report(
  ports: RacePorts,
  raceId: string,
  letters: DeadLetter[]
): Promise<DeadLetter[]> {
  if (!letters.length) return letters
  try {
    await ports.deadLetter(letters, AbortSignal.timeout(PUBLISH_TIMEOUT_MS))
    return []
  } catch (error) {
    ports.warn(`${letters.length} dead letters of ${raceId} not stored yet: ${error}`)
    return letters.slice(-UNREPORTED_MAX)
  }
}
