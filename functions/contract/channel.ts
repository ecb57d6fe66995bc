import * as v from 'valibot'
import { Bib, Count, Instant, RaceId } from './ids.ts'
import { Head, Row } from './standings.ts'

/** What a screen holds: the head without the bookkeeping of pages. */
export const Board = v.omit(Head, ['rankPages', 'bibPages', 'lapPages'])
export type Board = v.InferOutput<typeof Board>

/** The whole board, for who has none. */
export const SnapshotFrame = v.object({ type: v.literal('snapshot'), board: Board })
export type SnapshotFrame = v.InferOutput<typeof SnapshotFrame>

/**
 * What changed since version `base`. A receiver whose board has another version asks for the head instead.
 * `order` is the bibs of the new top, present when it changed; `rows` are the new or changed rows.
 */
export const DeltaFrame = v.object({
  type: v.literal('delta'),
  raceId: RaceId,
  version: Count,
  base: Count,
  head: v.partial(v.omit(Board, ['raceId', 'version', 'top'])),
  order: v.optional(v.array(Count)),
  rows: v.array(Row)
})
export type DeltaFrame = v.InferOutput<typeof DeltaFrame>

/** Names changed: the directory has this version now. */
export const DirectoryFrame = v.object({
  type: v.literal('directory'),
  raceId: RaceId,
  version: Count
})
export type DirectoryFrame = v.InferOutput<typeof DirectoryFrame>

/** Why a seat is free again: given back, or without a sign of life for the race's `idleMs`. */
export const FreedWhy = v.picklist(['left', 'idle'])
export type FreedWhy = v.InferOutput<typeof FreedWhy>

/** Seats that are free again: their riders hear it here, whoever else listens does not mind. */
export const SeatsFrame = v.object({
  type: v.literal('seats'),
  raceId: RaceId,
  freed: v.array(v.object({ bib: Bib, why: FreedWhy }))
})
export type SeatsFrame = v.InferOutput<typeof SeatsFrame>

/** Everything that is sent to the group of a race, at most one of each kind a second. */
export const Frame = v.variant('type', [SnapshotFrame, DeltaFrame, DirectoryFrame, SeatsFrame])
export type Frame = v.InferOutput<typeof Frame>

/** The Web PubSub group of a race. */
export const groupOf = (raceId: string): string => `race-${raceId}`

/** `POST /races/{raceId}/negotiate`: where to open the socket, and the server's time for the page's clock. */
export const Negotiation = v.object({ url: v.string(), now: Instant })
export type Negotiation = v.InferOutput<typeof Negotiation>
