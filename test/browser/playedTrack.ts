import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import * as v from 'valibot'
import {
  type Board,
  EntryRequest,
  type FleetDevice,
  IdempotencyKey,
  LapRequest,
  type Queue,
  type Racer,
  Retraction,
  RunEvent,
  RunRequest,
  type TimedLap,
  type TimedRun
} from '#contract'
import { startPlayedSignIn } from './playedSignIn.ts'

/** A request that was answered with success, and when it came. */
export type Got = { path: string; key: string; body: Record<string, unknown>; cameAt: number }

const RACE = 'final'
const BODIES = {
  runs: RunRequest,
  laps: LapRequest,
  events: RunEvent,
  retractions: Retraction,
  entries: EntryRequest,
  proposal: v.strictObject({})
}
const ACTOR = { kind: 'person', tenant: 'tenant', object: 'object' } as const

/** Serves built pages and plays the timekeeper's API by its contract, for people whom the real stand-in of Entra ID has signed in. */
export async function startPlayedTrack(pages: string) {
  let board: Board
  let racers: Racer[] = []
  let runs: TimedRun[] = []
  let review: Queue['review'] = []
  let devices: FleetDevice[] = []
  let down = false
  let passed = 0
  let failures: { path: RegExp; status: number; detail: string }[] = []
  let rules: Pick<Queue, 'maxRuns' | 'runMs' | 'allowedResets' | 'classes'>
  const got: Got[] = []
  const now = (): number => Date.now() + passed

  const roles = { timekeeper: ['timekeeper'], visitor: [] }
  const signIn = await startPlayedSignIn(pages, roles, handle)

  function read(path: string): unknown {
    if (path === '/races') return { races: [board], continuation: null }
    if (path.endsWith('/standings')) return { ...board, rankPages: [], bibPages: [], lapPages: [] }
    if (path === '/fleet') return { asOf: now(), devices }
    if (path !== `/races/${RACE}/queue`) return undefined
    const shown = runs.toReversed()
    return { raceId: RACE, asOf: now(), ...rules, racers, runs: shown, review } satisfies Queue
  }

  /** What a success is answered with, or the reason of a refusal. */
  function write({ path, key, body, cameAt }: Got): object | string {
    const [, , , what, runId, part] = path.split('/')
    const run = runs.find(each => each.runId === runId)
    if (what === 'runs' && !part) {
      runs.push(begun(v.parse(RunRequest, body)))
      const racer = racers.find(({ bib }) => bib === body.bib)
      if (racer) racer.runs++
    } else if (what === 'runs' && !run) return `There is no run ${runId}: begin it first.`
    else if (part === 'laps' && run) {
      const lap = v.parse(LapRequest, body)
      run.laps.push(timed(run.runId, key, lap, cameAt, run.resets))
      run.resets = 0
    } else if (part === 'events' && run) happened(run, v.parse(RunEvent, body))
    else if (what === 'retractions') {
      const lap = runs.flatMap(({ laps }) => laps).find(({ lapId }) => lapId === body.of)
      if (lap) Object.assign(lap, { state: 'retracted', why: 'taken back' })
    } else if (what === 'entries') {
      const bib = Math.max(...racers.map(racer => racer.bib)) + 1
      racers.push(racerOf(bib, String(body.name)))
      return { raceId: RACE, bib, competitorId: `c-${bib}` }
    }
    return {}
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string
  ): Promise<void> {
    if (down) return void request.socket.destroy()
    const refuse = (status: number, detail: string) => {
      const problem = { type: 'about:blank', title: 'Refused', status, detail }
      response.writeHead(status, { 'Content-Type': 'application/problem+json' })
      response.end(JSON.stringify(problem))
    }
    const answer = (body: unknown) => {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify(body))
    }
    const isOpen = path === '/races' || path.endsWith('/standings')
    const caller = isOpen ? undefined : await signIn.callerOf(request)
    if (!isOpen && !caller) return refuse(401, 'Sign in or bring a token.')
    if (request.method === 'GET') {
      const body = read(path)
      return body === undefined ? refuse(404, 'There is no such thing.') : answer(body)
    }
    const key = request.headers['idempotency-key']
    if (!v.is(IdempotencyKey, key)) return refuse(400, 'Idempotency-Key must be sent.')
    const planned = failures.find(failure => failure.path.test(path))
    if (planned) {
      failures = failures.filter(failure => failure !== planned)
      return refuse(planned.status, planned.detail)
    }
    const what = path.split('/').at(-1) as keyof typeof BODIES
    const told: unknown = path.endsWith('/proposal') ? {} : await json(request)
    const body = v.safeParse(BODIES[what] as v.GenericSchema<Got['body']>, told)
    if (!body.success) return refuse(400, body.issues.map(({ message }) => message).join())
    const known = got.find(each => each.path === path && each.key === key)
    if (known) return answer({})
    const one = { path, key, body: body.output, cameAt: now() }
    const made = write(one)
    if (typeof made === 'string') return refuse(404, made)
    got.push(one)
    answer(made)
  }

  return {
    url: signIn.url,
    /** What was told, each once, in the order in which it came. */
    got,
    /** A race with nobody on the track. */
    reset(race: Board, people: [bib: number, name: string][], fleet: FleetDevice[]): void {
      board = race
      racers = people.map(([bib, name]) => racerOf(bib, name))
      devices = fleet
      rules = { maxRuns: null, runMs: null, allowedResets: 3, classes: [] }
      down = false
      passed = 0
      failures = []
      runs = []
      review = []
      got.length = 0
    },
    race(change: Partial<Board>): void {
      board = { ...board, ...change }
    },
    rule(change: Partial<typeof rules>): void {
      rules = { ...rules, ...change }
    },
    question(items: Queue['review']): void {
      review = items
    },
    /** Something else than a person here timed a lap of the present run. */
    time(lap: Partial<TimedLap>): void {
      const run = runs.at(-1)
      if (!run) throw new Error('nobody is on the track')
      const { runId, bib } = run
      const base = timed(runId, 'x', { bib, lap: 1, lapMs: 1, at: 1, valid: true }, now(), 0)
      run.laps.push({ ...base, ...lap })
    },
    /** A run that somebody else began. */
    begin(run: Omit<RunRequest, 'proxy'>): void {
      runs.push(begun({ proxy: false, ...run }))
    },
    /** The next request to such a path is refused. */
    fail(path: RegExp, status: number, detail = 'As the test wants it.'): void {
      failures.push({ path, status, detail })
    },
    cut(isDown: boolean): void {
      down = isDown
    },
    /** The server's clock goes on with the page's. */
    pass(ms: number): void {
      passed += ms
    },
    /** Nothing renews a token any more. */
    forgetSignIns: signIn.forget,
    close: signIn.close
  }
}

const racerOf = (bib: number, name: string): Racer => ({
  ...{ bib, name, competitorId: `c-${bib}`, status: 'running' },
  ...{ rank: null, runs: 0, lastRunAt: null }
})

const begun = ({ runId, bib, deviceId, sensorId, proxy, at }: RunRequest): TimedRun => ({
  ...{ runId, bib, deviceId: deviceId ?? null, sensorId: sensorId ?? null, proxy, startedAt: at },
  ...{ endedAt: null, pausedAt: null, pausedMs: 0, submitted: false, resets: 0, laps: [] }
})

const timed = (
  runId: string,
  key: string,
  { bib, lap, lapMs, at = 0, valid, reason = '' }: LapRequest,
  recordedAt: number,
  resets: number
): TimedLap => ({
  ...{ lapId: `hand.${runId}.${key}`, runId, bib, lap, ms: lapMs, at, recordedAt, resets },
  ...{ source: 'hand', state: valid ? 'counts' : 'invalid', why: reason, by: ACTOR, revision: 0 }
})

function happened(run: TimedRun, { kind, at }: RunEvent): void {
  if (kind === 'end') run.endedAt = at
  if (kind === 'submit') run.submitted = true
  if (kind === 'reset') run.resets++
  if (kind === 'pause') run.pausedAt ??= at
  if (kind === 'resume' && run.pausedAt !== null) {
    run.pausedMs += at - run.pausedAt
    run.pausedAt = null
  }
}
