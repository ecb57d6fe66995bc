import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { KINDS } from './mutation.ts'
import type { Outcome, Share } from './share.ts'
import { EXPLANATIONS, explanationOf } from './survivors.ts'

/** More of all mutations than this must not survive. */
const MOST_SURVIVORS = 0.05

/** Tries all mutations of the template in `root`, prints the table, and answers whether all is well. */
export async function runMutations(root: string): Promise<boolean> {
  const of = availableParallelism()
  const shares = await Promise.all(
    Array.from({ length: of }, (_, index) => inWorker({ root, index, of }))
  )
  const tried = shares.flatMap(share => share.tried)
  const survived = shares.flatMap(share => share.survived)
  printTable({ tried, survived })
  const rate = survived.length / tried.length
  const lines = survived.map(mutation => {
    const { file, line, column } = mutation.place
    const why = explanationOf(mutation)?.why ?? 'UNEXPLAINED'
    return `${file}:${line}:${column} ${mutation.kind} of ${mutation.what}: ${why}`
  })
  console.log(lines.sort().join('\n'))
  const unexplained = survived.filter(mutation => !explanationOf(mutation))
  const idle = EXPLANATIONS.filter(
    one => !survived.some(mutation => explanationOf(mutation) === one)
  )
  for (const { kind, what } of idle) {
    console.error(`no survivor needs the explanation of ${kind} of ${what.source}: remove it`)
  }
  if (unexplained.length) {
    console.error(
      `${unexplained.length} survivors are not explained: add a rule, or say why in survivors.ts`
    )
  }
  if (rate >= MOST_SURVIVORS) console.error(`${percent(rate)} survive, which must be less than 5 %`)
  return !idle.length && !unexplained.length && rate < MOST_SURVIVORS
}

const inWorker = (workerData: Share) =>
  new Promise<Outcome>((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

const percent = (part: number) => `${(100 * part).toFixed(1)} %`

function printTable({ tried, survived }: Outcome): void {
  const row = (...cells: (string | number)[]) =>
    console.log(
      cells.map((cell, i) => (i ? String(cell).padStart(10) : String(cell).padEnd(14))).join('')
    )
  row('mutation', 'generated', 'caught', 'survived', 'rate')
  for (const kind of [...KINDS, 'all'] as const) {
    const ofKind = (list: Outcome['tried']) =>
      kind === 'all' ? list.length : list.filter(one => one.kind === kind).length
    const [all, left] = [ofKind(tried), ofKind(survived)]
    row(kind, all, all - left, left, percent(all ? left / all : 0))
  }
}
