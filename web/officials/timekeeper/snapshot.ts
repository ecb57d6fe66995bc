import * as v from 'valibot'
import { Queue, RaceId, RunId } from '#contract'

/** What a page that is opened anew without a link goes on with. */
const Snapshot = v.object({
  raceId: v.optional(RaceId),
  /** The run that is timed or looked through. */
  runId: v.optional(RunId),
  queue: v.optional(Queue),
  /** When that was asked for, by the server's clock. */
  askedAt: v.optional(v.number(), 0),
  /** The server's time minus the device's, in ms. */
  skew: v.optional(v.number(), 0)
})
export type Snapshot = v.InferOutput<typeof Snapshot>

const NAME = 'grandstand.timekeeper'

/** For this window alone, until it is closed: names are in it, and each answer of the server replaces them. */
export function createSnapshots(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  return {
    load(): Snapshot {
      try {
        return v.parse(Snapshot, JSON.parse(storage.getItem(NAME) ?? '{}'))
      } catch {
        // Of an earlier release: the server knows all of it.
        return { askedAt: 0, skew: 0 }
      }
    },
    save: (snapshot: Snapshot): void => storage.setItem(NAME, JSON.stringify(snapshot))
  }
}
export type Snapshots = ReturnType<typeof createSnapshots>
