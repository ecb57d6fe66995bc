import type { Board, Directory, RaceDetail, Row } from '#contract'
import { rowOf } from './boards.ts'

const MINUTE = 60_000

/** Names as people give them: long, from right to left, of pictures, and of one letter. */
const NAMES = [
  'Turbo Toast 🍞',
  'ليلى المنصوري',
  'Wolfgang Freiherr von Altenburg-Schönau',
  'Q',
  'Nguyễn Thị Ánh Tuyết',
  'חנן בן־חיים',
  '👩‍🚀🚀✨🪐🌙',
  'Maximiliano Echeverría-Goicoechea',
  '中村 海',
  'Þórdís Guðmundsdóttir'
] as const

/** So many players, the best first; every twelfth shares the place ahead, every fortieth has more than a game can give. */
export function playerRows(count: number, turn = 0): Row[] {
  const rows: Row[] = []
  for (let i = 0; i < count; i++) {
    const before = rows[i - 1]
    const tied = before !== undefined && i % 12 === 11
    if (before && tied) before.tied = true
    rows.push(
      rowOf(((i + turn) % count) + 1, {
        rank: before && tied ? before.rank : i + 1,
        tied,
        value: before && tied ? before.value : 21_400 + turn * 50 - i * 103,
        at: 60_000,
        gap: i * 103,
        interval: 103,
        laps: 400,
        game: { level: 1 + ((count - i) % 9), lives: (i + 3) % 4, shots: 480 - i },
        ...(i % 40 === 39 ? { held: 99_999 } : {})
      })
    )
  }
  return rows
}

/** Names of so many players, bibs from 1. */
export const playerNames = (raceId: string, count: number, version = 1): Directory => ({
  raceId,
  version,
  entries: Array.from({ length: count }, (_, i) => ({
    bib: i + 1,
    name: i < 10 ? NAMES[i]! : `${NAMES[i % 10]!.slice(0, 30)} ${Math.floor(i / 10)}`,
    country: '',
    class: ''
  }))
})

/** A session that runs since a minute and has four left; its board has the first rows of `rows`. */
export const session = (raceId: string, rows: Row[], more: Partial<Board> = {}): Board => ({
  raceId,
  version: 10,
  name: 'Arcade night, session 3',
  place: 'Malmö',
  event: '',
  sponsor: '',
  format: { kind: 'game' },
  phase: 'running',
  validity: 'provisional',
  startsAt: Date.now() - MINUTE,
  endsAt: Date.now() + 4 * MINUTE,
  phaseEndsAt: null,
  window: 59,
  closedAt: Date.now(),
  competitors: rows.length,
  folded: 4_000,
  top: rows.slice(0, 20),
  field: null,
  racing: [],
  records: [],
  ...more
})

/** What is public of a session's configuration. */
export const sessionDetail = (board: Board, more: Partial<RaceDetail> = {}): RaceDetail => ({
  ...board,
  ...{ ties: 'competition', course: { courseId: 'room-1', name: 'Room 1' }, capacity: 200 },
  ...{ minLapMs: 0, maxLapMs: 3_600_000, toleranceMs: 300, classes: [], timedBy: 'telemetry' },
  ...{ lateJoin: 'join', trials: 'many', idleMs: 120_000, registration: 'open', attended: false },
  timetable: {
    ...{ countdownMs: 10_000, durationMs: 5 * MINUTE, backlogMs: 20_000, protestMs: MINUTE }
  },
  ...more
})
