import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Endpoints } from '../../infra/local/endpoints.ts'
import { gamePart, type Part, ridePart } from './parts.ts'
import { localProcesses } from './processes.ts'
import { createProgressBar } from './progressBar.ts'
import { followUsage, printReport, type Usage } from './report.ts'
import { readSimulateArguments, type SimulateArguments, USAGE } from './simulateArguments.ts'
import { FAULTS, faultsOf, simulate } from './simulation.ts'

/** How finely the simulator's own delays are measured, ms. */
const DELAY_PROBE_MS = 10
const NO_FAULTS = { duplicates: 0, late: 0, outOfOrder: 0 }

async function run(args: SimulateArguments): Promise<void> {
  const file = resolve(args.endpoints)
  if (!existsSync(file)) throw new Error(`There is no ${file}: run npm start beside this first.`)
  const endpoints = JSON.parse(readFileSync(file, 'utf8')) as Endpoints
  setDefaultCACertificates([
    ...getCACertificates('default'),
    readFileSync(endpoints.caFile, 'utf8')
  ])
  const { gateway, tokenEndpoint, apiAudience, accounts } = endpoints
  const admin = accounts.find(({ role }) => role === 'admin')
  if (!admin) throw new Error(`${file} names no account with the role admin.`)

  const bar = createProgressBar(process.stdout, Date.now)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const delay = monitorEventLoopDelay({ resolution: DELAY_PROBE_MS })
  const here = { name: 'simulator', pid: process.pid }
  let usage = (): Usage[] => []
  let used: Usage[] = []
  const outcomes = await simulate({
    ...{ gateway, tokenEndpoint, apiAudience, admin, seed: args.seed, signal: stop.signal },
    parts: partsOf(args),
    faults: args.faults ? FAULTS : NO_FAULTS,
    ...(args.faults ? {} : { clocks: new Map() }),
    progress: bar.show,
    racing(is) {
      if (is === 'on') {
        delay.enable()
        usage = followUsage([...localProcesses(dirname(file)), here])
      } else {
        delay.disable()
        used = usage()
      }
    }
  })
  bar.end()
  // It measures from one probe to the next, in ns.
  const delayAt = (percentile: number) =>
    Math.max(0, delay.percentile(percentile) / 1e6 - DELAY_PROBE_MS)
  const delays = { p50: delayAt(50), p99: delayAt(99) }
  const faults = faultsOf(outcomes)
  printReport({ outcomes, usage: used, delays, faults })
  if (args.json) {
    const figures = { asked: args, outcomes, usage: used, delays, faults }
    await writeFile(args.json, `${JSON.stringify(figures, null, 2)}\n`)
  }
  process.exitCode = faults.length ? 1 : 0
}

function partsOf(args: SimulateArguments): Part[] {
  const { riders, races, players, sessions, metric } = args
  const rides = { people: riders, races, seconds: args['race-seconds'] }
  const games = { people: players, races: sessions, seconds: args['session-seconds'] }
  return [
    ...(riders ? [ridePart(rides, metric)] : []),
    ...(players ? [gamePart(games, args['events-per-second'])] : [])
  ]
}

try {
  const args = readSimulateArguments(process.argv.slice(2))
  if (args.help) console.log(USAGE)
  else await run(args)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
