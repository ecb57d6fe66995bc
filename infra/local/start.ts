import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import topology from '#topology' with { type: 'json' }
import { buildAll, DIST } from '../build.ts'
import { readArguments, type StartArguments, USAGE } from './arguments.ts'
import { type Cloud, startCloud } from './cloud.ts'
import { type Endpoints, endpointsOf } from './endpoints.ts'
import { explain } from './explain.ts'
import { lockFolder } from './lock.ts'
import { settingsOfPages, startPages } from './pages.ts'
import { keepRunning } from './processes.ts'
import { screenLink } from './screenLink.ts'
import { SECRET_FILE, writeSecret } from './secretFile.ts'

/** What runs, newest first. */
const running: { close(): Promise<void> }[] = []
let stopping = false

async function start(args: StartArguments): Promise<void> {
  const dir = resolve(args.state)
  await mkdir(dir, { recursive: true })
  running.unshift(lockFolder(dir))
  if (args.fresh) await forget(dir)
  if (args.build) await buildAll()
  else requireBuild()
  const cloud = await startCloud({
    dir,
    ...(args.portBase === undefined ? {} : { portBase: args.portBase })
  })
  running.unshift(cloud)
  const { plan } = cloud
  const pages = await startPages({
    dir: join(DIST, 'web'),
    port: plan.ports.screen,
    screenKey: await screenLink(plan, 'screen-1'),
    ...settingsOfPages(cloud)
  })
  running.unshift(pages)
  const endpoints = endpointsOf(plan, {
    screen: `${pages.url}/s/`,
    mobile: `${pages.url}/mobile/`,
    ride: `${pages.url}/ride/`,
    arcade: `${pages.url}/arcade/`,
    room: `${pages.url}/room/`,
    boards: `${pages.url}/boards/`,
    officials: `${pages.url}/officials/`
  })
  await writeSecret(join(dir, 'endpoints.json'), `${JSON.stringify(endpoints, null, 2)}\n`)
  if (args.demo) running.unshift(await startDemonstration(args, endpoints, cloud))
  announce(endpoints, args)
}

/** What earlier races left; keys and ports stay. A folder without them is not ours to empty. */
async function forget(dir: string): Promise<void> {
  if (!existsSync(join(dir, SECRET_FILE))) return
  for (const name of ['cosmos', 'event-hubs', 'iot-hub', 'hosts', 'storage', 'logs']) {
    await rm(join(dir, name), { recursive: true, force: true })
  }
}

function requireBuild(): void {
  const bundles = Object.keys(topology.apps).map(app => join(DIST, app, 'index.cjs'))
  const missing = [...bundles, join(DIST, 'web/screen/index.html')].find(file => !existsSync(file))
  if (missing) throw new Error(`There is no ${missing}: start without --no-build to build it.`)
}

async function startDemonstration(args: StartArguments, endpoints: Endpoints, { plan }: Cloud) {
  const { gateway, cosmos, tokenEndpoint, apiAudience, accounts, iotHub, caFile } = endpoints
  const car = accounts.find(({ role }) => role === 'car')
  const demonstration = await keepRunning(
    {
      name: 'demonstration',
      file: fileURLToPath(new URL('../../test/simulators/process.ts', import.meta.url)),
      options: {
        endpoints: {
          gateway,
          cosmos,
          issuer: { tokenEndpoint, apiAudience, ...car },
          fleet: { caFile, devices: iotHub.devices }
        },
        riders: args.riders,
        raceSeconds: args.raceSeconds,
        players: args.players,
        seed: args.seed,
        speed: args.speed,
        https: args.https
      },
      env: { NODE_EXTRA_CA_CERTS: plan.caFile }
    },
    `${plan.dir}/logs`
  )
  return { close: () => demonstration.stop() }
}

function announce(
  { pages, gateway, accounts, people, cosmos }: Endpoints,
  { state }: StartArguments
) {
  const rows = [
    ['Venue screen', `${pages.screen}ride`],
    ['', `${pages.screen}fastestLap`],
    ['', `${pages.screen}averageLap`],
    ['', `${pages.screen}?race=<raceId>`],
    ['Phones', pages.mobile ?? ''],
    ['Ride', pages.ride ?? ''],
    ['Game', pages.arcade ?? ''],
    ['Room board', pages.room ?? ''],
    ['Boards', pages.boards ?? ''],
    ['Officials', pages.officials ?? ''],
    ['API', `${gateway}/races`],
    ['App accounts', accounts.map(({ clientId }) => clientId).join(', ')],
    ...people.map(({ userName }, i) => [i ? '' : 'Sign in as', userName]),
    ['Cosmos DB', cosmos.endpoint],
    ['For clients', join(state, 'endpoints.json')],
    ['Logs', join(state, 'logs')]
  ]
  const table = rows.map(([what = '', where]) => `  ${what.padEnd(14)}${where}\n`).join('')
  console.log(`\nGrandstand runs. Ctrl-C stops it; the next start goes on from here.\n\n${table}`)
}

/** Stops what runs; what is still starting ends with this process. */
async function stop(): Promise<void> {
  stopping = true
  console.log('\nStopping …')
  for (const part of running) await part.close()
  process.exit(0)
}

try {
  const args = readArguments(process.argv.slice(2))
  if (args.help) console.log(USAGE)
  else {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop)
    await start(args)
  }
} catch (error) {
  // Whoever stops in the middle of a start breaks it.
  if (!stopping) {
    console.error(explain(error))
    process.exit(1)
  }
}
