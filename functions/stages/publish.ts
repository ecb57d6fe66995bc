import type { Board, Directory, Frame, Head } from '#contract'
import { diff } from '#race/delta'

/** A changed item of `standings`. Pages change too, but screens hear of them through the head. */
export type StandingsChange =
  | { kind: 'head'; head: Head }
  | { kind: 'directory'; directory: Directory }

/** Sends a frame to all who watch the race; rejects when the service failed. */
export type PublishPorts = { send(raceId: string, frame: Frame): Promise<void> }

/** Boards of races that this process remembers, newest last: enough for a venue, bounded for a season. */
const REMEMBERED_RACES = 64

/**
 * Sends what changed to the race's group: the difference to the board that was sent last, or the whole board
 * when this process has not sent one. One message per race and batch; the entity sees to one batch a second.
 */
export function createPublish(ports: PublishPorts): (changes: StandingsChange[]) => Promise<void> {
  const sent = new Map<string, Board>()
  return async changes => {
    const boards = new Map<string, Board>()
    const directories = new Map<string, number>()
    for (const change of changes) {
      if (change.kind === 'head') boards.set(change.head.raceId, boardOf(change.head))
      else directories.set(change.directory.raceId, change.directory.version)
    }
    for (const [raceId, version] of directories) {
      await ports.send(raceId, { type: 'directory', raceId, version })
    }
    for (const [raceId, board] of boards) {
      const base = sent.get(raceId)
      if (base && base.version >= board.version) continue
      await ports.send(raceId, base ? diff(base, board) : { type: 'snapshot', board })
      sent.delete(raceId)
      sent.set(raceId, board)
      if (sent.size > REMEMBERED_RACES) sent.delete(sent.keys().next().value!)
    }
  }
}

/** A head as screens know it. */
export function boardOf({
  rankPages: _ranks,
  bibPages: _bibs,
  lapPages: _laps,
  ...board
}: Head): Board {
  return board
}
