import { setTimeout as pause, setImmediate as yieldOnce } from 'node:timers/promises'
import { waitMs } from '../../../web/mobile/poll.ts'
import { type Ask, createPhone, noPhoneCounts, type Phone } from '../../simulators/phone.ts'
import { createRandom, pick } from '../../simulators/random.ts'
import { spreadOf } from '../spread.ts'

/** Looks are begun this often, in ms. */
const TICK_MS = 10

export type CrowdOptions = {
  raceId: string
  competitors: number
  phones: number
  /** The first looks are spread evenly over this, in ms. */
  withinMs: number
  /** No look begins later than this after the first, in ms. */
  forMs: number
  /** What phones ask: each always the same edge, or with `roams` any of them at each request. */
  edges: Ask[]
  roams: boolean
}

/** A crowd of phones as requests on one schedule; whom each follows and when it looks is drawn by number. */
export async function gather(options: CrowdOptions) {
  const { raceId, competitors, phones, withinMs, forMs, edges, roams } = options
  const random = createRandom(phones)
  const counts = noPhoneCounts()
  const lags: number[] = []
  const anyEdge: Ask = (path, etag) => pick(random, edges)(path, etag)
  const ticks: { phone: Phone; ask: Ask }[][] = Array.from({ length: forMs / TICK_MS }, () => [])
  for (let i = 0; i < phones; i++) {
    const phone = createPhone({ raceId, bib: 1 + Math.floor(random() * competitors), counts })
    const ask = roams ? anyEdge : (edges[i % edges.length] ?? anyEdge)
    ticks[Math.floor(((i / phones) * withinMs) / TICK_MS)]?.push({ phone, ask })
  }
  let underWay = 0
  const start = performance.now()
  for (const [tick, due] of ticks.entries()) {
    const ahead = start + tick * TICK_MS - performance.now()
    await (ahead > 0 ? pause(ahead) : yieldOnce())
    if (due.length) lags.push(Math.max(0, performance.now() - start - tick * TICK_MS))
    for (const one of due) {
      ticks[tick + Math.round(waitMs(0, 0, random()) / TICK_MS)]?.push(one)
      underWay++
      one.phone.look(one.ask).finally(() => underWay--)
    }
  }
  while (underWay > 0) await pause(TICK_MS)
  return { ...counts, lagMs: spreadOf(lags), seconds: (performance.now() - start) / 1_000 }
}
