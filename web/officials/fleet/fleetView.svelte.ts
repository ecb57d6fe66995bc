import type { DeviceMethod, DeviceOutcome, Fleet, FleetDevice } from '#contract'
import { ApiError } from '../../call.ts'
import { stalenessOf } from '../../staleness.ts'
import { SignInNeeded } from '../session.svelte.ts'
import { byUrgency, conditionOf, isTrouble } from './condition.ts'
import type { Driver } from './drivers.ts'
import type { FleetApi } from './fleetApi.ts'
import { type Order, orderSentence } from './order.ts'

/** The next answer may take this long, in ms, before what is shown counts as old: a poll and a slow link. */
const PATIENCE_MS = 8_000
/** An emergency stop that did not get through is sent this often, so far apart in ms. */
const STOP_ATTEMPTS = 3
const STOP_AGAIN_MS = 1_000

/** What became of the order to all cars. */
export type OrderToAll =
  | { state: 'none' | 'sent' | 'again' }
  | { state: 'answered'; stood: number; of: number }
  | { state: 'failed'; detail: string }

type ViewOptions = {
  api: FleetApi
  now(): number
  wait(ms: number): Promise<void>
  /** The person must sign in first: an emergency stop is remembered until then. */
  signInFirst(): void
  report(error: unknown): void
}

/** The fleet as its page shows it: what the API says, and what became of one's orders. */
export class FleetView {
  now = $state(0)
  fleet = $state.raw<Fleet>()
  /** The most urgent first. */
  devices = $state.raw<readonly FleetDevice[]>([])
  drivers = $state.raw<ReadonlyMap<string, Driver>>(new Map())
  orders = $state.raw<ReadonlyMap<string, Order>>(new Map())
  toAll = $state.raw<OrderToAll>({ state: 'none' })
  /** Why the fleet may not be seen. */
  refusal = $state<string>()
  /** What assistive technology is told. */
  summary = $state('')

  readonly troubled = $derived(
    this.devices.filter(device => isTrouble(this.conditionOf(device))).length
  )
  /** What stands, or will, by an order. */
  readonly standing = $derived(this.devices.filter(({ stopOrdered }) => stopOrdered))
  readonly age = $derived.by(() => Math.max(0, this.now - this.#heardAt))
  /** 0 live, 1 to 3 ever older. */
  readonly staleness = $derived.by(() =>
    this.#failing || this.age >= PATIENCE_MS ? stalenessOf(this.age) : 0
  )

  readonly #options: ViewOptions
  #heardAt = $state(0)
  #failing = $state(false)
  #held = false

  constructor(options: ViewOptions) {
    this.#options = options
    this.now = this.#heardAt = options.now()
  }

  /** Moves time on. */
  tick(): void {
    this.now = this.#options.now()
  }

  /** Asks for the fleet once more. */
  async refresh(): Promise<void> {
    try {
      this.fleet = await this.#options.api.list()
      this.#heardAt = this.#options.now()
      this.#failing = false
      this.refusal = undefined
      this.#arrange()
    } catch (error) {
      this.#failing = true
      if (error instanceof ApiError && (error.status === 401 || error.status === 403))
        this.refusal = error.message
      this.#options.report(error)
    }
    this.tick()
  }

  /** Who drives what now. */
  drive(drivers: ReadonlyMap<string, Driver>): void {
    this.drivers = drivers
    this.#arrange()
  }

  /** Rows keep their places for as long as somebody is about to press in them. */
  hold(held: boolean): void {
    this.#held = held
    if (!held) this.#arrange()
  }

  conditionOf = (device: FleetDevice) => conditionOf(device, this.drivers.has(device.deviceId))

  /** When the hub last heard of a device, in ms before now; undefined if never. */
  unheardFor({ lastSeen }: FleetDevice): number | undefined {
    if (lastSeen === null || !this.fleet) return undefined
    return Math.max(0, this.fleet.asOf - lastSeen + this.age)
  }

  /** Stops every car, again and again until the order is through. */
  async stopAll(): Promise<void> {
    if (this.toAll.state === 'sent' || this.toAll.state === 'again') return
    for (let attempt = 1; ; attempt++) {
      this.toAll = { state: attempt === 1 ? 'sent' : 'again' }
      try {
        const { devices } = await this.#options.api.stopAll()
        for (const outcome of devices) this.#note('stop', outcome)
        const stood = devices.filter(({ outcome }) => outcome === 'done').length
        this.toAll = { state: 'answered', stood, of: devices.length }
        break
      } catch (error) {
        if (error instanceof SignInNeeded) this.#options.signInFirst()
        if (attempt < STOP_ATTEMPTS && mayWorkLater(error)) {
          await this.#options.wait(STOP_AGAIN_MS)
          continue
        }
        this.toAll = { state: 'failed', detail: reasonOf(error) }
        break
      }
    }
    await this.refresh()
  }

  /** Gives one device an order. */
  async order(deviceId: string, method: DeviceMethod): Promise<void> {
    this.#set(deviceId, { method, outcome: 'sent', detail: '' })
    try {
      this.#note(method, await this.#options.api.order(deviceId, method))
    } catch (error) {
      this.#note(method, { deviceId, outcome: 'failed', detail: reasonOf(error) })
    }
    this.summary = this.#sentence(deviceId)
    if (method !== 'identify') await this.refresh()
  }

  /** Takes back the standing order of every device that has one. */
  async releaseAll(): Promise<void> {
    const devices = this.standing
    this.toAll = { state: 'none' }
    await Promise.all(devices.map(({ deviceId }) => this.order(deviceId, 'release')))
  }

  #arrange(): void {
    const places = new Map(this.devices.map(({ deviceId }, place) => [deviceId, place]))
    const placeOf = ({ deviceId }: FleetDevice) => places.get(deviceId) ?? places.size
    const sorted = byUrgency(this.fleet?.devices ?? [], id => this.drivers.has(id))
    this.devices = this.#held ? sorted.sort((a, b) => placeOf(a) - placeOf(b)) : sorted
  }

  #note(method: DeviceMethod, { deviceId, outcome, detail }: DeviceOutcome): void {
    this.#set(deviceId, { method, outcome, detail })
  }

  #set(deviceId: string, order: Order): void {
    this.orders = new Map([...this.orders, [deviceId, order]])
  }

  #sentence(deviceId: string): string {
    const order = this.orders.get(deviceId)
    return order ? `${deviceId}: ${orderSentence(order)}` : ''
  }
}

/** Not reached, or not able to at the moment. */
const mayWorkLater = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500)

const reasonOf = (error: unknown): string => {
  if (error instanceof SignInNeeded)
    return 'Not sent: your sign-in has ended. Sign in and press again.'
  return error instanceof Error ? error.message : String(error)
}
