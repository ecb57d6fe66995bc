import type { Api } from '../../api.ts'
import type { Outbox } from './outbox.ts'
import type { ServerClock } from './serverClock.ts'
import type { Snapshots } from './snapshot.ts'
import type { TrackApi } from './trackApi.ts'

/** What the timekeeper's desk works with. */
export type DeskOptions = {
  clock: ServerClock
  /** Names this opening of the page, in which the steady clock counts. */
  life: string
  track: TrackApi
  api: Pick<Api, 'races' | 'head'>
  snapshots: Snapshots
  outbox(changed: () => void): Outbox
  wallClock(): number
  /** The user name of who is signed in. */
  person: string
  newKey(): string
  report(error: unknown): void
}

/** How a run is to begin. */
export type RunChoice = {
  bib: number
  deviceId: string | undefined
  sensorId: string | undefined
  proxy: boolean
}
