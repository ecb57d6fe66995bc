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
/** The car was put back on the track, once. */
export type Reset = { id: string; runId: string; at: number }
/** How a run began: the earliest fact of it. */
export type Run = { id: string; at: number; bib: number; deviceId?: string | undefined }
/** Whether a bib was entered or withdrawn at last. */
export type Entry = { id: string; at: number; entered: boolean }
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
  /** Bibs that were entered or withdrawn, and what happened to them. */
  entries: Map<number, Entry>
  runs: Map<string, Run>
  /** When runs ended, also those whose beginning is not known yet. */
  runEnds: Map<string, number>
  laps: Map<string, Lap>
  resets: Map<string, Reset>
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
  entries: new Map(),
  runs: new Map(),
  runEnds: new Map(),
  laps: new Map(),
  resets: new Map(),
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

/** Maps that are stored entry by entry: their values do not hold the key. */
const MAPS = ['entries', 'runs', 'runEnds', 'corrections', 'decisions', 'partitions'] as const
type Maps = Pick<RaceState, (typeof MAPS)[number]>
type Entries<T> = {
  [K in keyof T]: T[K] extends Map<infer Key, infer Value> ? [Key, Value][] : never
}

/** The state as plain JSON, columns in base64: what the entity stores. */
export type PackedState = Omit<
  RaceState,
  'columns' | 'fences' | 'front' | 'laps' | 'resets' | keyof Maps
> &
  Entries<Maps & Fences> & { columns: string; front: string; laps: Lap[]; resets: Reset[] }

/** State to JSON. */
export function packState(state: RaceState): PackedState {
  const { columns, fences, front, laps, resets, ...rest } = state
  return {
    ...rest,
    ...(Object.fromEntries(MAPS.map(name => [name, [...state[name]]])) as Entries<Maps>),
    columns: packColumns(columns),
    front: packFront(front),
    holes: [...fences.holes],
    older: [...fences.older],
    laps: [...laps.values()],
    resets: [...resets.values()]
  }
}

/** A state stored before `sponsor`, `resets` and so on were known: without them, and with a start list of bibs alone. */
type OlderState = Omit<PackedState, 'race' | 'entries' | 'laps' | 'resets'> & {
  race: Omit<Race, 'event' | 'sponsor' | 'timedBy'> & Partial<Race>
  entries?: PackedState['entries']
  entered?: number[]
  laps: (Omit<Lap, 'source'> & Partial<Lap>)[]
  resets?: Reset[]
}

/** JSON to state. */
export function unpackState(packed: PackedState | OlderState): RaceState {
  const { columns, front, holes, older, ...rest } = modern(packed)
  return {
    ...rest,
    ...(Object.fromEntries(
      MAPS.map(name => [name, new Map<unknown, unknown>(rest[name])])
    ) as Maps),
    columns: unpackColumns(columns, hasDetail(rest.race)),
    front: unpackFront(front),
    fences: { holes: new Map(holes), older: new Map(older) },
    laps: new Map(rest.laps.map(lap => [lap.id, lap])),
    resets: new Map(rest.resets.map(reset => [reset.id, reset]))
  }
}

/** What an older state says in the words of today; any fact on a bib is later than its place on the old start list. */
function modern(packed: PackedState | OlderState): PackedState {
  const { entered = [], ...rest }: OlderState = packed
  const { event = '', sponsor = '', timedBy = 'telemetry' } = rest.race
  return {
    ...rest,
    race: { ...rest.race, event, sponsor, timedBy },
    entries: rest.entries ?? entered.map(bib => [bib, { id: '', at: 0, entered: true }]),
    laps: rest.laps.map(lap => ({ ...lap, source: lap.source ?? 'telemetry' })),
    resets: rest.resets ?? []
  }
}
