import { expect, test } from 'vitest'
import type { Format } from '#contract'
import { createLapsCsv } from '../../../functions/stages/lapsCsv.ts'
import {
  correctionFact,
  entryFact,
  laps,
  runFact,
  statusFact,
  withdrawalFact
} from '../../stories/facts.ts'
import { aLedgerStore, handLap, openFact } from '../../stories/ledger.ts'
import { aRace, averageOf, FASTEST_LAP, GUN, MOST_LAPS } from '../../stories/races.ts'

const NAMES = [
  { bib: 1, name: 'Ada', country: 'GBR', class: 'pro' },
  { bib: 2, name: '=HYPERLINK("http://evil.example","Bo")', country: '', class: '' }
]
const facts = [
  entryFact(1),
  entryFact(2),
  entryFact(3),
  entryFact(4),
  withdrawalFact(4),
  runFact(1, 'run-1', 0, { by: 'ada', proxy: true }),
  ...laps(1, [3_000, 65_432]),
  { ...handLap(1, 1, 3_010, 3_000), recordedAt: GUN + 50_000 },
  ...laps(2, [3_500, 3_600]),
  correctionFact('run-2-1', { lapMs: 3_400 }),
  statusFact(3, 'dsq')
]
const exporting = (format: Format) => {
  const race = aRace(format, {
    timetable: { countdownMs: 0, backlogMs: 0, protestMs: 0, startsAt: GUN }
  })
  return createLapsCsv(aLedgerStore([openFact(race), ...facts], { race, names: NAMES }))
}
/** The lines, without the mark that makes them UTF-8. */
const lines = (text: string) => text.slice(1).trimEnd().split('\r\n')
const BO = `"'=HYPERLINK(""http://evil.example"",""Bo"")"`

test('every timing of every lap is a line, whether or not it counts', async () => {
  expect(lines(await exporting(FASTEST_LAP).laps('evening-race'))).toEqual([
    'bib,name,run,lap,source,state,why,ms,time,resets,completedAt,recordedAt,recordedBy,corrections,lapId',
    '1,Ada,run-1,1,telemetry,counts,,3000,0:03.000,0,2027-01-15T08:00:03.000Z,,timekeeper,0,run-1-1',
    '1,Ada,run-1,1,hand,superseded,the machine timed it too,3010,0:03.010,0,2027-01-15T08:00:03.000Z,2027-01-15T08:00:50.000Z,ada,0,run-1-ada-1',
    `2,${BO},run-2,1,telemetry,counts,corrected,3400,0:03.400,0,2027-01-15T08:00:03.500Z,,timekeeper,1,run-2-1`,
    `2,${BO},run-2,2,telemetry,counts,,3600,0:03.600,0,2027-01-15T08:00:07.100Z,,timekeeper,0,run-2-2`,
    '1,Ada,run-1,2,telemetry,counts,,65432,1:05.432,0,2027-01-15T08:01:08.432Z,,timekeeper,0,run-1-2'
  ])
})

const RACER =
  'rank,tied,bib,competitor,name,country,class,status,laps,resultMs,result,gapMs,gap,lapsDown,lastMs,last,proxy'

test('every competitor is a line in the order of the board', async () => {
  expect(lines(await exporting(FASTEST_LAP).racers('evening-race'))).toEqual([
    RACER,
    '1,no,1,rider-1,Ada,GBR,pro,running,2,3000,0:03.000,0,0:00.000,0,65432,1:05.432,yes',
    `2,no,2,rider-2,${BO},,,running,2,3400,0:03.400,400,0:00.400,0,3600,0:03.600,no`,
    ',no,3,rider-3,,,,dsq,0,,,,,0,,,no'
  ])
})

test('a sum of laps is a time, a number of laps is none', async () => {
  const [, average] = lines(await exporting(averageOf(2)).racers('evening-race'))
  expect(average).toBe(
    `1,no,2,rider-2,${BO},,,running,2,7000,0:07.000,0,0:00.000,0,3600,0:03.600,no`
  )
  const [, most] = lines(await exporting(MOST_LAPS).racers('evening-race'))
  expect(most).toBe(`1,no,2,rider-2,${BO},,,running,2,,,0,0:00.000,0,3600,0:03.600,no`)
})

test('texts are UTF-8 with the mark of it', async () => {
  const [laps, racers] = await Promise.all([
    exporting(FASTEST_LAP).laps('evening-race'),
    exporting(FASTEST_LAP).racers('evening-race')
  ])
  expect([laps[0], racers[0]]).toEqual(['\uFEFF', '\uFEFF'])
})

test('a race that does not exist exports nothing', async () => {
  await expect(exporting(FASTEST_LAP).laps('another-race')).rejects.toMatchObject({
    problem: { status: 404 }
  })
})
