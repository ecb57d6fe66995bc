import type { DeadLetter, Head } from '#contract'
import type { PageWrite } from '#race/publication'
import type { RaceState } from '#race/state'
import { packState, unpackState } from '#race/state'
import {
  createRace,
  type FinalResult,
  type RacePorts,
  type Unopened
} from '../../functions/stages/race.ts'
import type { RaceOperation } from '../../functions/stages/raceSignal.ts'

/** The calls of the race's ports that may be made to fail. */
type Call = 'writePages' | 'writeHead' | 'readHead' | 'writeResult' | 'deadLetter'

/** A store of plain arrays and maps behind the race's ports, with a clock that the story turns. */
export type RaceStore = {
  ports: RacePorts
  clock: { now: number }
  pages: Map<string, PageWrite['page']>
  heads: Head[]
  etag: string | null
  results: FinalResult[]
  letters: DeadLetter[]
  warnings: string[]
  calls: Call[]
  /** Calls that reject until they are taken out. */
  failing: Set<Call>
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value))

export function aRaceStore(now: number): RaceStore {
  const store: Omit<RaceStore, 'ports'> = {
    clock: { now },
    pages: new Map(),
    heads: [],
    etag: null,
    results: [],
    letters: [],
    warnings: [],
    calls: [],
    failing: new Set()
  }
  const called = (call: Call) => {
    store.calls.push(call)
    if (store.failing.has(call)) throw new Error(`${call} failed`)
  }
  const ports: RacePorts = {
    async writePages(_raceId, pages) {
      called('writePages')
      for (const { id, page } of pages) store.pages.set(id, copy(page))
    },
    async writeHead(head, etag) {
      called('writeHead')
      if (etag !== store.etag) return 'conflict'
      store.heads.push(copy(head))
      store.etag = `etag-${store.heads.length}`
      return { etag: store.etag }
    },
    async readHead() {
      called('readHead')
      const head = store.heads.at(-1)
      return head && { head, etag: store.etag! }
    },
    async writeResult(result) {
      called('writeResult')
      if (store.results.some(({ id }) => id === result.id)) return
      store.results.push(copy(result))
    },
    async deadLetter(letters) {
      called('deadLetter')
      store.letters.push(...copy(letters))
    },
    now: () => store.clock.now,
    warn: message => store.warnings.push(message)
  }
  return Object.assign(store, { ports })
}

/** A race's entity on a store: each operation starts from what the one before it left, as JSON. */
export function anEntity(store: RaceStore, raceId = 'evening-race') {
  const run = createRace(store.ports)
  let kept: string | undefined
  const load = (): RaceState | Unopened => {
    if (!kept) return { held: [], unreported: [] }
    const stored = JSON.parse(kept)
    return 'held' in stored ? stored : unpackState(stored)
  }
  return {
    /** Does one operation and keeps what it leaves; true when the store shows it. */
    async hears(operation: RaceOperation): Promise<boolean> {
      const { state, published } = await run(load(), raceId, operation)
      kept = JSON.stringify('held' in state ? state : packState(state))
      return published
    },
    /** What is kept, to put it back later as if the operations since had never been. */
    memory: () => kept,
    restore(memory: string | undefined) {
      kept = memory
    },
    state: (): RaceState => {
      const state = load()
      if ('held' in state) throw new Error('the race has not opened')
      return state
    }
  }
}
