import {
  BIB_PAGE_ROWS,
  type BibPage,
  type Field,
  type Head,
  LAP_PAGE_BIBS,
  type LapLine,
  type LapPage,
  RANK_PAGE_ROWS,
  type RankPage,
  type Row,
  TOP_ROWS
} from '#contract'
import { classify } from './classification.ts'
import { isContested } from './contested.ts'
import { type JudgedLap, judgedLaps } from './judgedLaps.ts'
import { isTimedByLaps } from './metric.ts'
import { validityOf } from './phase.ts'
import { racing } from './racing.ts'
import type { PageFamily, RaceState, WrittenPage } from './state.ts'

/** Bins of the field's histogram. */
const FIELD_BINS = 60
/** A field smaller than this is not worth a histogram. */
const FIELD_MIN = 12

/** A page to be written before the head that names it. */
export type PageWrite =
  | { id: string; kind: 'rankPage'; page: RankPage }
  | { id: string; kind: 'bibPage'; page: BibPage }
  | { id: string; kind: 'lapPage'; page: LapPage }

/** One close of a race: what to write, in this order, and what is then written. */
export type Publication = {
  pages: PageWrite[]
  head: Head
  rows: Row[]
  written: Record<PageFamily, WrittenPage[]>
}

/** The item's id of a page's slot. */
export const pageId = (family: PageFamily, page: number, slot: 0 | 1): string =>
  `${family}-${page}-${slot}`

/**
 * The publication of a race's present classification as version `version` at `now` (ms since 1970).
 * A changed page goes to the slot that the last head does not name, so that no reader ever sees half a page.
 */
export function publication(state: RaceState, version: number, now: number): Publication {
  const laps = isTimedByLaps(state.race.format) ? judgedLaps(state) : undefined
  const rows = classify(state, laps)
  const { raceId } = state.race
  const pages: PageWrite[] = []
  const turn = <C>(
    family: PageFamily,
    contents: C[],
    write: (id: string, page: C & { raceId: string; version: number; page: number }) => PageWrite
  ): WrittenPage[] =>
    contents.map((content, page) => {
      const written = place(state.published[family][page], hashOf(content), version)
      if (written.version === version) {
        pages.push(write(pageId(family, page, written.slot), { raceId, version, page, ...content }))
      }
      return written
    })
  const written = {
    rank: turn('rank', rankPages(rows), (id, page) => ({ id, kind: 'rankPage', page })),
    bib: turn('bib', bibPages(rows), (id, page) => ({ id, kind: 'bibPage', page })),
    lap: turn('lap', laps ? lapPages(rows, laps.byBib, state.startsAt ?? 0) : [], (id, page) => ({
      id,
      kind: 'lapPage',
      page
    }))
  }

  const ref = ({ version, slot }: WrittenPage) => ({ version, slot })
  const head: Head = {
    raceId,
    version,
    name: state.race.name,
    place: state.race.place,
    event: state.race.event,
    sponsor: state.race.sponsor,
    format: state.race.format,
    phase: state.phase,
    validity: validityOf(state.phase, isContested(state, laps)),
    startsAt: state.startsAt,
    endsAt: state.endsAt,
    phaseEndsAt: state.phaseEndsAt,
    window: state.window,
    closedAt: now,
    competitors: rows.length,
    folded: state.folded,
    top: rows.slice(0, TOP_ROWS),
    field: fieldOf(rows),
    rankPages: written.rank.map(ref),
    bibPages: written.bib.map(ref),
    lapPages: written.lap.map(ref),
    racing: laps ? racing(state, laps) : [],
    records: state.records
  }
  return { pages, head, rows, written }
}

/** A hash of any plain value: FNV-1a, 32 bits, over its JSON. Equal content has equal hashes; it guards no secret. */
export function hashOf(content: unknown): number {
  const text = JSON.stringify(content)
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

function place(known: WrittenPage | undefined, hash: number, version: number): WrittenPage {
  if (!known) return { version, slot: 0, hash }
  if (known.hash === hash) return known
  return { version, slot: known.slot === 0 ? 1 : 0, hash }
}

const chunks = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size)
  )

const highestBib = (rows: Row[]): number => rows.reduce((max, row) => Math.max(max, row.bib), 0)

const rankPages = (rows: Row[]): Pick<RankPage, 'rows'>[] =>
  chunks(rows, RANK_PAGE_ROWS).map(chunk => ({ rows: chunk }))

function bibPages(rows: Row[]): Pick<BibPage, 'rank' | 'value' | 'gap'>[] {
  const highest = highestBib(rows)
  const pages = Array.from({ length: Math.ceil(highest / BIB_PAGE_ROWS) }, (_, page) => {
    const length = Math.min(BIB_PAGE_ROWS, highest - page * BIB_PAGE_ROWS)
    const blank = () => new Array<number | null>(length).fill(null)
    return { rank: blank(), value: blank(), gap: blank() }
  })
  for (const row of rows) {
    const columns = pages[Math.floor((row.bib - 1) / BIB_PAGE_ROWS)]!
    const index = (row.bib - 1) % BIB_PAGE_ROWS
    columns.rank[index] = row.rank
    columns.value[index] = row.value
    columns.gap[index] = row.gap
  }
  return pages
}

/** Pages up to the highest bib of the board, as pages by bib go; `start` in ms since 1970. */
function lapPages(
  rows: Row[],
  laps: Map<number, JudgedLap[]>,
  start: number
): Pick<LapPage, 'laps'>[] {
  const lines = Array.from({ length: highestBib(rows) }, (_, i) =>
    (laps.get(i + 1) ?? []).map(lap => lineOf(lap, start))
  )
  return chunks(lines, LAP_PAGE_BIBS).map(page => ({ laps: page }))
}

const lineOf = (
  { lap, runId, ms, valid, state, source, resets, at }: JudgedLap,
  start: number
): LapLine => ({
  lap,
  runId,
  ms,
  valid,
  ...(state === 'held' ? { held: true } : {}),
  source,
  resets,
  at: at - start
})

function fieldOf(rows: Row[]): Field | null {
  const values = rows.filter(row => row.rank !== null).map(row => row.value!)
  if (values.length < FIELD_MIN) return null
  const from = values.reduce((a, b) => Math.min(a, b))
  const to = values.reduce((a, b) => Math.max(a, b))
  const width = Math.max(1, (to - from) / FIELD_BINS)
  const bins = new Array<number>(FIELD_BINS).fill(0)
  for (const value of values) {
    const bin = Math.min(FIELD_BINS - 1, Math.floor((value - from) / width))
    bins[bin] = bins[bin]! + 1
  }
  return { from, to, bins }
}
