import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { RideMetric } from '#contract'
import { judgeBoards, measureBoards } from './boards.ts'
import { judgeCrossings, timeCrossings } from './crossings.ts'
import { rideLive } from './live.ts'
import { judgeLookups } from './lookups/judge.ts'
import { measureLookups } from './lookups/lookups.ts'
import { measurePackages } from './packages.ts'
import { measureRules } from './race.ts'
import { judge } from './verdict.ts'

const USAGE = `npm run bench -- [scenario] [options]

  live                  the whole product with one ride, from the riders to a painted page (default)
    --riders N          riders, 1 to 10000 (200)
    --seconds S         racing time, 5 to 3600 (60)
    --race-metric M     ${RideMetric.options.join(', ')} (distance)
    --screens N         venue pages that watch, 1 to 8 (1)
  race                  the race's rules alone, in this process: no services
  lookups               phones that look a race up: what is asked at each stage, and how fast a correction reaches them
    --phones N          phones of the large crowd, 1000 to 100000 (50000); a tenth of them is the small one
  crossings             a lap timer at the line, to the lap that is painted
    --crossings N       laps that are driven, 1 to 1000 (60)
  boards                everybody's best on a course: to add one, to find any value's place, and whether it is exact
    --bests N           competitors on the board, 10000 to 10000000 (1000000)
  packages              what each app's bundle takes to load in a fresh process

Writes .grandstand/bench-<scenario>.json. Ends with 0 when all holds, 1 when a reading was lost or counted twice
or a target was missed, 2 when the run is void because the riders' own schedule slipped.
`
const whole = (min: number, max: number) =>
  v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(min), v.maxValue(max))
const Arguments = v.object({
  scenario: v.picklist(['live', 'race', 'lookups', 'crossings', 'boards', 'packages']),
  riders: whole(1, 10_000),
  seconds: whole(5, 3_600),
  raceMetric: RideMetric,
  screens: whole(1, 8),
  phones: whole(1_000, 100_000),
  crossings: whole(1, 1_000),
  bests: whole(10_000, 10_000_000)
})

async function keep(name: string, figures: object): Promise<void> {
  await mkdir('.grandstand', { recursive: true })
  const file = `.grandstand/bench-${name}.json`
  await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`)
  console.log(file)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    riders: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    'race-metric': { type: 'string', default: 'distance' },
    screens: { type: 'string', default: '1' },
    phones: { type: 'string', default: '50000' },
    crossings: { type: 'string', default: '60' },
    bests: { type: 'string', default: '1000000' }
  }
})
const scenario = positionals.join(' ') || 'live'
const asked = v.safeParse(Arguments, { ...values, scenario, raceMetric: values['race-metric'] })
if (!asked.success) {
  const [{ path, message }] = asked.issues
  console.error(`${path?.[0].key}: ${message}\n\n${USAGE}`)
  process.exitCode = 1
} else if (asked.output.scenario === 'race') {
  await keep('race', measureRules())
} else if (asked.output.scenario === 'lookups') {
  const figures = await measureLookups(asked.output.phones)
  process.exitCode = judgeLookups(figures)
  await keep('lookups', figures)
} else if (asked.output.scenario === 'crossings') {
  const figures = await timeCrossings(asked.output.crossings)
  process.exitCode = judgeCrossings(figures)
  await keep('crossings', figures)
} else if (asked.output.scenario === 'boards') {
  const figures = measureBoards(asked.output.bests)
  process.exitCode = judgeBoards(figures)
  await keep('boards', figures)
} else if (asked.output.scenario === 'packages') {
  const figures = await measurePackages()
  process.exitCode = figures.slow.length ? 1 : 0
  await keep('packages', figures)
} else {
  const figures = await rideLive(asked.output)
  process.exitCode = judge(figures)
  await keep(`live-${asked.output.riders}`, { asked: asked.output, ...figures })
}
