import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { explain } from '../local/explain.ts'

/** Where a command finds what it works on: a laptop's state folder, or services on Azure where they are named. */
export type Place = {
  state: string
  azure?: { eventHubs: string; cosmos: string; archive: string }
}

/** Options as they were typed. */
export type Values = Record<string, string | boolean | undefined>

const PLACE = {
  state: { type: 'string', default: '.grandstand' },
  'event-hubs': { type: 'string' },
  cosmos: { type: 'string' },
  archive: { type: 'string' },
  help: { type: 'boolean', default: false }
} as const

const PLACE_USAGE = `
  --state DIR       state folder of a laptop, running or stopped (.grandstand)
  --event-hubs H    on Azure, as who is signed in: the namespace, evhns-….servicebus.windows.net
  --cosmos URL      with it the account, https://cosmos-….documents.azure.com
  --archive URL     and the archive's account, https://starchive….blob.core.windows.net
  --help            show this
`

/**
 * Runs an operator's command with its own options and those of its place; the process ends with what `work` answers, or
 * with 1 and one sentence where it fails.
 */
export async function runCommand(
  usage: string,
  own: ParseArgsOptionsConfig,
  work: (values: Values, place: Place) => Promise<number>
): Promise<void> {
  try {
    const values = readValues(process.argv.slice(2), own)
    if (values.help) console.log(usage + PLACE_USAGE)
    else process.exitCode = await work(values, placeOf(values))
  } catch (error) {
    console.error(explain(error))
    process.exitCode = 1
  }
}

/** The command line as options. */
export const readValues = (argv: string[], own: ParseArgsOptionsConfig): Values =>
  parseArgs({ args: argv, options: { ...PLACE, ...own } }).values as Values

/** The place that options name; throws one sentence where they name a part of an environment alone. */
export function placeOf(values: Values): Place {
  const { state, 'event-hubs': eventHubs, cosmos, archive } = values
  const place = { state: String(state) }
  if (!eventHubs && !cosmos && !archive) return place
  if (!eventHubs || !cosmos || !archive) {
    throw new Error('--event-hubs, --cosmos and --archive name one environment: give all three.')
  }
  const azure = {
    eventHubs: String(eventHubs),
    cosmos: String(cosmos),
    archive: String(archive)
  }
  return { ...place, azure }
}

/** The option's text; throws one sentence where it is not given. */
export function required(values: Values, name: string): string {
  const value = values[name]
  if (typeof value === 'string' && value) return value
  throw new Error(`--${name} must be given. See --help.`)
}
