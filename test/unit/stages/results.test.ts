import { expect, test } from 'vitest'
import type { Directory, DirectoryEntry, Format, Head } from '#contract'
import { Refused } from '../../../functions/stages/problem.ts'
import type { FinalResult } from '../../../functions/stages/race.ts'
import { createResults } from '../../../functions/stages/results.ts'
import { rowOf } from '../../browser/boards.ts'
import { boardOfRiders } from '../../stories/boards.ts'
import { DISTANCE, GAME, MOST_LAPS } from '../../stories/races.ts'

const RACE = 'evening-race'
const ENTRIES: DirectoryEntry[] = [
  { bib: 1, name: 'Åsa "Turbo", B.', country: 'SWE', class: 'A' },
  { bib: 2, name: '=HYPERLINK("x")', country: '', class: '' }
]
const FINAL: FinalResult = {
  ...{ id: 'final-9', raceId: RACE, revision: 9, validity: 'official' },
  rows: [
    rowOf(1, { rank: 1, status: 'finished', value: 900, at: 5, gap: 0, laps: 3 }),
    rowOf(2, { rank: 2, status: 'finished', value: 800, at: 5, gap: 70, laps: 3, held: 5_000 }),
    rowOf(3, { status: 'dns' })
  ]
}

function aRaceOf(format: Format, final: FinalResult | undefined = FINAL, names = 1) {
  let reads = 0
  const head: Head = { ...boardOfRiders(1, 1).head, raceId: RACE, format, names }
  const directory: Directory = { raceId: RACE, version: names, entries: ENTRIES }
  const results = createResults({
    async readFinal() {
      reads++
      return final
    },
    head: async () => head,
    directory: () =>
      names ? Promise.resolve(directory) : Promise.reject(new Refused('not-found', 'none')),
    now: () => 0
  })
  return { ...results, reads: () => reads }
}

test('results are the last final with the names of the race, empty where there is none', async () => {
  const { raceId, revision, validity, rows } = await aRaceOf(DISTANCE).results(RACE)
  expect({ raceId, revision, validity }).toEqual({
    raceId: RACE,
    revision: 9,
    validity: 'official'
  })
  expect(rows.map(({ bib, name, country, class: group }) => [bib, name, country, group])).toEqual([
    [1, 'Åsa "Turbo", B.', 'SWE', 'A'],
    [2, '=HYPERLINK("x")', '', ''],
    [3, '', '', '']
  ])
  expect(rows[0]).toMatchObject({ rank: 1, value: 900 })
})

test('a race without any names has results all the same', async () => {
  const { rows } = await aRaceOf(DISTANCE, FINAL, 0).results(RACE)
  expect(rows.map(({ name }) => name)).toEqual(['', '', ''])
})

test('before the first final there are none', async () => {
  const none = createResults({
    readFinal: async () => undefined,
    head: async () => boardOfRiders(1, 1).head,
    directory: async () => ({ raceId: RACE, version: 1, entries: [] }),
    now: () => 0
  })
  await expect(none.results(RACE)).rejects.toThrow('is running: it has no results yet')
  await expect(none.csv(RACE)).rejects.toBeInstanceOf(Refused)
})

test('results are read once a second, however many ask', async () => {
  const { results, csv, reads } = aRaceOf(DISTANCE)
  await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? results(RACE) : csv(RACE))))
  expect(reads()).toBe(1)
})

test('the table says the same in a line each, and no name is a formula', async () => {
  const text = await aRaceOf(DISTANCE).csv(RACE)
  expect(text.split('\r\n')).toEqual([
    '\uFEFFrank,tied,bib,name,country,class,status,value,unit,gap,gapUnit,lapsDown,laps,level,lives,shots,proxy,held',
    '1,no,1,"Åsa ""Turbo"", B.",SWE,A,finished,900,mm,0,ms,0,,,,,no,',
    `2,no,2,"'=HYPERLINK(""x"")",,,finished,800,mm,70,ms,0,,,,,no,5000`,
    ',no,3,,,,dns,,mm,,ms,0,,,,,no,',
    ''
  ])
})

test('units are those of the format', async () => {
  const unitsOf = async (format: Format) => {
    const [header = '', line = ''] = (await aRaceOf(format).csv(RACE)).split('\r\n')
    const cells = line.replace('"Åsa ""Turbo"", B."', 'name').split(',')
    return ['unit', 'gapUnit', 'laps'].map(name => cells[header.split(',').indexOf(name)])
  }
  expect(await unitsOf(GAME)).toEqual(['points', 'points', ''])
  expect(await unitsOf(MOST_LAPS)).toEqual(['laps', 'ms', '3'])
  expect(await unitsOf({ kind: 'ride', metric: 'output' })).toEqual([
    'hundredths',
    'hundredths',
    ''
  ])
})
