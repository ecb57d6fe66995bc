import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import tls from 'node:tls'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Head, RaceList } from '#contract'
import type { Endpoints } from '../../infra/local/endpoints.ts'
import type { Ports } from '../../infra/local/ports.ts'
import { DRIVERS } from '../simulators/drivers.ts'
import { nextRaceId } from '../simulators/raceIds.ts'
import { type Command, cleanUp, familyOf, run } from './command.ts'
import { eventually } from './product.ts'

const RIDERS = 12
const DEMO = ['--riders', String(RIDERS), '--race-seconds', '10', '--speed', '8']

describe('npm start', () => {
  let root: string
  let first: Command
  /** Ids of the races that the first start left. */
  let earlier: string[]
  const started: Command[] = []

  const start = async (state: string, ...args: string[]) => {
    const command = begin(state, ...args)
    const from = performance.now()
    await command.ready()
    console.log(`ready in ${((performance.now() - from) / 1_000).toFixed(1)} s`)
    return command
  }
  const begin = (state: string, ...args: string[]) => {
    const command = run(['--no-build', '--state', join(root, state), ...args])
    started.push(command)
    return command
  }
  const json = async <T>(state: string, file: string) =>
    JSON.parse(await readFile(join(root, state, file), 'utf8')) as T
  const endpoints = (state: string) => json<Endpoints>(state, 'endpoints.json')
  const races = async (state: string) => {
    const answer = await fetch(`${(await endpoints(state)).gateway}/races`)
    return ((await answer.json()) as RaceList).races
  }
  const nothingLeft = async (command: Command, state: string) => {
    const folder = join(root, state)
    const ports = Object.values(await json<Ports>(state, 'ports.json'))
    await eventually('the end of all processes, and free ports', async () => {
      if (familyOf(command, folder).length > 0) return undefined
      return (await Promise.all(ports.map(isFree))).every(free => free) ? true : undefined
    })
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'grandstand-start-'))
  })
  afterAll(async () => {
    for (const command of started) cleanUp(command)
    await rm(root, { recursive: true, force: true })
  })

  it('lists its options', async () => {
    const help = run(['--help'])
    expect(await help.ended).toBe(0)
    const options = ['riders', 'race-seconds', 'speed', 'https', 'no-demo', 'fresh', 'port-base']
    for (const option of options) expect(help.stdout()).toContain(`--${option}`)
  })

  it('says in one sentence which option is wrong, or that there is no build', async () => {
    const wrong = {
      '--riders must be a whole number from 1 to 1000, not "0".': run(['--riders', '0']),
      '--speed must be a number from 0.25 to 8, not "9".': run(['--speed', '9']),
      "Unknown option '--laps'. See --help.": run(['--laps', '3']),
      // Builds are looked for where the command runs, as npm runs it in the project's folder.
      'There is no dist/aggregate/index.cjs: start without --no-build to build it.': run(
        ['--no-build', '--state', 'state'],
        root
      )
    }
    for (const [sentence, command] of Object.entries(wrong)) {
      expect(await command.ended).toBe(1)
      expect(command.stderr()).toBe(`${sentence}\n`)
    }
  })

  it('prints where everything is, and writes it down for clients', async () => {
    first = await start('first', ...DEMO)
    const written = await endpoints('first')
    const text = expect.stringMatching(/./)
    expect(written).toMatchObject({
      gateway: text,
      eventHubs: { connectionString: text, hub: text },
      cosmos: { endpoint: text, key: text, database: text },
      webPubSub: { connectionString: text, hub: text },
      iotHub: { hostName: text, gatewayHostName: text },
      storage: { connectionString: text },
      issuer: text,
      tenantId: text,
      caFile: text,
      accounts: ['timekeeper', 'admin', 'car'].map(role => ({
        role,
        clientId: text,
        secret: text
      })),
      pages: { screen: text, mobile: text, officials: text }
    })
    expect((await stat(join(root, 'first', 'endpoints.json'))).mode & 0o077).toBe(0)
    const { pages, gateway } = written
    for (const address of [
      `${pages.screen}ride`,
      `${pages.screen}fastestLap`,
      `${pages.screen}averageLap`,
      pages.mobile,
      pages.officials,
      gateway
    ]) {
      expect(first.stdout()).toContain(address)
    }
    // No line is too long for a terminal.
    const widths = first
      .stdout()
      .split('\n')
      .map(line => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(120)
    expect(first.stderr()).toBe('')
  })

  it('writes down a way into storage that its client takes', async () => {
    const { storage, caFile } = await endpoints('first')
    tls.setDefaultCACertificates([
      ...tls.getCACertificates('default'),
      await readFile(caFile, 'utf8')
    ])
    const client = BlobServiceClient.fromConnectionString(storage.connectionString)
    expect((await client.getAccountInfo()).accountKind).toBeDefined()
  })

  it('serves the venue screen by an address that can be typed', async () => {
    const { pages, gateway } = await endpoints('first')
    const short = await fetch(`${pages.screen}ride?theme=day`, { redirect: 'manual' })
    expect(short.status).toBe(302)
    const link = new URL(short.headers.get('location') ?? '', pages.screen)
    expect(link.pathname).toBe('/screen/')
    expect(link.searchParams.get('follow')).toBe('ride')
    expect(link.searchParams.get('theme')).toBe('day')
    const page = await fetch(link)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<!doctype html>')
    const config = await fetch(new URL('/config.json', link))
    expect(await config.json()).toMatchObject({ apiBase: gateway })

    const negotiate = await fetch(`${gateway}/races/any/negotiate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${link.searchParams.get('key')}` }
    })
    // The key is good; the race is not there.
    expect(negotiate.status).not.toBe(401)
  })

  it('says in one sentence that the folder or a port is taken', async () => {
    const ports = await json<Ports>('first', 'ports.json')
    const again = begin('first')
    const busy = begin('other', '--port-base', String(ports.screen))
    expect(await again.ended).toBe(1)
    expect(again.stderr()).toBe(
      `Grandstand already runs in ${join(root, 'first')}: stop it, or use --state DIR for a second copy.\n`
    )
    expect(await busy.ended).toBe(1)
    expect(busy.stderr()).toBe(
      `Port ${ports.screen} (screen) is busy: choose another --port-base.\n`
    )
  })

  it('runs a second copy in another folder, without simulators where none are wanted', async () => {
    const second = await start('second', '--no-demo')
    expect(await races('second')).toEqual([])
    const family = familyOf(second, join(root, 'second'))
    expect(family.length).toBeGreaterThan(5)
    expect(family.filter(command => command.includes('simulators'))).toEqual([])
    expect((await endpoints('second')).gateway).not.toBe((await endpoints('first')).gateway)

    second.kill()
    await second.ended
    await nothingLeft(second, 'second')
  })

  it('holds a ride of all its riders, and a time trial whose drivers take turns', async () => {
    await eventually('a ride that runs', async () =>
      (await races('first')).find(
        race =>
          race.format.kind === 'ride' && race.phase === 'running' && race.competitors === RIDERS
      )
    )
    const { gateway } = await endpoints('first')
    const head = await eventually('laps of two drivers', async () => {
      const trial = (await races('first')).find(race => race.format.kind === 'fastestLap')
      const board = await fetch(`${gateway}/races/${trial?.raceId}/standings`)
      const head = (await board.json()) as Head
      expect(head.racing?.length ?? 0).toBeLessThanOrEqual(1)
      return head.top?.filter(row => row.value !== null).length >= 2 ? head : undefined
    })
    expect(head).toMatchObject({ phase: 'running', competitors: DRIVERS.length })
    expect(head.event).not.toBe('')
  })

  it('stops at Ctrl-C with nothing left running', async () => {
    expect(familyOf(first, join(root, 'first')).join()).toContain('simulators')
    earlier = (await races('first')).map(race => race.raceId)
    first.interrupt()
    expect(await first.ended).toBe(0)
    await nothingLeft(first, 'first')
    expect(first.stderr()).toBe('')
  })

  it('goes on with the races and their numbers at the next start', async () => {
    const next = await start('first', ...DEMO)
    const ride = await eventually('the next ride', async () =>
      (await races('first')).find(
        race => race.format.kind === 'ride' && !earlier.includes(race.raceId)
      )
    )
    expect(ride.raceId).toBe(nextRaceId('ride', ride.startsAt ?? 0, earlier))
    const listed = (await races('first')).map(race => race.raceId)
    expect(listed).toEqual(expect.arrayContaining(earlier))
    next.interrupt()
    expect(await next.ended).toBe(0)
  })

  it('forgets them where it is asked to, and finds another port for one that is busy by now', async () => {
    const { screen, gateway } = await json<Ports>('first', 'ports.json')
    const squatter = createServer().listen(screen, '127.0.0.1')
    const fresh = await start('first', '--fresh', '--no-demo')
    expect(await races('first')).toEqual([])
    const ports = await json<Ports>('first', 'ports.json')
    expect(ports.screen).not.toBe(screen)
    expect(ports.gateway).toBe(gateway)
    fresh.interrupt()
    expect(await fresh.ended).toBe(0)
    squatter.close()
  })

  it('stops in the middle of a start too', async () => {
    const hasty = begin('first', '--no-demo')
    await eventually('the first parts', async () =>
      familyOf(hasty, join(root, 'first')).length > 2 ? true : undefined
    )
    hasty.interrupt()
    expect(await hasty.ended).toBe(0)
    expect(hasty.stdout()).not.toContain('Grandstand runs')
    await nothingLeft(hasty, 'first')
  })
})

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
