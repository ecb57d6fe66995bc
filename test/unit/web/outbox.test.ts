import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BATCH_MAX_READINGS, type Problem } from '#contract'
import { ApiError } from '../../../web/call.ts'
import type { Keep } from '../../../web/seat/keep.ts'
import { type Counts, openOutbox } from '../../../web/seat/outbox.ts'

type Reading = { seq: number; score: number }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const problem = (kind: string, status: number): Problem => ({
  type: `https://grandstand.example/problems/${kind}`,
  title: kind,
  status,
  detail: kind
})

/** A tab's storage. */
function newKeep(): Keep {
  const texts = new Map<string, string>()
  return {
    read: name => texts.get(name),
    write: (name, text) => void (text === undefined ? texts.delete(name) : texts.set(name, text))
  }
}

/** An outbox before a service that the test leads. */
function open({ keep = newKeep(), session = 7 } = {}) {
  const service = {
    /** What it answers: undefined takes the batch. */
    failure: undefined as Error | undefined,
    renews: false,
    renewals: 0,
    batches: [] as Reading[][],
    asked: [] as number[],
    last: [] as Reading[][],
    closed: 0,
    counts: { sent: 0, waiting: 0, lost: 0 } as Counts
  }
  const outbox = openOutbox<Reading>({
    ...{ name: 'race-1.3', session, keep },
    async send(batch, last) {
      service.asked.push(Date.now())
      if (last) service.last.push([...batch])
      if (service.failure) throw service.failure
      service.batches.push([...batch])
    },
    async renew() {
      service.renewals += 1
      if (service.renews) service.failure = undefined
      return service.renews
    },
    counted: counts => {
      service.counts = counts
    },
    closed: () => {
      service.closed += 1
    },
    random: () => 0.5
  })
  const put = (from: number, to: number) => {
    for (let score = from; score <= to; score++) outbox.put({ score })
  }
  const seqs = () => service.batches.flat().map(({ seq }) => seq)
  return { outbox, service, put, seqs, keep }
}

const settle = (ms = 20_000) => vi.advanceTimersByTimeAsync(ms)

test('numbers readings from 0 and sends them in order', async () => {
  const { put, seqs, service } = open()
  put(0, 4)
  await settle()
  expect(seqs()).toEqual([0, 1, 2, 3, 4])
  expect(service.counts).toEqual({ sent: 5, waiting: 0, lost: 0 })
})

test('20 s without a network lose nothing: the backlog goes first, in batches as large as the door takes', async () => {
  const { put, seqs, service } = open()
  service.failure = new ApiError(0, 'no network')
  for (let second = 0; second < 20; second++) {
    put(second * 4, second * 4 + 3)
    await settle(1_000)
  }
  expect(service.counts).toEqual({ sent: 0, waiting: 80, lost: 0 })
  service.failure = undefined
  put(80, 80)
  await settle()
  expect(seqs()).toEqual(Array.from({ length: 81 }, (_, seq) => seq))
  expect(service.batches[0]).toHaveLength(BATCH_MAX_READINGS)
  expect(service.counts).toEqual({ sent: 81, waiting: 0, lost: 0 })
})

test('a reload in the gap goes on with the number after the last, and sends what waited before anything new', async () => {
  const first = open()
  first.service.failure = new ApiError(0, 'no network')
  first.put(0, 2)
  await settle(100)
  first.outbox.close()
  const second = open({ keep: first.keep })
  second.put(3, 3)
  await settle()
  expect(second.seqs()).toEqual([0, 1, 2, 3])
  expect(second.service.counts).toEqual({ sent: 4, waiting: 0, lost: 0 })
})

test('another session begins anew and takes nothing over', async () => {
  const first = open()
  first.service.failure = new ApiError(0, 'no network')
  first.put(0, 2)
  first.outbox.close()
  const second = open({ keep: first.keep, session: 8 })
  second.put(9, 9)
  await settle()
  expect(second.service.batches).toEqual([[{ seq: 0, score: 9 }]])
})

test('waits as long as the service asks for, and sends the same again', async () => {
  const { put, service, seqs } = open()
  service.failure = new ApiError(429, 'too many', 7_000, problem('too-many-requests', 429))
  put(0, 0)
  await settle(6_900)
  expect(service.asked).toHaveLength(1)
  service.failure = undefined
  await settle(200)
  expect(service.asked).toHaveLength(2)
  expect(seqs()).toEqual([0])
})

test('the end of the session ends it, and says what was left', async () => {
  const { put, service, outbox, keep } = open()
  service.failure = new ApiError(401, 'closed', 0, problem('session-closed', 401))
  put(0, 2)
  await settle()
  put(3, 3)
  await settle()
  expect(service.closed).toBe(1)
  expect(outbox.counts()).toEqual({ sent: 0, waiting: 3, lost: 0 })
  expect(service.renewals).toBe(0)
  expect(keep.read('grandstand.outbox.race-1.3')).toBeUndefined()
})

test('a token that has run out is renewed once, and a second refusal ends it', async () => {
  const { put, service, seqs } = open()
  service.failure = new ApiError(401, 'expired', 0, problem('unauthorized', 401))
  service.renews = true
  put(0, 0)
  await settle()
  expect(seqs()).toEqual([0])
  service.failure = new ApiError(401, 'expired', 0, problem('unauthorized', 401))
  service.renews = false
  put(1, 1)
  await settle()
  expect([service.renewals, service.closed]).toEqual([2, 1])
})

test('what is refused for what it is does not hold up what follows, and is counted', async () => {
  const { put, service, seqs } = open()
  service.failure = new ApiError(400, 'bad', 0, problem('bad-body', 400))
  put(0, 0)
  await settle(10)
  service.failure = undefined
  put(1, 1)
  await settle()
  expect(seqs()).toEqual([1])
  expect(service.counts).toEqual({ sent: 1, waiting: 0, lost: 1 })
})

test('sends what waits when the page goes, and keeps it until it is acknowledged', async () => {
  const { put, service, outbox, keep } = open()
  service.failure = new ApiError(0, 'no network')
  put(0, 2)
  await settle(10)
  outbox.flush()
  await settle(10)
  expect(service.last.map(batch => batch.map(({ seq }) => seq))).toEqual([[0, 1, 2]])
  expect(keep.read('grandstand.outbox.race-1.3')).toContain('"waiting":3')
})

test('a network that is back is used at once', async () => {
  const { put, service, outbox, seqs } = open()
  service.failure = new ApiError(0, 'no network')
  put(0, 0)
  await settle(10_000)
  service.failure = undefined
  const tries = service.asked.length
  outbox.hurry()
  await settle(1)
  expect(service.asked.length).toBe(tries + 1)
  expect(seqs()).toEqual([0])
})
