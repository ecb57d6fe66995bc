import type { DeadLetter, LapSource, PageRef, Phase, Race } from '#contract'
import { type Columns, emptyColumns, packColumns, unpackColumns } from './columns.ts'
import { emptyFences, type Fences } from './fence.ts'
import { emptyFront, type Front, packFront, unpackFront } from './front.ts'

/** A lap as its fact told it. `at` is the instant of the fact in ms since 1970. */
export type Lap = {
  id: string
  bib: number
  runId: string
  lap: number
  ms: number
  at: number
  valid: boolean
  source: LapSource
}
/** How a run began: the earliest fact of it. */
export type Run = { id: string; at: number; bib: number }
/** The latest correction of a lap. */
export type Correction = { id: string; at: number; ms: number | null; valid: boolean }
/** The latest decision on a competitor's status. */
export type Decision = {
  id: string
  at: number
  status: 'running' | 'dnf' | 'dns' | 'dsq' | 'nc'
}
/** A partition's progress: the latest clamped event time, and when the entity last heard of it; ms since 1970. */
export type Partition = { time: number; seen: number }
/** A page as last written: where, and a hash of its content to see whether it changed. */
export type WrittenPage = PageRef & { hash: number }
/** The families of pages: rows by place, columns by bib, laps by bib. */
export type PageFamily = 'rank' | 'bib' | 'lap'
/** What the last publication left in the store. */
export type Published = {
  etag: string | null
  at: number
} & Record<PageFamily, WrittenPage[]>

/** Everything one race's entity knows. Instants in ms since 1970 unless said otherwise. */
export type RaceState = {
  race: Race
  phase: Phase
  startsAt: number | null
  endsAt: number | null
  phaseEndsAt: number | null
  columns: Columns
  fences: Fences
  front: Front
  /** Bibs on the start list, and what happened to them. */
  entered: Set<number>
  runs: Map<string, Run>
  /** When runs ended, also those whose beginning is not known yet. */
  runEnds: Map<string, number>
  laps: Map<string, Lap>
  corrections: Map<string, Correction>
  decisions: Map<number, Decision>
  partitions: Map<string, Partition>
  /** The last closed window, in s since the start; -1 before the first. */
  window: number
  version: number
  /** Readings and facts counted. */
  folded: number
  /** Something changed since the last publication. */
  dirty: boolean
  /** The last publication failed. */
  unpublished: boolean
  published: Published
  /** Refused readings whose dead letters the store did not take yet. */
  unreported: DeadLetter[]
  /** A hash of the last final classification that was stored; 0 before. */
  finalHash: number
}

/** Whether the race's readings carry more than one number. */
const hasDetail = (race: Race) => race.format.kind === 'game'

/** A race that has just opened with its frozen configuration. */
export const openState = (race: Race): RaceState => ({
  race,
  phase: 'scheduled',
  startsAt: race.timetable.startsAt ?? null,
  endsAt: null,
  phaseEndsAt: null,
  columns: emptyColumns(0, hasDetail(race)),
  fences: emptyFences(),
  front: emptyFront(),
  entered: new Set(),
  runs: new Map(),
  runEnds: new Map(),
  laps: new Map(),
  corrections: new Map(),
  decisions: new Map(),
  partitions: new Map(),
  window: -1,
  version: 0,
  folded: 0,
  dirty: true,
  unpublished: false,
  published: { etag: null, at: 0, rank: [], bib: [], lap: [] },
  unreported: [],
  finalHash: 0
})

type Entries<K, V> = [K, V][]
/** The state as plain JSON, columns in base64: what the entity stores. */
export type PackedState = Omit<
  RaceState,
  | 'columns'
  | 'fences'
  | 'front'
  | 'entered'
  | 'runs'
  | 'runEnds'
  | 'laps'
  | 'corrections'
  | 'decisions'
  | 'partitions'
> & {
  columns: string
  front: string
  holes: Entries<number, number[]>
  older: Entries<number, { session: number; high: number; holes: number[] }[]>
  entered: number[]
  runs: Entries<string, Run>
  runEnds: Entries<string, number>
  /** States of before laps had a source hold laps by telemetry alone. */
  laps: (Omit<Lap, 'source'> & Partial<Pick<Lap, 'source'>>)[]
  corrections: Entries<string, Correction>
  decisions: Entries<number, Decision>
  partitions: Entries<string, Partition>
}

/** State to JSON. */
export function packState(state: RaceState): PackedState {
  const {
    columns,
    fences,
    front,
    entered,
    runs,
    runEnds,
    laps,
    corrections,
    decisions,
    partitions,
    ...rest
  } = state
  return {
    ...rest,
    columns: packColumns(columns),
    front: packFront(front),
    holes: [...fences.holes],
    older: [...fences.older],
    entered: [...entered],
    runs: [...runs],
    runEnds: [...runEnds],
    laps: [...laps.values()],
    corrections: [...corrections],
    decisions: [...decisions],
    partitions: [...partitions]
  }
}

/** JSON to state. */
export function unpackState(packed: PackedState): RaceState {
  const {
    columns,
    front,
    holes,
    older,
    entered,
    runs,
    runEnds,
    laps,
    corrections,
    decisions,
    partitions,
    ...rest
  } = packed
  return {
    ...rest,
    columns: unpackColumns(columns, hasDetail(packed.race)),
    front: unpackFront(front),
    fences: { holes: new Map(holes), older: new Map(older) },
    entered: new Set(entered),
    runs: new Map(runs),
    runEnds: new Map(runEnds),
    laps: new Map(laps.map(lap => [lap.id, { ...lap, source: lap.source ?? 'telemetry' }])),
    corrections: new Map(corrections),
    decisions: new Map(decisions),
    partitions: new Map(partitions)
  }
}
