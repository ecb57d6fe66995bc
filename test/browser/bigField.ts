import type { Directory, LapLine, Row } from '#contract'
import { rowOf } from './boards.ts'

const GIVEN = [
  'Siobhán',
  'Mateusz',
  'Zsófia',
  'Kai',
  'Priya',
  'Þórdís',
  'Nguyễn',
  'Chloé',
  'Maximiliano',
  'ليلى'
]
const FAMILY = [
  'Ní Bhriain',
  'Wiśniewski',
  'Szentgyörgyi',
  'Nakamura-Lindholm',
  'Raghunathan',
  'Guðmundsdóttir',
  'Ánh Tuyết',
  'd’Hérouville',
  'Echeverría-Goicoechea',
  'المنصوري'
]

/** Some people whose names are their own. */
const PEOPLE: Record<number, [name: string, country: string]> = {
  13: ['Jude “Apex” Adeyemi', 'NGR'],
  33: ['Turbo Toast 🍞', 'GBR'],
  21: ['ليلى المنصوري', 'UAE'],
  90: ['חנן בן־חיים', 'ISR'],
  412: ['Wolfgang Freiherr von und zu Altenburg-Schönau-Wittgenstein', 'GER']
}

/** Names of so many competitors, bibs from 1. */
export const manyNames = (raceId: string, count: number, version = 1): Directory => ({
  raceId,
  version,
  entries: Array.from({ length: count }, (_, i) => {
    const bib = i + 1
    const made = `${GIVEN[i % 10]} ${FAMILY[Math.floor(i / 10) % 10]} ${Math.floor(i / 100) || ''}`
    const [name, country] = PEOPLE[bib] ?? [made.trim(), 'POR']
    return { bib, name, country, class: i % 2 ? 'B' : 'A' }
  })
})

/** So many results, bib 1 first, each `step` behind the one before; every eleventh shares the place ahead. */
export function manyRows(count: number, first: number, step: number): Row[] {
  const rows: Row[] = []
  for (let i = 0; i < count; i++) {
    const before = rows[i - 1]
    const tied = before !== undefined && i % 11 === 10
    if (before && tied) before.tied = true
    const gap = Math.abs((before?.gap ?? 0) + (tied || i === 0 ? 0 : step))
    rows.push(
      rowOf(i + 1, {
        rank: before && tied ? before.rank : i + 1,
        tied,
        value: before && tied ? before.value : first + i * step,
        at: 60_000 + i,
        gap,
        laps: 4,
        last: { ms: first + i * step + (i % 3 ? 210 : 0), valid: true }
      })
    )
  }
  return rows
}

/** Laps of one run by their times; times below zero are not valid. */
export const lapsOfTimes = (...times: number[]): LapLine[] =>
  times.map((ms, i) => ({
    lap: i + 1,
    runId: 'run-1',
    ms: Math.abs(ms),
    valid: ms > 0,
    source: 'sensor',
    resets: 0,
    at: 10_000 * (i + 1)
  }))
