import { parseArgs } from 'node:util'

/** What `npm start` was asked for. */
export type StartArguments = {
  help: boolean
  fresh: boolean
  demo: boolean
  build: boolean
  riders: number
  raceSeconds: number
  players: number
  seed: number
  speed: number
  https: boolean
  portBase: number | undefined
  state: string
}

export const USAGE = `npm start -- [options]

  --riders N        riders of each virtual ride, 1 to 1000 (200)
  --race-seconds S  length of each ride and session in seconds, 10 to 3600 (300)
  --players N       players of each game session, 0 to 200; 0 for none (12)
  --seed N          seed of the demonstration's riders and players (1)
  --speed X         cars drive X times faster than recorded, 0.25 to 8 (1)
  --https           cars send through the gateway instead of MQTT
  --no-demo         start no simulators
  --fresh           forget all earlier races and begin anew
  --port-base P     listen on P and the ports after it, instead of any free ones
  --state DIR       where everything is kept (.grandstand); another folder for a second copy
  --no-build        use the last build
  --help            show this
`

/** The command line as arguments; throws one sentence that names the option when something is wrong with it. */
export function readArguments(argv: string[]): StartArguments {
  const { values } = parseArgs({
    args: argv,
    allowNegative: true,
    options: {
      riders: { type: 'string', default: '200' },
      'race-seconds': { type: 'string', default: '300' },
      players: { type: 'string', default: '12' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      https: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: true },
      build: { type: 'boolean', default: true },
      fresh: { type: 'boolean', default: false },
      'port-base': { type: 'string' },
      state: { type: 'string', default: '.grandstand' },
      help: { type: 'boolean', default: false }
    }
  })
  if (!values.state) throw new Error('--state must name a folder.')
  return {
    help: values.help,
    fresh: values.fresh,
    demo: values.demo,
    build: values.build,
    riders: whole('--riders', values.riders, 1, 1_000),
    raceSeconds: whole('--race-seconds', values['race-seconds'], 10, 3_600),
    players: whole('--players', values.players, 0, 200),
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1),
    speed: decimal('--speed', values.speed, 0.25, 8),
    https: values.https,
    portBase:
      values['port-base'] === undefined
        ? undefined
        : whole('--port-base', values['port-base'], 1_024, 65_000),
    state: values.state
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}".`)
}

function decimal(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value >= min && value <= max) return value
  throw new Error(`${name} must be a number from ${min} to ${max}, not "${text}".`)
}
