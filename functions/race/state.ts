import {
  type CourseRecord,
  type DeadLetter,
  IDLE_MS,
  LAP_MAX_MS,
  type LapSource,
  type PageRef,
  type Phase,
  type Race,
  TOLERANCE_MS
} from '#contract'
import { type Columns, emptyColumns, packColumns, unpackColumns } from './columns.ts'
import { emptyFences, type Fences } from './fence.ts'
import { emptyFront, type Front, packFront, unpackFront } from './front.ts'
import type { Held } from './heldValues.ts'
import { type PackedLaps, packLaps, unpackLaps } from './packedLaps.ts'
import type { Stand } from './stands.ts'

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
  /** Who timed it by hand: a person's object id, or an app's name. */
  by?: string
}
/** The car was put back on the track, once. */
export type Reset = { id: string; runId: string; at: number; byHand?: true }
/** How a run began: the earliest fact of it. `by` is the object id of the person who began it; with `proxy` another drives. */
export type Run = {
  id: string
  at: number
  bib: number
  deviceId?: string | undefined
  by?: string
  proxy?: true
}
/** Whether a fact was taken back or brought back at last. */
export type Retraction = { id: string; at: number; retracted: boolean }
/** What a bib was merged into at last. */
export type Merge = { id: string; at: number; bib: number }
/** A bib's place among those that the latest photo finish that names it put in order. */
export type Order = { id: string; at: number; place: number }
/** A run's clock holds, or goes on. */
export type ClockEvent = { id: string; at: number; holds: boolean }
/** A fact of which only that it happened matters. */
export type Stamp = { id: string; at: number }
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
/** Whether what was held for a bib, up to a value, counts at last. */
export type Judgement = { id: string; at: number; value: number; accepted: boolean }
/** A partition's progress: the latest clamped event time, and when the entity last heard of it; ms since 1970. */
export type Partition = { time: number; seen: number }
/** A page as last written: where, and a hash of its content to see whether it changed. */
export type WrittenPage = PageRef & { hash: number }
/** The families of pages: rows by place, columns by bib, laps by bib. */
export type PageFamily = 'rank' | 'bib' | 'lap'
/** What the last publication left in the store, and when the last one was that changed anything. */
export type Published = {
  etag: string | null
  at: number
  changedAt: number
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
  /** Score games: trials of one bib that came to its best score, where there are several. */
  ties: Map<number, Stand[]>
  /** By bib, what ride or game cannot have given, and what was judged of it. */
  heldBack: Map<number, Held>
  judgements: Map<number, Judgement>
  /** Bibs that were entered or withdrawn, and what happened to them. */
  entries: Map<number, Entry>
  runs: Map<string, Run>
  /** When runs ended, also those whose beginning is not known yet. */
  runEnds: Map<string, number>
  laps: Map<string, Lap>
  resets: Map<string, Reset>
  corrections: Map<string, Correction>
  decisions: Map<number, Decision>
  /** By the id of the fact that is taken back. */
  retractions: Map<string, Retraction>
  /** By the bib that is merged into another. */
  merges: Map<number, Merge>
  orders: Map<number, Order>
  /** By run, in the order of instants and ids. */
  clocks: Map<string, ClockEvent[]>
  /** The last time that a timekeeper looked through the laps of a run. */
  submits: Map<string, Stamp>
  /** Whose result is contested, by the protest's id; and how protests were settled, by the same. */
  protests: Map<string, number>
  settlements: Map<string, Stamp>
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
  /** Records that fell, known once the race is official. */
  records: CourseRecord[]
}

/** Whether the race's readings carry more than one number. */
const hasDetail = (race: Pick<Race, 'format'>) => race.format.kind === 'game'

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
  ties: new Map(),
  heldBack: new Map(),
  judgements: new Map(),
  entries: new Map(),
  runs: new Map(),
  runEnds: new Map(),
  laps: new Map(),
  resets: new Map(),
  corrections: new Map(),
  decisions: new Map(),
  retractions: new Map(),
  merges: new Map(),
  orders: new Map(),
  clocks: new Map(),
  submits: new Map(),
  protests: new Map(),
  settlements: new Map(),
  partitions: new Map(),
  window: -1,
  version: 0,
  folded: 0,
  dirty: true,
  unpublished: false,
  published: { etag: null, at: 0, changedAt: 0, rank: [], bib: [], lap: [] },
  unreported: [],
  finalHash: 0,
  records: []
})

/** Maps that are stored entry by entry: their values do not hold the key. */
const MAPS = [
  'ties',
  'heldBack',
  'judgements',
  'entries',
  'runs',
  'runEnds',
  'corrections',
  'decisions',
  'retractions',
  'merges',
  'orders',
  'clocks',
  'submits',
  'protests',
  'settlements',
  'partitions'
] as const
type Maps = Pick<RaceState, (typeof MAPS)[number]>
type Entries<T> = {
  [K in keyof T]: T[K] extends Map<infer Key, infer Value> ? [Key, Value][] : never
}

/** The state as plain JSON, columns in base64: what the entity stores. */
export type PackedState = Omit<
  RaceState,
  'columns' | 'fences' | 'front' | 'laps' | 'resets' | keyof Maps
> &
  Entries<Maps & Fences> & { columns: string; front: string; laps: PackedLaps; resets: Reset[] }

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
    laps: packLaps(laps.values()),
    resets: [...resets.values()]
  }
}

/** A state stored before parts of it were known: without them, its laps one by one, its start list of bibs alone. */
type OlderState = Omit<PackedState, 'race' | 'laps' | 'resets' | 'records' | keyof Maps> & {
  records?: CourseRecord[]
  race: Omit<Race, keyof typeof OLDER_RACE> & Partial<Race>
  entered?: number[]
  laps: (Omit<Lap, 'source'> & Partial<Lap>)[]
  resets?: Reset[]
} & Partial<Entries<Maps>>

/** What a race is whose configuration was stored before these parts were known. */
const OLDER_RACE = {
  event: '',
  sponsor: '',
  timedBy: 'telemetry',
  maxLapMs: LAP_MAX_MS,
  toleranceMs: TOLERANCE_MS,
  classes: [],
  registration: { kind: 'open' },
  lateJoin: 'join',
  trials: 'many',
  idleMs: IDLE_MS,
  unlisted: false
} satisfies Partial<Race>

/** JSON to state. */
export function unpackState(packed: PackedState | OlderState): RaceState {
  const { columns, front, holes, older, race, laps, resets = [], records = [], ...stored } = packed
  // Any fact on a bib is later than its place on an old start list.
  const { entered = [], ...rest } = stored as typeof stored & Pick<OlderState, 'entered'>
  const entries = entered.map(bib => [bib, { id: '', at: 0, entered: true }] as const)
  const maps: Partial<Entries<Maps>> = rest
  return {
    // The first one keeps the order of parts, so that a state is packed again as it was.
    race: { ...race, ...OLDER_RACE, ...race },
    ...rest,
    ...(Object.fromEntries(
      MAPS.map(name => [name, new Map<unknown, unknown>(maps[name])])
    ) as Maps),
    ...(maps.entries ? {} : { entries: new Map(entries) }),
    columns: unpackColumns(columns, hasDetail(race), maps.ties === undefined),
    front: unpackFront(front),
    fences: { holes: new Map(holes), older: new Map(older) },
    laps: new Map(lapsOf(laps).map(lap => [lap.id, lap])),
    resets: new Map(resets.map(reset => [reset.id, reset])),
    records
  }
}

const lapsOf = (laps: PackedState['laps'] | OlderState['laps']): Lap[] =>
  Array.isArray(laps)
    ? laps.map(lap => ({ ...lap, source: lap.source ?? 'telemetry' }))
    : unpackLaps(laps)
