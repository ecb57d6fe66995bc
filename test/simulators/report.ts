import { usageOf } from '../bench/usage.ts'
import type { LocalProcess } from './processes.ts'
import type { Outcome } from './simulation.ts'

/** CPU in s, and memory in MB, of a process while races were on. */
export type Usage = { name: string; cpu: number; rss: number }
/** Differences that are printed of each run; the file has all. */
const WRONG_SHOWN = 20

/** Follows what processes use; `usage` tells since the beginning. */
export function followUsage(processes: LocalProcess[]): () => Usage[] {
  const before = processes.map(({ pid }) => usageOf([pid]).cpu)
  return () =>
    processes.map(({ name, pid }, i) => {
      const { cpu, rss } = usageOf([pid])
      return { name, cpu: Number((cpu - before[i]!).toFixed(2)), rss: Math.round(rss) }
    })
}

/** What came of a simulation. `delays` are of the simulator's own event loop, ms: they are in every latency. */
export type Report = {
  outcomes: Outcome[]
  usage: Usage[]
  delays: { p50: number; p99: number }
  faults: string[]
}

/** Prints what came of it. */
export function printReport({ outcomes, usage, delays, faults }: Report): void {
  const table = (columnsOf: (outcome: Outcome) => object) =>
    console.table(Object.fromEntries(outcomes.map(each => [each.raceId, columnsOf(each)])))
  table(({ riders, renewed, sent, acknowledged, distinct, ruledOut, unanswered }) => ({
    ...{ seats: riders, renewed, sent, acknowledged, distinct, 'ruled out': ruledOut, unanswered }
  }))
  table(({ due, counted, lost, double, wrong, unknown }) => ({
    ...{ due, counted, lost, double, wrong: wrong.length, unknown }
  }))
  table(({ latency, eventToFrame, frames }) => ({
    ...{ 'ack p50, ms': latency.p50, 'ack p99': latency.p99, frames },
    ...{ 'event to frame p50, ms': eventToFrame.p50, 'event to frame p99': eventToFrame.p99 }
  }))
  const games = outcomes.filter(({ game }) => game)
  if (games.length) {
    console.table(
      Object.fromEntries(
        games.map(({ raceId, game }) => {
          const { raw = 0, kept = 0, played = 0, lastArrived = 0 } = game ?? {}
          const last = `${lastArrived} of ${played}`
          return [raceId, { raw, kept, 'raw to 1 kept': ratio(raw, kept), 'last arrived': last }]
        })
      )
    )
  }
  if (usage.length) {
    console.table(
      Object.fromEntries(usage.map(({ name, cpu, rss }) => [name, { 'CPU s': cpu, 'RSS MB': rss }]))
    )
  }
  const [p50, p99] = [delays.p50, delays.p99].map(ms => ms.toFixed(1))
  console.log(`The simulator's own delays: p50 ${p50} ms, p99 ${p99} ms.`)
  for (const { raceId, refused } of outcomes) {
    for (const [reason, count] of Object.entries(refused)) {
      console.log(`${raceId}: ${count} readings refused: ${reason}`)
    }
  }
  for (const fault of faults.slice(0, WRONG_SHOWN)) console.log(`FAILED ${fault}`)
  const more = faults.length - WRONG_SHOWN
  if (more > 0) console.log(`FAILED and ${more} more`)
  console.log(faults.length ? 'The oracle disagrees.' : 'The oracle agrees with every figure.')
}

const ratio = (raw: number, kept: number): number => Number((raw / Math.max(1, kept)).toFixed(1))
