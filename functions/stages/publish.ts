import type { Board, Directory, Frame, Head, SeatItem, SeatsFrame } from '#contract'
import { boardOf, diff } from '#race/delta'

/** A changed item of `standings`. Pages change too, but screens hear of them through the head. */
export type StandingsChange =
  | { kind: 'head'; head: Head }
  | { kind: 'directory'; directory: Directory }

/** What sending needs. */
export type PublishPorts = {
  /** Sends a frame to all who watch the race; rejects when the service failed. */
  send(raceId: string, frame: Frame): Promise<void>
  /** Runs a task after so many ms, and takes care of its failure. */
  later(ms: number, task: () => Promise<void>): void
  now(): number
}

/** Races that this process remembers, newest last: enough for a venue, bounded for a season. */
const REMEMBERED_RACES = 64
/** Changed names are told at most so often, in ms: every screen reads all of them then. */
const NAMES_MS = 1_000

/**
 * Sends what changed to the race's group: the difference to the board that was sent last, or the whole board when this
 * process has not sent one, and the version of changed names. One message per race and batch; the entity sees to one
 * board a second.
 */
export function createPublish(ports: PublishPorts): (changes: StandingsChange[]) => Promise<void> {
  const sent = new Map<string, Board>()
  const tellNames = createTellNames(ports)
  return async changes => {
    const boards = new Map<string, Board>()
    const directories = new Map<string, number>()
    for (const change of changes) {
      if (change.kind === 'head') boards.set(change.head.raceId, boardOf(change.head))
      else directories.set(change.directory.raceId, change.directory.version)
    }
    for (const [raceId, version] of directories) await tellNames(raceId, version)
    for (const [raceId, board] of boards) {
      const base = sent.get(raceId)
      if (base && base.version >= board.version) continue
      await ports.send(raceId, base ? diff(base, board) : { type: 'snapshot', board })
      remember(sent, raceId, board)
    }
  }
}

/** Tells the race's group which seats are free again: one message per race and batch. A seat that was freed never changes any more. */
export function createTellFreed({ send }: Pick<PublishPorts, 'send'>) {
  return async (changed: SeatItem[]): Promise<void> => {
    const freed = new Map<string, SeatsFrame['freed']>()
    for (const { raceId, bib, freedAt, why } of changed) {
      if (freedAt === undefined || !why) continue
      freed.set(raceId, [...(freed.get(raceId) ?? []), { bib, why }])
    }
    for (const [raceId, seats] of freed) await send(raceId, { type: 'seats', raceId, freed: seats })
  }
}

/** Tells the first change of names at once, and what changes within the second after it at its end. */
function createTellNames({ send, later, now }: PublishPorts) {
  const told = new Map<string, { version: number; at: number }>()
  /** Versions to be told when the second is over. */
  const waiting = new Map<string, number>()

  const tell = async (raceId: string, version: number): Promise<void> => {
    waiting.delete(raceId)
    await send(raceId, { type: 'directory', raceId, version })
    remember(told, raceId, { version, at: now() })
  }
  const tellWaiting = (raceId: string): Promise<void> => {
    const version = waiting.get(raceId)
    return version === undefined ? Promise.resolve() : tell(raceId, version)
  }

  return async (raceId: string, version: number): Promise<void> => {
    const last = told.get(raceId)
    if (last && last.version >= version) return
    const wait = last ? last.at + NAMES_MS - now() : 0
    if (wait <= 0) return tell(raceId, version)
    if (!waiting.has(raceId)) later(wait, () => tellWaiting(raceId))
    waiting.set(raceId, version)
  }
}

function remember<T>(of: Map<string, T>, raceId: string, what: T): void {
  of.delete(raceId)
  of.set(raceId, what)
  if (of.size > REMEMBERED_RACES) of.delete(of.keys().next().value!)
}
