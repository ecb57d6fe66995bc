import { parseArgs } from 'node:util'

/** What `npm run smoke` was asked for. */
export type SmokeArguments = {
  help: boolean
  /** The azd environment; absent with `--local`. */
  env: string | undefined
  /** Where `npm start` keeps its state. */
  state: string
  riders: number
  raceSeconds: number
}

export const USAGE = `npm run smoke -- --env NAME | --local [options]

  --env NAME        check what the azd environment NAME deployed
  --local           check a running npm start instead
  --state DIR       the --state of that npm start (.grandstand)
  --riders N        riders of the simulated ride, 20 to 1000 (24)
  --race-seconds S  length of that ride in seconds, 20 to 600 (30)
  --help            show this
`

/** The command line as arguments; throws one sentence when something is wrong with it. */
export function readArguments(argv: string[]): SmokeArguments {
  const { values } = parseArgs({
    args: argv,
    options: {
      env: { type: 'string' },
      local: { type: 'boolean', default: false },
      state: { type: 'string', default: '.grandstand' },
      riders: { type: 'string', default: '24' },
      'race-seconds': { type: 'string', default: '30' },
      help: { type: 'boolean', default: false }
    }
  })
  if (!values.help && values.local === Boolean(values.env)) {
    throw new Error('Say either --env NAME or --local.')
  }
  return {
    help: values.help,
    env: values.env,
    state: values.state,
    riders: whole('--riders', values.riders, 20, 1_000),
    raceSeconds: whole('--race-seconds', values['race-seconds'], 20, 600)
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new Error(`${name} must be a whole number from ${min} to ${max}, not "${text}".`)
}
