import type { Actor, Fact, FactOf, Head, Race } from '#contract'
import { Refused } from '../../functions/stages/problem.ts'
import { openFact } from './ledger.ts'
import { GUN } from './races.ts'

/** A ledger of one race in memory, as officials' stages see it; its clock stands at the gun until it is set. */
export function openDesk(
  race: Race,
  {
    open = true,
    phase,
    seated = []
  }: { open?: boolean; phase?: Head['phase']; seated?: number[] } = {}
) {
  const facts = new Map<string, Fact>()
  const tell = (...told: Fact[]) => {
    for (const fact of told) facts.set(fact.id, fact)
  }
  if (open) tell(openFact(race))
  const clock = { now: GUN }
  const all = () => [...facts.values()]
  return {
    clock,
    tell,
    all,
    ports: {
      readRace: async (raceId: string) => (raceId === race.raceId ? race : undefined),
      readFact: async (raceId: string, id: string) =>
        raceId === race.raceId ? facts.get(id) : undefined,
      readRun: async (_raceId: string, runId: string) =>
        all().filter(fact => 'runId' in fact && fact.runId === runId),
      readLedger: async (raceId: string) => (raceId === race.raceId ? all() : []),
      readHead: async () => (phase ? ({ phase } as Head) : undefined),
      readDirectory: async () => ({
        raceId: race.raceId,
        version: 1,
        entries: seated.map(bib => ({ bib, name: `Rider ${bib}`, country: '', class: '' }))
      }),
      appendFact: async (fact: Fact) => !facts.has(fact.id) && Boolean(tell(fact) ?? true),
      now: () => clock.now
    }
  }
}

/** The problem that a call is refused with; fails where it is not. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused['problem']> {
  const outcome = await call.then(
    answer => ({ answer }),
    (reason: unknown) => reason
  )
  if (outcome instanceof Refused) return outcome.problem
  throw outcome instanceof Error ? outcome : new Error(`not refused: ${JSON.stringify(outcome)}`)
}

/** Two timekeepers. */
export const ADA: Actor = { kind: 'person', tenant: 'hall', object: 'ada' }
export const BO: Actor = { kind: 'person', tenant: 'hall', object: 'bo' }

/** A run by hand, or with these devices, that begins `ms` after the gun. */
export const deskRun = (
  bib: number,
  ms: number,
  {
    runId = `run-${bib}`,
    ...devices
  }: { runId?: string; deviceId?: string; sensorId?: string } = {}
): FactOf<'run'> => ({
  id: `run.${runId}`,
  raceId: 'evening-race',
  kind: 'run',
  at: GUN + ms,
  actor: ADA,
  runId,
  bib,
  ...devices
})

/** What a conflict's problem has in common with all others. */
export const CONFLICT = { status: 409, type: 'https://grandstand.example/problems/conflict' }
