import type { Head, PageRef, RankPage, Row } from '#contract'
import { publication } from '#race/publication'
import { foldReadings } from '#race/readings'
import { closeAll } from '#race/window'
import { aRace, DISTANCE, GUN, running } from './races.ts'
import { reading } from './readings.ts'

/** A head of `riders` riders at a version, with its rows: bib 1 leads. */
export function boardOfRiders(version: number, riders: number): { head: Head; rows: Row[] } {
  const state = running(aRace(DISTANCE))
  const all = Array.from({ length: riders }, (_, i) =>
    reading(DISTANCE, i + 1, 900, 9_000 + version - i)
  )
  foldReadings(state, '0', all, GUN)
  closeAll(state)
  const { head, rows } = publication(state, version, GUN)
  return { head, rows }
}

/** The same head with its pages elsewhere. */
export const withPages = (head: Head, rankPages: PageRef[], bibPages: PageRef[] = []): Head => ({
  ...head,
  rankPages,
  bibPages
})

export const rankPageOf = (version: number, rows: Row[]): RankPage => ({
  raceId: 'evening-race',
  version,
  page: 0,
  rows
})
