import * as v from 'valibot'
import { type Head, Phase, type Pulse } from '#contract'

/** What the pulse is felt by; each rejects when the service failed. */
export type PulsePorts = {
  /** The last sequence number of each partition, -1 where one is empty. */
  readMarks(): Promise<number[]>
  /** By partition the last sequence number that was handed on; none where nothing was. */
  readCheckpoints(): Promise<ReadonlyMap<number, number>>
  /** Races between scheduling and the end, and the phases that they are in. */
  readLiving(): Promise<{ raceId: string; phase: string }[]>
  readHead(raceId: string): Promise<Head | undefined>
  storePulse(pulse: Pulse): Promise<void>
  now(): number
  warn(message: string): void
}

/** Tells what the pipeline does, for operators. What cannot be read now is told to the log and read at the next pulse. */
export function createPulse(ports: PulsePorts): () => Promise<void> {
  return async () => {
    try {
      // Checkpoints before marks: what comes between is behind, never ahead.
      const reached = await ports.readCheckpoints()
      const [marks, races] = await Promise.all([ports.readMarks(), racesOf(ports)])
      const partitions = marks.map((last, partition) => ({
        last,
        behind: Math.max(0, last - (reached.get(partition) ?? -1))
      }))
      await ports.storePulse({ at: ports.now(), partitions, races })
    } catch (error) {
      ports.warn(`no pulse: ${String(error)}`)
    }
  }
}

/** Scheduled races have no board yet: 144 of a series cost no read. */
async function racesOf(ports: PulsePorts): Promise<Pulse['races']> {
  const living = (await ports.readLiving()).filter(({ phase }) => phase !== 'scheduled')
  const heads = await Promise.all(living.map(({ raceId }) => ports.readHead(raceId)))
  return living.map(({ raceId, phase }, index) => {
    const head = heads[index]
    return {
      raceId,
      phase: head?.phase ?? v.parse(Phase, phase),
      windows: head ? Math.max(0, head.window + 1) : 0,
      folded: head?.folded ?? 0,
      closedAt: head?.closedAt ?? null
    }
  })
}
