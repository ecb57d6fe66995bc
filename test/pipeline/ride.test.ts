import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Board, Directory, Frame, Phase, RaceList, RankPage } from '#contract'
import { apply, boardOf as boardOfHead } from '#race/delta'
import { screenLink } from '../../infra/local/screenLink.ts'
import type { RideAccount } from '../simulators/account.ts'
import { rideRace } from '../simulators/ride.ts'
import { columnsOf, expectedFinal } from './oracle.ts'
import {
  boardOf,
  eventually,
  latestFinal,
  type Product,
  shortRide,
  startProduct
} from './product.ts'

const RACE = 'ride-1'
const RIDERS = 24
const race = () => shortRide(RACE, { seconds: 10, capacity: RIDERS })

describe('a virtual ride from the front door to the board', () => {
  let product: Product
  let account: RideAccount
  let times: { startsAt: number; endsAt: number }
  const frames: Frame[] = []
  let socket: WebPubSubClient
  let first: Board

  beforeAll(async () => {
    product = await startProduct()
    // Before the race is planned: the first one waits for keys.
    const key = await screenLink(product.cloud.plan, 'test')
    const configured = race()
    const startsAt = configured.timetable.startsAt ?? 0
    times = { startsAt, endsAt: startsAt + (configured.timetable.durationMs ?? 0) }
    expect(await product.office.scheduleRide(configured)).toBe(true)
    await boardOf(product, RACE, head => head.phase !== 'scheduled')
    socket = await openSocket(product, key, frames)
    // As a page does: the socket first, then the head that its frames go on from.
    first = boardOfHead(await boardOf(product, RACE, () => true))
    account = await rideRace({
      gateway: product.cloud.url,
      raceId: RACE,
      riders: RIDERS,
      seed: 7,
      ...times,
      now: () => performance.timeOrigin + performance.now(),
      faults: { duplicates: 0.05, late: 0.05, outOfOrder: 0.05 }
    })
    await boardOf(product, RACE, head => head.phase === 'official')
  })
  afterAll(async () => {
    socket?.stop()
    await product?.close()
  })

  it('takes every reading of every rider', () => {
    expect(account.riders).toHaveLength(RIDERS)
    expect(account.refused).toEqual({})
    expect(account.unanswered).toBe(0)
  })

  it('gives everyone exactly what was acknowledged, each reading once', async () => {
    const final = await latestFinal(product, RACE)
    const expected = expectedFinal(account, { kind: 'ride', metric: 'output' }, times)
    expect(columnsOf(final.rows)).toEqual(expected)
  })

  it('ranks by the metric and says how many are in the field', async () => {
    const head = await boardOf(product, RACE, () => true)
    const values = head.top.map(row => row.value ?? 0)
    expect(values).toEqual([...values].sort((a, b) => b - a))
    expect(head).toMatchObject({ competitors: RIDERS, validity: 'official', phase: 'official' })
    expect(head.top[0]).toMatchObject({ rank: 1, gap: 0, status: 'finished' })
  })

  it('names every rider in the directory', async () => {
    const directory = (await (await product.get(`/races/${RACE}/competitors`)).json()) as Directory
    const names = new Map(directory.entries.map(entry => [entry.bib, entry.name]))
    for (const rider of account.riders) expect(names.get(rider.bib)).toBe(rider.nickname)
  })

  it('pushes boards that lead, frame by frame, to the head in the store', async () => {
    const head = await boardOf(product, RACE, () => true)
    const board = await eventually('the last frame', async () => {
      const now = boards(first, frames).at(-1)
      return now?.version === head.version ? now : undefined
    })
    // Of names the API tells, and frames do not.
    expect({ ...board, names: head.names }).toEqual(boardOfHead(head))
    expect(frames.some(frame => frame.type === 'delta')).toBe(true)
  })

  it('went through its phases in order', () => {
    const order: Phase[] = ['open', 'countdown', 'running', 'finishing', 'provisional', 'official']
    const seen = [...new Set(boards(first, frames).map(board => board.phase))]
    expect(seen).toEqual(order.filter(phase => seen.includes(phase)))
    expect(seen).toEqual(
      expect.arrayContaining(['running', 'finishing', 'provisional', 'official'])
    )
  })

  it('closed a window in almost every second of the race', () => {
    const windows = new Set(boards(first, frames).map(board => board.window))
    expect(windows.size).toBeGreaterThanOrEqual(8)
  })

  it('answers pages, tags and 304', async () => {
    const page = await product.get(`/races/${RACE}/standings/ranks/0`)
    const body = (await page.json()) as RankPage
    expect(body.rows).toHaveLength(RIDERS)
    const etag = page.headers.get('etag') ?? ''
    const again = await product.get(`/races/${RACE}/standings/ranks/0`, { 'if-none-match': etag })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    const list = (await (await product.get('/races?state=official')).json()) as RaceList
    expect(list.races.map(each => each.raceId)).toContain(RACE)
  })
})

async function openSocket(
  product: Product,
  key: string,
  frames: Frame[]
): Promise<WebPubSubClient> {
  const negotiate = async () => {
    const answer = await fetch(`${product.cloud.url}/races/${RACE}/negotiate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` }
    })
    return ((await answer.json()) as { url: string }).url
  }
  const client = new WebPubSubClient(
    { getClientAccessUrl: negotiate },
    { protocol: WebPubSubJsonProtocol() }
  )
  client.on('group-message', ({ message }) => frames.push(message.data as unknown as Frame))
  await client.start()
  return client
}

function boards(first: Board, frames: Frame[]): Board[] {
  const all = [first]
  for (const frame of frames) {
    if (frame.type === 'directory' || frame.type === 'seats') continue
    const next = apply(all.at(-1), frame)
    if (next === 'gap') throw new Error(`no way from the board to ${JSON.stringify(frame)}`)
    if (next !== 'old') all.push(next)
  }
  return all
}
