import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fact, Head, LapLine, LapPage, Problem, Queue } from '#contract'
import topology from '#topology' with { type: 'json' }
import { signInPerson } from '../local/personSignIn.ts'
import { boardOf, eventually, type Product, startProduct } from './product.ts'

const RACE = 'hand-trial'
const NAMES = ['Ada', 'Bo', 'Cy', 'Di']

let product: Product
/** Tokens of two persons who may time. */
let tokens: { first: string; second: string }
/** The gun, ms since 1970. */
let startsAt: number

beforeAll(async () => {
  product = await startProduct()
  const { office } = product
  await office.openTimeTrial({
    id: RACE,
    raceId: RACE,
    name: 'Time trial',
    format: { kind: 'fastestLap' },
    course: { courseId: 'hall', name: 'Hall' },
    capacity: NAMES.length,
    maxRuns: 2,
    timetable: { backlogMs: 1_000 },
    attended: true
  })
  for (const [i, name] of NAMES.entries()) {
    const competitorId = `driver-${i + 1}`
    await office.enter(RACE, i + 1, { competitorId, name, country: '', class: '' })
  }
  await office.start(RACE)
  const head = await boardOf(
    product,
    RACE,
    ({ phase, competitors }) => phase === 'running' && competitors === NAMES.length
  )
  startsAt = head.startsAt ?? expect.fail('the race has no start')
  tokens = { first: await tokenOf('timekeeper'), second: await tokenOf('timekeeper', 'admin') }
}, 120_000)
afterAll(() => product?.close())

/** The token of the person who has exactly these roles, by a sign-in as the pages do it. */
async function tokenOf(...roles: string[]): Promise<string> {
  const { pages, ports, tenantId, apiAudience, people } = product.cloud.plan
  const person = people.find(each => each.roles.join() === roles.join())
  const place = {
    authority: `http://127.0.0.1:${ports.issuer}/${tenantId}`,
    clientId: pages.clientId,
    redirectUri: pages.redirectUris[0]!,
    scope: `${apiAudience}/${topology.entra.scope}`
  }
  return (await signInPerson(place, person ?? expect.fail(`nobody is ${roles}`))).access_token
}

type Asked = { key?: string; by?: keyof typeof tokens }

const post = (path: string, body: object | undefined, { key, by = 'first' }: Asked = {}) =>
  fetch(`${product.cloud.url}/races/${RACE}/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens[by]}`,
      ...(key ? { 'idempotency-key': key } : {}),
      ...(body ? { 'content-type': 'application/json' } : {})
    },
    ...(body ? { body: JSON.stringify(body) } : {})
  })

/** Sends the same request twice at once, and once more: all are answered by one fact. */
async function tell(path: string, body?: object, asked?: Asked): Promise<Fact> {
  const send = async () => {
    const answer = await post(path, body, asked)
    const text = await answer.text()
    expect(answer.status, text).toBe(201)
    return JSON.parse(text) as Fact
  }
  const [one, other] = await Promise.all([send(), send()])
  expect([other, await send()]).toEqual([one, one])
  return one
}

let keys = 0
const newKey = () => `timekeeping-${keys++}`
const begin = (runId: string, bib: number, at: number, parts: object = {}) =>
  tell('runs', { runId, bib, at, ...parts })
const event = (runId: string, kind: string, at: number) =>
  tell(`runs/${runId}/events`, { kind, at }, { key: newKey() })
const lap = (runId: string, told: object, by?: Asked['by']) =>
  tell(`runs/${runId}/laps`, told, { key: newKey(), ...(by ? { by } : {}) })

async function queue(): Promise<Queue> {
  const answer = await product.get(`/races/${RACE}/queue`, {
    authorization: `Bearer ${tokens.first}`
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Queue
}
/** The public laps of a bib once there are as many. */
const linesOf = (bib: number, count: number): Promise<LapLine[]> =>
  eventually(`${count} laps of ${bib}`, async () => {
    const answer = await product.get(`/races/${RACE}/standings/laps/0`)
    const lines = answer.ok ? (((await answer.json()) as LapPage).laps[bib - 1] ?? []) : []
    return lines.length === count ? lines : undefined
  })
const factsOf = async (kind: Fact['kind']): Promise<Fact[]> => {
  const found = product.container('ledger').items.query<Fact>(
    {
      query: 'SELECT * FROM c WHERE c.kind = @kind',
      parameters: [{ name: '@kind', value: kind }]
    },
    { partitionKey: RACE }
  )
  return (await found.fetchAll()).resources
}
const rowOf = ({ top }: Head, bib: number) => top.find(row => row.bib === bib)

test('A run timed by hand, from its beginning to its submission, reaches the board; what is sent thrice counts once', async () => {
  expect((await queue()).racers).toMatchObject(
    NAMES.map((name, i) => ({ bib: i + 1, name, runs: 0, lastRunAt: null }))
  )
  const since = startsAt
  await begin('run-a', 1, since, { proxy: true })
  await boardOf(product, RACE, ({ racing }) => racing[0]?.runId === 'run-a')
  expect((await queue()).racers.at(-1)).toMatchObject({ bib: 1, runs: 1 })
  await lap('run-a', { bib: 1, lap: 1, lapMs: 400, at: since + 400 })
  await event('run-a', 'reset', since + 600)
  await event('run-a', 'pause', since + 650)
  await event('run-a', 'resume', since + 750)
  const cut = { valid: false, reason: 'cut the bend' }
  await lap('run-a', { bib: 1, lap: 2, lapMs: 390, at: since + 890, ...cut })
  await event('run-a', 'end', since + 900)
  await event('run-a', 'submit', Date.now())
  const head = await boardOf(
    product,
    RACE,
    board => !board.racing.length && rowOf(board, 1)?.value === 400
  )
  expect(rowOf(head, 1)).toMatchObject({ rank: 1, laps: 1, proxy: true })
  expect(await linesOf(1, 2)).toMatchObject([
    { ms: 400, valid: true, source: 'hand', resets: 0 },
    { ms: 390, valid: false, source: 'hand', resets: 1 }
  ])
  const { runs, review } = await queue()
  expect(runs).toMatchObject([
    { runId: 'run-a', submitted: true, endedAt: since + 900, pausedMs: 100, proxy: true }
  ])
  expect(runs[0]?.laps).toMatchObject([{ state: 'counts' }, { state: 'invalid' }])
  expect(review).toEqual([])
  const kinds = ['run', 'lap', 'reset', 'pause', 'resume', 'runEnd', 'submit'] as const
  const counts = await Promise.all(kinds.map(async kind => (await factsOf(kind)).length))
  expect(counts).toEqual([1, 2, 1, 1, 1, 1, 1])
})

test('Laps that were captured earlier and come late, the later ones first, have their right time', async () => {
  const since = Date.now()
  await begin('run-b', 2, since)
  const captured = [1, 2, 3].map(i => ({ bib: 2, lap: i, lapMs: 500 + i, at: since + 600 * i }))
  await eventually('the last of the laps', async () => Date.now() > since + 1_800 || undefined)
  for (const told of captured.toReversed()) {
    expect((await lap('run-b', told)).recordedAt).toBeGreaterThan(told.at)
  }
  expect(await linesOf(2, 3)).toMatchObject(
    captured.map(({ lap, lapMs: ms, at }) => ({ lap, ms, at: at - startsAt, valid: true }))
  )
})

test('What is taken back leaves the board, until the run is submitted', async () => {
  const { id } = await lap('run-b', { bib: 2, lap: 4, lapMs: 100 })
  await boardOf(product, RACE, board => rowOf(board, 2)?.value === 100)
  await tell('retractions', { of: id }, { key: newKey() })
  await boardOf(product, RACE, board => rowOf(board, 2)?.value === 501)
  expect(await factsOf('retract')).toHaveLength(1)
  const kept = await lap('run-b', { bib: 2, lap: 4, lapMs: 900 })
  await event('run-b', 'end', Date.now())
  await event('run-b', 'submit', Date.now())
  const answer = await post('retractions', { of: kept.id }, { key: newKey() })
  expect(answer.status).toBe(409)
  expect(await linesOf(2, 4)).toHaveLength(4)
})

test("A second timekeeper's laps do not count, and differing is a matter for review", async () => {
  const since = Date.now()
  await begin('run-c', 3, since)
  const first = await lap('run-c', { bib: 3, lap: 1, lapMs: 900, at: since + 900 })
  const second = await lap('run-c', { bib: 3, lap: 1, lapMs: 500, at: since + 800 }, 'second')
  const alone = await lap('run-c', { bib: 3, lap: 2, lapMs: 100, at: since + 1_900 }, 'second')
  const { runs, review } = await queue()
  expect(runs[0]?.laps).toMatchObject([
    { lapId: second.id, state: 'superseded', by: second.actor },
    { lapId: first.id, state: 'counts', by: first.actor },
    { lapId: alone.id, state: 'superseded' }
  ])
  expect(review).toMatchObject([
    { kind: 'disagreement', of: [second.id, first.id] },
    { kind: 'disagreement', of: [alone.id] }
  ])
  await boardOf(product, RACE, board => rowOf(board, 3)?.value === 900)
  expect(await linesOf(3, 1)).toMatchObject([{ ms: 900 }])
})

test('What cannot be is refused with what to do, and leaves nothing behind', async () => {
  const before = (await product.container('ledger').items.readAll().fetchAll()).resources.length
  const at = Date.now()
  const ledLap = { bib: 3, lap: 9, lapMs: 900 }
  const refusals = await Promise.all([
    post('runs', { runId: 'run-d', bib: 3, at }),
    post('runs', { runId: 'run-c', bib: 4, at }),
    post('runs', { runId: 'run-d', bib: 9, at }),
    post('runs/run-c/laps', { ...ledLap, bib: 4 }, { key: newKey() }),
    post('runs/run-x/laps', ledLap, { key: newKey() }),
    post('runs/run-c/events', { kind: 'submit', at }, { key: newKey() }),
    post('runs/run-c/events', { kind: 'pause', at: at + 60_000 }, { key: newKey() }),
    post('retractions', { of: 'run.run-c' }, { key: newKey() }),
    post('proposal', undefined)
  ])
  const problems = await Promise.all(refusals.map(async answer => (await answer.json()) as Problem))
  expect(problems.map(({ status, detail }) => [status, detail])).toEqual([
    [409, 'Competitor 3 is on the track in run run-c: end that run first.'],
    [409, expect.stringContaining('Run run-c is there already with another bib')],
    [409, 'Competitor 9 is not on the start list: enter the competitor first.'],
    [409, expect.stringContaining("Run run-c is competitor 3's, not 4's")],
    [404, 'There is no run run-x: begin it first.'],
    [409, 'Run run-c goes on: end it before you submit it.'],
    [400, expect.stringContaining("ahead of the server's clock")],
    [409, expect.stringContaining('Take back a lap or a reset')],
    [409, expect.stringContaining('only a provisional classification')]
  ])
  const after = (await product.container('ledger').items.readAll().fetchAll()).resources.length
  expect(after).toBe(before)
})

test('A provisional classification is proposed once by each timekeeper', async () => {
  await event('run-c', 'end', Date.now())
  await product.office.close(RACE)
  await boardOf(product, RACE, ({ phase }) => phase === 'provisional')
  const one = await tell('proposal')
  const other = await tell('proposal', undefined, { by: 'second' })
  expect(other.actor).not.toEqual(one.actor)
  expect(await factsOf('propose')).toHaveLength(2)
})
