import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { RideMetric, SERIES_MAX_RACES } from '#contract'
import { NATURAL_EVENTS } from './play.ts'

export const USAGE = `npm run simulate -- [options]

Riders and players of a running Grandstand (npm start), by its public doors alone; every official result is compared
with what was acknowledged.

  --riders N             riders of each ride, 1 to 10000 (0: none)
  --races N              rides back to back, 1 to ${SERIES_MAX_RACES} (1)
  --race-seconds S       length of each ride in seconds, 5 to 3600 (300)
  --metric M             ${RideMetric.options.join(', ')} (distance)
  --players N            players of each game session, 1 to 10000 (0: none)
  --sessions N           sessions back to back, 1 to ${SERIES_MAX_RACES} (1)
  --session-seconds S    length of each session in seconds, 5 to 3600 (300)
  --events-per-second E  changes of each player's game, 1 to 80 (${NATURAL_EVENTS})
  --seed N               the same seed is the same people, form and faults (1)
  --no-faults            nothing twice, late or out of order, and no wrong clock
  --endpoints FILE       what npm start has written (.grandstand/endpoints.json)
  --json FILE            writes all figures there
  --help                 show this

Ends with 0 when the results are what was acknowledged, 1 when not.
`
const whole = (min: number, max: number) =>
  v.pipe(v.string(), v.toNumber(), v.integer(), v.minValue(min), v.maxValue(max))
const Arguments = v.object({
  riders: whole(0, 10_000),
  races: whole(1, SERIES_MAX_RACES),
  'race-seconds': whole(5, 3_600),
  metric: RideMetric,
  players: whole(0, 10_000),
  sessions: whole(1, SERIES_MAX_RACES),
  'session-seconds': whole(5, 3_600),
  'events-per-second': v.pipe(v.string(), v.toNumber(), v.minValue(1), v.maxValue(80)),
  seed: whole(0, 2 ** 32 - 1),
  faults: v.boolean(),
  endpoints: v.string(),
  json: v.optional(v.string()),
  help: v.boolean()
})
export type SimulateArguments = v.InferOutput<typeof Arguments>

/** The command line as arguments; throws one sentence that names the option when something is wrong with it. */
export function readSimulateArguments(argv: string[]): SimulateArguments {
  const text = (value: string) => ({ type: 'string', default: value }) as const
  const { values } = parseArgs({
    args: argv,
    allowNegative: true,
    options: {
      riders: text('0'),
      races: text('1'),
      'race-seconds': text('300'),
      metric: text('distance'),
      players: text('0'),
      sessions: text('1'),
      'session-seconds': text('300'),
      'events-per-second': text(String(NATURAL_EVENTS)),
      seed: text('1'),
      faults: { type: 'boolean', default: true },
      endpoints: text('.grandstand/endpoints.json'),
      json: { type: 'string' },
      help: { type: 'boolean', default: false }
    }
  })
  const parsed = v.safeParse(Arguments, values)
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new Error(`--${v.getDotPath(issue)}: ${issue.message}.`)
  }
  const { help, riders, players } = parsed.output
  if (!help && riders + players === 0) throw new Error('--riders or --players must be above 0.')
  return parsed.output
}
