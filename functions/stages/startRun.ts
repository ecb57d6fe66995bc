import type { Actor, Directory, Fact, FactOf, Problem, Race, RunRequest } from '#contract'
import { factsOf, latest, stateOf } from '#race/ledgerState'
import { openingAmong, refuseInstant } from './lapRace.ts'
import { Refused } from './problem.ts'
import { startDoubts } from './startDoubts.ts'

/**
 * Until so long after its beginning a doubtful run is refused, in ms: the timekeeper sees that while the competitor still
 * stands at the line. Later the run was driven, and its laps are on their way: it is recorded with what speaks against it.
 */
const AT_ONCE_MS = 5_000
/** Longest reason of a fact. */
const REASON_MAX_CHARS = 200

/** What beginning runs needs; each rejects when the service failed. */
export type StartRunPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readFact(raceId: string, id: string): Promise<Fact | undefined>
  /** All facts of a race, in any order. */
  readLedger(raceId: string): Promise<Fact[]>
  readDirectory(raceId: string): Promise<Directory | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Begins runs. A run's id is its request's key: the same run again is the same fact, another under its id is refused. */
export function createStartRun(ports: StartRunPorts) {
  return async (raceId: string, asked: RunRequest, actor: Actor): Promise<FactOf<'run'>> => {
    const [facts, directory] = await Promise.all([
      ports.readLedger(raceId),
      ports.readDirectory(raceId)
    ])
    const opening = await openingAmong(facts, raceId, ports)
    const known = factsOf(facts, 'run').find(({ runId }) => runId === asked.runId)
    if (known) return sameRun(known, asked)
    const recordedAt = ports.now()
    refuseInstant(asked.at, opening, recordedAt)
    // With all that the ledger holds: a device may be ahead of our clock.
    const ledger = stateOf(facts, latest(facts, recordedAt))
    const doubts =
      typeof ledger === 'string' ? [] : startDoubts(ledger, directory?.entries ?? [], asked)
    const reason = doubts.map(({ detail }) => detail).join(' ')
    if (reason && recordedAt - asked.at <= AT_ONCE_MS) {
      throw new Refused('conflict', reason, doubts)
    }
    const { proxy, ...told } = asked
    const id = `run.${asked.runId}`
    const fact: FactOf<'run'> = {
      ...{ id, raceId, kind: 'run', ...told, recordedAt, actor },
      ...(proxy ? { proxy } : {}),
      ...(reason ? { reason: reason.slice(0, REASON_MAX_CHARS) } : {})
    }
    if (await ports.appendFact(fact)) return fact
    const other = await ports.readFact(raceId, id)
    if (other?.kind === 'run') return sameRun(other, asked)
    throw new Error(`the ledger of ${raceId} has something else under ${id}`)
  }
}

const PARTS = ['bib', 'deviceId', 'sensorId', 'at', 'proxy'] as const

function sameRun(known: FactOf<'run'>, asked: RunRequest): FactOf<'run'> {
  const there: RunRequest = { ...known, proxy: known.proxy ?? false }
  const errors: NonNullable<Problem['errors']> = PARTS.filter(
    part => there[part] !== asked[part]
  ).map(part => ({
    pointer: `/${part}`,
    detail: `is ${there[part] ?? 'not given'} in the run that is there, not ${asked[part] ?? 'left out'}`
  }))
  if (!errors.length) return known
  const detail = `Run ${known.runId} is there already with another ${errors[0]!.pointer.slice(1)}: take another id for this one.`
  throw new Refused('conflict', detail, errors)
}
