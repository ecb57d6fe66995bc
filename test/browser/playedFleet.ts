import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Board, DeviceOutcome, Directory, FleetDevice, FleetOutcome } from '#contract'
import { startPlayedSignIn } from './playedSignIn.ts'

/** One account for each set of roles that matters here. */
const ROLES = { timekeeper: ['timekeeper'], commentator: ['commentator'], visitor: [] }
const OFFICIALS = ['timekeeper', 'admin']

/** Serves built pages and plays the fleet's API, for people whom the real stand-in of Entra ID has signed in. */
export async function startPlayedFleet(pages: string) {
  const orders: string[] = []
  let devices: FleetDevice[] = []
  let outcomes = new Map<string, DeviceOutcome>()
  let race: { board: Board; directory: Directory } | undefined
  let failures: number[] = []
  let down = false

  const signIn = await startPlayedSignIn(pages, ROLES, handle)

  function obey(deviceId: string, method: string): DeviceOutcome {
    const device = devices.find(each => each.deviceId === deviceId)
    const given = outcomes.get(deviceId)
    if (device && method !== 'identify') {
      device.stopOrdered = method === 'stop'
      if (!given) device.reported.stopped = method === 'stop'
    }
    return given ?? { deviceId, outcome: 'done', detail: 'The device confirms.' }
  }

  function answer(method: string, path: string): unknown {
    if (path === '/fleet') return { asOf: Date.now(), devices }
    if (path === '/fleet/stop') {
      const cars = devices.filter(({ reported }) => reported.kind !== 'timer')
      return { devices: cars.map(car => obey(car.deviceId, 'stop')) } satisfies FleetOutcome
    }
    const [, deviceId = '', order] = /^\/fleet\/([\w-]+)\/(\w+)$/.exec(path) ?? []
    if (order && method === 'POST') return obey(deviceId, order)
    if (path === '/races') return { races: race ? [race.board] : [], continuation: null }
    if (path.endsWith('/standings') && race)
      return { ...race.board, rankPages: [], bibPages: [], lapPages: [] }
    if (path.endsWith('/competitors')) return race?.directory
    return undefined
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string
  ): Promise<void> {
    if (down) return void request.socket.destroy()
    const refuse = (status: number, title: string) => {
      const problem = { type: 'about:blank', title, status, detail: 'As the test wants it.' }
      response.writeHead(status, { 'Content-Type': 'application/problem+json' })
      response.end(JSON.stringify(problem))
    }
    if (path.startsWith('/fleet')) {
      const caller = await signIn.callerOf(request)
      if (request.method === 'POST') orders.push(path)
      const failure = request.method === 'POST' ? failures.shift() : undefined
      if (failure) return refuse(failure, 'Not available at the moment')
      if (!caller) return refuse(401, 'Sign in or bring a token')
      if (!caller.roles.some(role => OFFICIALS.includes(role))) return refuse(403, 'Not allowed')
    }
    const body = answer(request.method ?? '', path)
    if (body === undefined) return refuse(404, 'Not found')
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(body))
  }

  return {
    url: signIn.url,
    /** Orders as they came, as `/fleet/car-1/stop`. */
    orders,
    /** What the hub says from now on, and how devices take orders; without an outcome they obey. */
    set(fleet: FleetDevice[], taken: DeviceOutcome[] = []): void {
      devices = structuredClone(fleet)
      outcomes = new Map(taken.map(outcome => [outcome.deviceId, outcome]))
    },
    /** The race under way. */
    race(board: Board, directory: Directory): void {
      race = { board, directory }
    },
    /** The next orders are refused with these. */
    fail(...statuses: number[]): void {
      failures = statuses
    },
    cut(now: boolean): void {
      down = now
    },
    /** Nothing renews a token any more. */
    forgetSignIns: signIn.forget,
    close: signIn.close
  }
}
