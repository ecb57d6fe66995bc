import { expect, test } from 'vitest'
import type { TimedLap, TimedRun } from '#contract'
import { ApiError } from '../../../web/call.ts'
import { SignInNeeded } from '../../../web/officials/session.svelte.ts'
import { type Entry, factId, undoable } from '../../../web/officials/timekeeper/entry.ts'
import { createEntryStore } from '../../../web/officials/timekeeper/entryStore.ts'
import { averageOf, bestOf, ordinal } from '../../../web/officials/timekeeper/lapFigures.ts'
import { Outbox } from '../../../web/officials/timekeeper/outbox.ts'
import { pressedAt, ServerClock } from '../../../web/officials/timekeeper/serverClock.ts'
import {
  elapsedOf,
  lapMsAt,
  presentLap,
  type ShownRun,
  shownRun
} from '../../../web/officials/timekeeper/shownRun.ts'

const RACE = { raceId: 'final', runId: 'run-1' }
const ACTOR = { kind: 'person', tenant: 'tenant', object: 'object' } as const

class Kept {
  readonly #items = new Map<string, string>()
  get length() {
    return this.#items.size
  }
  getItem = (name: string) => this.#items.get(name) ?? null
  setItem = (name: string, text: string) => void this.#items.set(name, text)
  removeItem = (name: string) => void this.#items.delete(name)
  key = (index: number) => [...this.#items.keys()][index] ?? null
}

/** An outbox whose sendings and time the test decides upon. */
function played(storage = new Kept(), person = 'ann') {
  const sent: string[] = []
  const world = { now: 1_000_000, answer: (_: Entry): Error | undefined => undefined, keys: 0 }
  let timers: { at: number; call(): void }[] = []
  const outbox = new Outbox({
    store: createEntryStore(storage),
    async send(entry) {
      const error = world.answer(entry)
      if (error) throw error
      sent.push(`${entry.runId} ${entry.kind} ${entry.key}`)
    },
    now: () => world.now,
    person,
    newKey: () => `key-${person}-${storage.length}-${++world.keys}`,
    later(ms, call) {
      const timer = { at: world.now + ms, call }
      timers.push(timer)
      return () => {
        timers = timers.filter(each => each !== timer)
      }
    },
    changed: () => undefined,
    report: () => undefined
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  const pass = async (ms: number) => {
    await settle()
    world.now += ms
    const due = timers.filter(({ at }) => at <= world.now)
    timers = timers.filter(({ at }) => at > world.now)
    for (const { call } of due) call()
    await settle()
  }
  return { outbox, sent, world, pass, storage }
}

const beginOf = (runId = 'run-1', at = 1_000_000) => ({
  kind: 'run' as const,
  body: { runId, bib: 13, proxy: false, at },
  steady: { life: 'a', mono: 0 }
})
const lapOf = (lap: number, at = 1_000_000 + lap * 8_000) => ({
  kind: 'lap' as const,
  body: { bib: 13, lap, lapMs: 8_000, at, valid: true },
  steady: { life: 'a', mono: lap * 8_000 },
  resets: 0
})
const eventOf = (kind: 'reset' | 'end' | 'pause' | 'resume', at = 1_000_000) => ({
  kind: 'event' as const,
  body: { kind, at }
})
const kinds = (sent: string[]) => sent.map(line => line.split(' ').slice(0, 2).join(' '))

test('what is told is sent in order, one at a time in a run, and one run never waits for another', async () => {
  const { outbox, sent, world, pass } = played()
  world.answer = ({ runId }) => (runId === 'run-2' ? new ApiError(0, 'no link') : undefined)
  outbox.tell(RACE, beginOf())
  outbox.tell({ ...RACE, runId: 'run-2' }, beginOf('run-2'))
  outbox.tell(RACE, lapOf(1))
  await pass(0)
  expect(kinds(sent)).toEqual(['run-1 run'])
  expect(outbox.trouble).toBe('offline')
  world.answer = () => undefined
  await pass(1_000)
  expect(kinds(sent).sort()).toEqual(['run-1 lap', 'run-1 run', 'run-2 run'])
  expect(outbox.trouble).toBeUndefined()
})

test('what could not be sent is sent again ever more seldom, and not before the service asks for it', async () => {
  const { outbox, world, pass } = played()
  let asked = 0
  const refuse = (error: Error) => () => {
    asked++
    return error
  }
  world.answer = refuse(new ApiError(503, 'later'))
  outbox.tell(RACE, beginOf())
  for (const [ms, times] of [
    [999, 1],
    [1, 2],
    [1_999, 2],
    [1, 3]
  ] as const) {
    await pass(ms)
    expect(asked).toBe(times)
  }
  world.answer = refuse(new ApiError(429, 'too many', 60_000))
  await pass(4_000)
  expect(asked).toBe(4)
  await pass(59_999)
  expect(asked).toBe(4)
  world.answer = () => undefined
  await pass(1)
  expect(outbox.entries[0]?.state).toBe('sent')
})

test('a new page goes on with what an earlier one kept, under the same keys', async () => {
  const first = played()
  first.world.answer = () => new SignInNeeded()
  first.outbox.tell(RACE, beginOf())
  first.outbox.tell(RACE, lapOf(1))
  await first.pass(0)
  expect(first.outbox.trouble).toBe('signIn')
  first.outbox.close()
  const keys = first.outbox.entries.map(({ key }) => key)
  const second = played(first.storage)
  second.outbox.flush()
  await second.pass(0)
  expect(second.sent.map(line => line.split(' ')[2])).toEqual(keys)
})

test('what one person told is not sent in the name of another', async () => {
  const first = played()
  first.world.answer = () => new ApiError(401, 'sign in')
  first.outbox.tell(RACE, beginOf())
  await first.pass(0)
  const other = played(first.storage, 'bob')
  other.outbox.flush()
  await other.pass(60_000)
  expect(other.sent).toEqual([])
  expect(other.outbox.entries).toHaveLength(1)
})

test('a refusal stays with its sentence and keeps nothing back but what needs it', async () => {
  const { outbox, sent, world, pass } = played()
  const problem = { type: 'x', title: 'Conflict', status: 409, detail: 'It is another’s.' }
  const refusal = new ApiError(409, '409 Conflict', 0, problem)
  world.answer = ({ kind }) => (kind === 'lap' ? refusal : undefined)
  outbox.tell(RACE, beginOf())
  const lap = outbox.tell(RACE, lapOf(1))
  outbox.tell(RACE, eventOf('pause'))
  await pass(0)
  expect(kinds(sent)).toEqual(['run-1 run', 'run-1 event'])
  expect(outbox.entries[1]).toMatchObject({ state: 'refused', detail: 'It is another’s.' })
  world.answer = () => undefined
  outbox.again(lap)
  await pass(0)
  expect(kinds(sent).at(-1)).toBe('run-1 lap')

  world.answer = ({ kind }) => (kind === 'run' ? refusal : undefined)
  const begin = outbox.tell({ ...RACE, runId: 'run-2' }, beginOf('run-2'))
  outbox.tell({ ...RACE, runId: 'run-2' }, lapOf(1))
  await pass(60_000)
  expect(kinds(sent)).not.toContain('run-2 lap')
  outbox.giveUp(begin)
  expect(outbox.entries.filter(({ runId }) => runId === 'run-2')).toEqual([])
})

test('a run that was accepted may not be found for 30 s: what is told of it waits meanwhile, and nothing else does', async () => {
  const { outbox, sent, world, pass } = played()
  const problem = { type: 'x', title: 'Not found', status: 404, detail: 'There is no run run-1.' }
  const unseen = new ApiError(404, '404 Not Found', 0, problem)
  const finds = (...kinds: Entry['kind'][]) => {
    world.answer = ({ runId, kind }) =>
      runId === 'run-1' && !kinds.includes(kind) ? unseen : undefined
  }
  const states = () => outbox.entries.filter(({ runId }) => runId === 'run-1').map(e => e.state)
  finds('run')
  outbox.tell(RACE, beginOf())
  outbox.tell(RACE, lapOf(1))
  outbox.tell(RACE, eventOf('pause'))
  await pass(0)
  outbox.tell({ ...RACE, runId: 'run-2' }, beginOf('run-2'))
  await pass(0)
  expect(kinds(sent)).toEqual(['run-1 run', 'run-2 run'])
  expect(states()).toEqual(['sent', 'queued', 'queued'])
  expect(outbox.trouble).toBeUndefined()
  finds('run', 'lap', 'event')
  await pass(1_000)
  expect(kinds(sent).slice(2)).toEqual(['run-1 lap', 'run-1 event'])

  finds()
  outbox.tell(RACE, eventOf('reset'))
  await pass(28_900)
  expect(states().at(-1)).toBe('queued')
  await pass(1_000)
  expect(states()).toEqual(['sent', 'sent', 'sent', 'refused'])
  expect(outbox.entries.at(-1)?.detail).toBe(problem.detail)
})

test('a run that was not begun here is not waited for', async () => {
  const { outbox, world, pass } = played()
  world.answer = () => new ApiError(404, '404 Not Found')
  outbox.tell(RACE, lapOf(1))
  await pass(0)
  expect(outbox.entries[0]?.state).toBe('refused')
})

test('undoing leaves nothing of what was never sent, and takes back what the server may know', async () => {
  const { outbox, sent, world, pass } = played()
  outbox.tell(RACE, beginOf())
  await pass(0)
  world.answer = () => new ApiError(0, 'no link')
  const tried = outbox.tell(RACE, lapOf(1))
  const never = outbox.tell(RACE, eventOf('reset'))
  await pass(0)
  outbox.undo(never)
  outbox.undo(tried)
  expect(outbox.entries.map(({ kind, undone = false }) => [kind, undone])).toEqual([
    ['run', false],
    ['lap', true],
    ['retraction', false]
  ])
  expect(outbox.entries.at(-1)?.body).toEqual({ of: factId(tried) })
  world.answer = () => undefined
  await pass(60_000)
  expect(kinds(sent)).toEqual(['run-1 run', 'run-1 lap', 'run-1 retraction'])
})

test('what is held is sent when it can no longer be undone, or as soon as it is let go', async () => {
  const { outbox, sent, world, pass } = played()
  outbox.tell(RACE, beginOf())
  outbox.tell(RACE, eventOf('end'), world.now + 10_000)
  await pass(9_999)
  expect(kinds(sent)).toEqual(['run-1 run'])
  expect(undoable(outbox.entries, world.now)?.kind).toBe('event')
  await pass(1)
  expect(kinds(sent)).toEqual(['run-1 run', 'run-1 event'])
  expect(undoable(outbox.entries, world.now)).toBeUndefined()
  outbox.tell({ ...RACE, runId: 'run-2' }, eventOf('end'), world.now + 10_000)
  outbox.release('run-2')
  await pass(0)
  expect(kinds(sent).at(-1)).toBe('run-2 event')
})

const serverRun = (change: Partial<TimedRun> = {}): TimedRun => ({
  ...{ runId: 'run-1', bib: 13, deviceId: null, sensorId: null, proxy: false },
  ...{ startedAt: 1_000_000, endedAt: null, pausedAt: null, pausedMs: 0, submitted: false },
  ...{ resets: 0, laps: [], ...change }
})
const serverLap = (lap: number, at: number, change: Partial<TimedLap> = {}): TimedLap => ({
  ...{ lapId: `lap-${lap}`, runId: 'run-1', bib: 13, lap, ms: 8_000, state: 'counts', why: '' },
  ...{ source: 'telemetry', resets: 0, at, recordedAt: at, by: ACTOR, revision: 0, ...change }
})
const shown = (server: TimedRun | undefined, entries: readonly Entry[], askedAt = 0): ShownRun =>
  shownRun(server, entries, askedAt) ?? expect.fail('there is no run')

test('a lap is shown once, by the server as soon as it has it, and marked late where it came late', async () => {
  const { outbox } = played()
  outbox.tell(RACE, beginOf())
  const lap = outbox.tell(RACE, lapOf(1))
  expect(shown(undefined, outbox.entries).laps).toMatchObject([{ delivery: 'queued', lateMs: 0 }])
  const there = serverLap(1, 1_008_000, { lapId: factId(lap), recordedAt: 1_070_000 })
  expect(shown(serverRun({ laps: [there] }), outbox.entries).laps).toMatchObject([
    { delivery: 'there', lateMs: 62_000, state: 'counts' }
  ])
})

test('the clock of a run holds in pauses, by whomever they were told', () => {
  const { outbox } = played()
  outbox.tell(RACE, beginOf())
  outbox.tell(RACE, eventOf('pause', 1_010_000))
  expect(elapsedOf(shown(undefined, outbox.entries), 1_030_000)).toBe(10_000)
  outbox.tell(RACE, eventOf('resume', 1_030_000))
  expect(elapsedOf(shown(undefined, outbox.entries), 1_035_000)).toBe(15_000)
  const server = serverRun({ pausedMs: 4_000 })
  expect(elapsedOf(shown(server, []), 1_035_000)).toBe(31_000)
})

test('a lap goes on from the last one told here, or from a machine’s that nobody pressed for', () => {
  const { outbox } = played()
  outbox.tell(RACE, beginOf())
  outbox.tell(RACE, lapOf(1, 1_008_000))
  const both = serverRun({ laps: [serverLap(1, 1_008_200)] })
  const after = (server: TimedRun, now: number) =>
    presentLap(shown(server, outbox.entries), outbox.entries, now)
  expect(after(both, 1_012_000)).toMatchObject({ lap: 2, from: 1_008_000 })
  const missed = serverRun({ laps: [serverLap(1, 1_008_200), serverLap(2, 1_016_200)] })
  expect(after(missed, 1_017_000)).toMatchObject({ lap: 2, from: 1_008_000 })
  expect(after(missed, 1_018_200)).toMatchObject({ lap: 3, from: 1_016_200, steady: undefined })
})

test('a lap is as long as the steady clock says, or in a new page as the server’s clock does', () => {
  const present = { lap: 2, from: 1_008_000, steady: { life: 'a', mono: 8_000 }, resets: 0 }
  expect(lapMsAt(present, 1_099_000, { life: 'a', mono: 16_204.4 })).toBe(8_204)
  expect(lapMsAt(present, 1_016_300, { life: 'b', mono: 12 })).toBe(8_300)
})

test('the server’s clock is learned from the surest answer and not lost when ours is set', () => {
  let mono = 0
  const clock = new ServerClock(() => mono, 5_000)
  expect(clock.at()).toBe(5_000)
  clock.heard(10_100, 0, 200)
  expect(clock.at(200)).toBe(10_200)
  clock.heard(10_395, 390, 400)
  mono = 1_000
  expect(clock.at()).toBe(11_000)
  clock.heard(70_000, 990, 1_000)
  expect(clock.at()).toBe(70_005)
})

test('a press counts from its own time, unless that is of another clock', () => {
  expect(pressedAt({ timeStamp: 990 }, 1_000)).toBe(990)
  expect(pressedAt({ timeStamp: 1_001 }, 1_000)).toBe(1_000)
  expect(pressedAt({ timeStamp: 0 }, 5_000)).toBe(5_000)
})

test('best and average are of valid laps, an average of such in a row', () => {
  const laps = [8_902, 8_311, 8_166, 11_640, 8_090, 8_204].map((ms, index) =>
    serverLap(index + 1, index, { ms, state: index === 3 ? 'invalid' : 'counts' })
  )
  const run = shown(serverRun({ laps }), [])
  expect(bestOf(run, null)?.ms).toBe(8_090)
  expect(averageOf(run, null, 3)).toBe(8_459)
  expect(averageOf(run, null, 4)).toBeUndefined()
})

test('ordinals end as they are said', () => {
  expect([1, 2, 3, 4, 11].map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '11th'])
})
