import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAll, DIST } from '../build.ts'
import { readArguments, type StartArguments, USAGE } from './arguments.ts'
import { type Cloud, startCloud } from './cloud.ts'
import { type Endpoints, endpointsOf } from './endpoints.ts'
import { lockFolder } from './lock.ts'
import { startPages } from './pages.ts'
import { keepRunning } from './processes.ts'
import { screenLink } from './screenLink.ts'

/** What stops, newest first. */
type Running = { close(): Promise<void> }[]

async function start(args: StartArguments): Promise<Running> {
  const dir = resolve(args.state)
  const running: Running = []
  try {
    await mkdir(dir, { recursive: true })
    const lock = await lockFolder(dir)
    if (args.fresh) await forget(dir)
    running.unshift({ close: lock.release })
    if (args.build) await buildAll()
    const cloud = await startCloud({
      dir,
      ...(args.portBase === undefined ? {} : { portBase: args.portBase })
    })
    running.unshift(cloud)
    const { plan, url } = cloud
    const pages = await startPages({
      dir: join(DIST, 'web'),
      port: plan.ports.screen,
      config: { apiBase: url }
    })
    running.unshift(pages)
    const link = `${pages.url}/screen/?follow=current&key=${await screenLink(plan, 'screen-1')}`
    const endpoints = endpointsOf(plan, { screen: link })
    await writeFile(join(dir, 'endpoints.json'), `${JSON.stringify(endpoints, null, 2)}\n`)
    if (args.demo) running.unshift(await startDemonstration(args, endpoints, cloud))
    announce(endpoints, args)
    return running
  } catch (error) {
    await stop(running)
    throw error
  }
}

/** Everything but the lock, which this process holds. */
async function forget(dir: string): Promise<void> {
  for (const name of ['cosmos', 'event-hubs', 'hosts', 'storage', 'logs']) {
    await rm(join(dir, name), { recursive: true, force: true })
  }
}

async function startDemonstration(args: StartArguments, endpoints: Endpoints, { plan }: Cloud) {
  const [car] = endpoints.accounts
  const demonstration = await keepRunning(
    {
      name: 'demonstration',
      file: fileURLToPath(new URL('../../test/simulators/process.ts', import.meta.url)),
      options: {
        endpoints: {
          gateway: endpoints.gateway,
          cosmos: endpoints.cosmos,
          issuer: {
            tokenEndpoint: endpoints.tokenEndpoint,
            apiAudience: endpoints.apiAudience,
            clientId: car?.clientId,
            secret: car?.secret
          }
        },
        riders: args.riders,
        raceSeconds: args.raceSeconds,
        seed: args.seed
      },
      env: { NODE_EXTRA_CA_CERTS: plan.caFile }
    },
    `${plan.dir}/logs`
  )
  return { close: () => demonstration.stop() }
}

function announce({ pages, gateway, accounts, cosmos }: Endpoints, args: StartArguments): void {
  const rows = [
    ['Venue screen', pages.screen ?? ''],
    ['  one race', 'replace follow=current by race=<raceId>'],
    ['API', `${gateway}/races`],
    ['Car account', `${accounts[0]?.clientId} (client credentials)`],
    ['Cosmos DB', cosmos.endpoint],
    ['For clients', join(args.state, 'endpoints.json')],
    ['Logs', join(args.state, 'logs')]
  ]
  console.log('\nGrandstand runs. Ctrl-C stops it; the next start goes on from here.\n')
  for (const [what, where] of rows) console.log(`  ${what?.padEnd(14)}${where}`)
  console.log()
}

async function stop(running: Running): Promise<void> {
  for (const part of running) await part.close()
}

/** One sentence for what a person can mend; anything else is a defect and keeps its stack. */
function explain(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const text = error instanceof Error ? error.message : String(error)
  if (code === 'ENOSPC' || text.includes('ENOSPC'))
    return 'The disk is full: make room and start again.'
  if (code === 'EACCES') return `No permission to write: ${text}`
  if (text.includes('EADDRINUSE')) return `A port is busy (${text}): choose another --port-base.`
  return error instanceof Error && error.constructor === Error ? text : error
}

try {
  const args = readArguments(process.argv.slice(2))
  if (args.help) console.log(USAGE)
  else {
    const running = await start(args)
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, async () => {
        console.log('\nStopping …')
        await stop(running)
        process.exit(0)
      })
    }
  }
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
