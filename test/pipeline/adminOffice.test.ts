import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  BoardAt,
  Directory,
  Explanation,
  Fact,
  FactOf,
  Head,
  LedgerPage,
  Me,
  Problem,
  Queue,
  Race,
  Row
} from '#contract'
import { type Caller, openCalls, type Sent } from './officialCalls.ts'
import { boardOf, eventually, type Product, startProduct } from './product.ts'

const RACE = 'office-trial'
const PATH = `/races/${RACE}`
let product: Product
let calls: Awaited<ReturnType<typeof openCalls>>

beforeAll(async () => {
  product = await startProduct()
  calls = await openCalls(product)
})
afterAll(() => product?.close())

const ask = <T>(method: string, path: string, status: number, sent?: Sent): Promise<T> =>
  calls.ask(method, path, status, sent)
const correct = <T = Fact>(body: object, status = 201, key: string = randomUUID()): Promise<T> =>
  ask('POST', `${PATH}/corrections`, status, { body: { reason: 'seen on video', ...body }, key })
const step = <T = Fact>(name: string, status = 201, as: Caller = 'admin'): Promise<T> =>
  ask('POST', `${PATH}/steps/${name}`, status, { as })
const rowOf = (rows: Row[], bib: number): Row | undefined => rows.find(row => row.bib === bib)
const boardWith = (wanted: (head: Head) => boolean) => boardOf(product, RACE, wanted)

async function times(bib: number, laps: number[]): Promise<void> {
  const runId = `run-${bib}`
  const as = 'timekeeper' as const
  const run = { runId, bib, at: Date.now() }
  await ask('POST', `${PATH}/runs`, 201, { as, body: run })
  for (const [index, lapMs] of laps.entries()) {
    const body = { bib, lap: index + 1, lapMs, at: Date.now() }
    // Shorter in the world than on paper: laps only must not end at once.
    await pause(20)
    await ask('POST', `${PATH}/runs/${runId}/laps`, 201, { as, body, key: randomUUID() })
  }
  for (const kind of ['end', 'submit']) {
    const body = { kind, at: Date.now() }
    await ask('POST', `${PATH}/runs/${runId}/events`, 201, { as, body, key: randomUUID() })
  }
}
const explanationOf = (bib: number) => ask<Explanation>('GET', `${PATH}/explanations/${bib}`, 200)
const lapIdOf = async (bib: number, lap: number): Promise<string> =>
  (await explanationOf(bib)).laps.find(each => each.lap === lap)?.lapId ?? expect.fail()

test('everybody with a role of people learns who they are', async () => {
  const { tenant, object } = calls.actorOf('both')
  const me = await ask<Me>('GET', '/me', 200, { as: 'both' })
  expect({ ...me, roles: me.roles.toSorted() }).toEqual({
    ...{ tenant, object },
    roles: ['admin', 'timekeeper']
  })
  expect(await ask<Me>('GET', '/me', 200, { as: 'timekeeper' })).toMatchObject({
    roles: ['timekeeper']
  })
})

test('a race is configured until it opens, and no longer', async () => {
  const created = await ask<Race>('POST', '/races', 201, {
    body: {
      ...{ id: RACE, raceId: RACE, name: 'Office trial', format: { kind: 'fastestLap' } },
      course: { courseId: 'hall', name: 'Hall' },
      ...{ capacity: 3, attended: true, timetable: {} }
    }
  })
  const patch = { capacity: 5, minLapMs: 5_000, timetable: { backlogMs: 500 } }
  const changed = await ask<Race>('PATCH', PATH, 200, { body: patch })
  expect(changed).toMatchObject(patch)
  expect(await ask('PATCH', PATH, 200, { body: { capacity: 5 } })).toEqual(changed)
  await step('start', 409)
  expect(await step('open')).toMatchObject({ kind: 'open', race: changed })
  await boardWith(head => head.phase === 'open')
  await ask('PATCH', PATH, 409, { body: { capacity: 9 } })
  const { facts } = await ask<LedgerPage>('GET', `${PATH}/ledger`, 200)
  const configured = facts.filter(fact => fact.kind === 'configure')
  expect(configured).toMatchObject([
    { before: created, race: changed, actor: calls.actorOf('admin') }
  ])
  for (let bib = 1; bib <= 4; bib++) {
    const face = { competitorId: `racer-${bib}`, name: `Racer ${bib}`, country: '', class: '' }
    await product.office.enter(RACE, bib, face)
  }
  await boardWith(head => head.competitors === 4)
  const started = await step('start')
  expect(await step('start')).toEqual(started)
  await boardWith(head => head.phase === 'running')
})

test('of two edits at once one is taken, and the other learns of both versions', async () => {
  await times(1, [10_000, 11_000])
  await times(2, [12_000, 10_000])
  await times(3, [9_500, 4_000])
  await times(4, [13_000])
  const lapId = await lapIdOf(1, 2)
  const body = { kind: 'lap', lapId, valid: true, revision: 0, reason: 'seen on video' }
  const answers = await Promise.all(
    [10_400, 10_600].map(lapMs =>
      calls.send<Problem>('POST', `${PATH}/corrections`, {
        body: { ...body, lapMs },
        key: randomUUID()
      })
    )
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  const { errors } = answers.find(({ status }) => status === 409)!.said
  expect(errors?.map(({ detail }) => detail).join(' ')).toMatch(
    /(0:10\.400.*0:10\.600|0:10\.600.*0:10\.400)/
  )
  const { laps } = await explanationOf(1)
  expect(laps[1]).toMatchObject({ lapId, state: 'counts', why: 'corrected', revision: 1 })
})

test('a request is one entry with one answer under its key, and another one is refused under it', async () => {
  const lapId = await lapIdOf(1, 1)
  const key = randomUUID()
  const body = { kind: 'lap', lapId, lapMs: 10_000, valid: true, revision: 0 }
  const first = await correct<FactOf<'correct'>>(body, 201, key)
  expect(first).toMatchObject({ key, before: { lapMs: 10_000, valid: true } })
  expect(await correct(body, 201, key)).toEqual(first)
  await correct({ ...body, valid: false }, 422, key)
  await correct({ ...body, lapId: 'no-such-lap' }, 404)
  await correct({ kind: 'status', bib: 77, status: 'dsq', revision: 0 }, 404)
})

test('a photo finish decides among equals', async () => {
  await boardWith(({ top }) => rowOf(top, 1)?.tied === true && rowOf(top, 2)?.tied === true)
  await correct({ kind: 'order', bibs: [1, 3] }, 409)
  await correct({ kind: 'order', bibs: [2, 1] })
  const { top } = await boardWith(head => rowOf(head.top, 1)?.tied === false)
  expect([2, 1].map(bib => rowOf(top, bib)?.rank)).toEqual([2, 3])
})

test('who is disqualified and reinstated has both explained, and the board of any moment is rebuilt', async () => {
  const shown: { at: number; top: Row[] }[] = []
  const note = async (wanted: (head: Head) => boolean) => {
    const { top } = await boardWith(wanted)
    shown.push({ at: Date.now(), top })
    await pause(20)
  }
  await note(({ top }) => rowOf(top, 3)?.rank === 1)
  const status = { kind: 'status', bib: 3 }
  await correct({ ...status, status: 'dsq', revision: 0, reason: 'cut the corner' })
  await note(({ top }) => rowOf(top, 3)?.rank === null)
  await correct({ ...status, status: 'dns', revision: 0 }, 409)
  await correct({ ...status, status: 'running', revision: 1, reason: 'it was car 7' })
  await note(({ top }) => rowOf(top, 3)?.rank === 1)
  for (const { at, top } of shown) {
    const past = await ask<BoardAt>('GET', `${PATH}/board?at=${at}`, 200)
    expect(past.rows).toEqual(top)
    expect(past.review.map(({ kind }) => kind)).toEqual(['held'])
  }
  const { changes, rank, decides } = await explanationOf(3)
  expect({ rank, decides }).toMatchObject({ rank: 1, decides: [{ bib: 3, value: 9_500 }, {}] })
  expect(changes).toMatchObject([
    { status: 'dsq', reason: 'cut the corner', actor: calls.actorOf('admin') },
    { status: 'running', before: 'dsq', reason: 'it was car 7' }
  ])
})

test('a missed lap is added, taken back and brought back', async () => {
  const at = Date.now()
  await correct({ kind: 'addLap', runId: 'run-9', bib: 2, lap: 3, lapMs: 9_000, at }, 404)
  await correct({ kind: 'addLap', runId: 'run-1', bib: 2, lap: 3, lapMs: 9_000, at }, 409)
  const added = await correct({
    ...{ kind: 'addLap', runId: 'run-2', bib: 2, lap: 3, lapMs: 9_000, at },
    reason: 'the gate was blocked'
  })
  await boardWith(({ top }) => rowOf(top, 2)?.value === 9_000)
  // It was let count as the first decision on it.
  await correct({ kind: 'retract', of: added.id, revision: 1 })
  await boardWith(({ top }) => rowOf(top, 2)?.value === 10_000)
  await correct({ kind: 'restore', of: added.id, revision: 2 })
  await boardWith(({ top }) => rowOf(top, 2)?.value === 9_000)
})

test('who is withdrawn leaves the board, and the name the directory', async () => {
  await correct({ kind: 'withdraw', bib: 4 })
  await boardWith(({ top }) => !rowOf(top, 4))
  await eventually('the name to be gone', async () => {
    const answer = await product.get(`${PATH}/competitors`)
    const { entries } = (await answer.json()) as Directory
    return entries.length === 3 && entries.every(({ bib }) => bib !== 4) ? true : undefined
  })
  await correct({ kind: 'merge', bib: 1, from: 4 }, 404)
})

test('a classification is signed by two persons once nothing contests it', async () => {
  await step('confirm', 409)
  await step('close')
  await boardWith(head => head.phase === 'provisional')
  const protest = await correct({ kind: 'protest', bib: 3, reason: 'outside assistance' })
  await boardWith(head => head.validity === 'underReview')
  await ask('POST', `${PATH}/proposal`, 201, { as: 'both' })
  const contested = await step<Problem>('confirm', 409)
  expect(contested.errors).toHaveLength(2)
  expect(contested.detail).toMatch(/below the shortest lap.*outside assistance/)
  const { review } = await ask<Queue>('GET', `${PATH}/queue`, 200, { as: 'timekeeper' })
  const held = review.find(({ kind }) => kind === 'held')?.of[0] ?? expect.fail()
  await correct({ kind: 'lap', lapId: held, valid: false, revision: 0 })
  await correct({ kind: 'settle', of: protest.id, reason: 'nobody helped' })
  await boardWith(head => head.validity === 'provisional')
  // What was signed is not what stands now.
  expect((await step<Problem>('confirm', 409)).detail).toContain('proposes it again')
  await ask('POST', `${PATH}/proposal`, 201, { as: 'both' })
  expect((await step<Problem>('confirm', 409, 'both')).detail).toContain('yourself')
  await step('confirm')
  const { top } = await boardWith(head => head.validity === 'official')
  expect(top.map(({ bib, rank }) => [bib, rank])).toEqual([
    [2, 1],
    [3, 2],
    [1, 3]
  ])
})

test('the ledger has who, when and why of all of it, a page at a time', async () => {
  const { facts, continuation } = await ask<LedgerPage>('GET', `${PATH}/ledger`, 200)
  expect(continuation).toBeNull()
  expect(facts[0]).toMatchObject({ kind: 'confirm', actor: calls.actorOf('admin') })
  const { object } = calls.actorOf('admin')
  const corrections = facts.filter(
    ({ key, actor }) => key && 'object' in actor && actor.object === object
  )
  expect(corrections).toHaveLength(12)
  for (const { reason } of corrections) expect(reason).toBeTruthy()
})

test.each([
  ['laps', 8],
  ['racers', 3]
])('%s are exported as a table to be saved', async (what, lines) => {
  const headers = { authorization: `Bearer ${calls.tokens.admin}` }
  const answer = await product.get(`${PATH}/exports/${what}`, headers)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
  expect(answer.headers.get('content-disposition')).toBe(
    `attachment; filename="${RACE}-${what}.csv"`
  )
  const [header = '', ...rows] = (await answer.text()).trimEnd().split('\r\n')
  expect(rows).toHaveLength(lines)
  const column = header.replace('\uFEFF', '').split(',').indexOf('name')
  for (const row of rows) expect(row.split(',')[column]).toMatch(/^(Racer \d)?$/)
})

test('a timekeeper is no admin', async () => {
  for (const path of ['ledger', 'explanations/1', 'board?at=0'])
    await ask('GET', `${PATH}/${path}`, 403, { as: 'timekeeper' })
  await step('abort', 403, 'timekeeper')
})
