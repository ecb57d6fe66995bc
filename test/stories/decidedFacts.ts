import type { Fact, FactOf } from '#contract'

/** The facts of a kind. */
export const of = <K extends Fact['kind']>(facts: Fact[], kind: K) =>
  facts.filter((fact): fact is FactOf<K> => fact.kind === kind)

const inTime = (a: Fact, b: Fact) => a.at - b.at || (a.id < b.id ? -1 : 1)
/** The earliest of some facts, and the latest. */
export const first = <T extends Fact>(facts: T[]): T => facts.toSorted(inTime)[0]!
export const latest = <T extends Fact>(facts: T[]): T | undefined => facts.toSorted(inTime).at(-1)

/** The facts as if what was taken back had never been told, and all that a merged racer did had been the other one's. */
export function decidedFacts(facts: Fact[]): Fact[] {
  const words = [...of(facts, 'retract'), ...of(facts, 'restore')]
  const isBack = ({ id }: Fact) => latest(words.filter(word => word.of === id))?.kind === 'retract'
  return facts.flatMap((fact): Fact[] => {
    switch (fact.kind) {
      case 'lap':
        return isBack(fact) ? [] : [{ ...fact, bib: becomes(facts, fact.bib) }]
      case 'reset':
        return isBack(fact) ||
          isSeenTwice(
            facts.filter(other => !isBack(other)),
            fact
          )
          ? []
          : [fact]
      case 'run': {
        // A run begins when it is first said to, or not at all when that was taken back.
        const begin = first(of(facts, 'run').filter(({ runId }) => runId === fact.runId))
        const isIt = begin === fact && !isBack(fact)
        return isIt ? [{ ...fact, bib: becomes(facts, fact.bib) }] : []
      }
      default:
        return [fact]
    }
  })
}

/** Whether a bib is off the race: its last word is a withdrawal, or it has become another. */
export const isGone = (facts: Fact[], bib: number): boolean =>
  becomes(facts, bib) !== bib ||
  latest([...of(facts, 'enter'), ...of(facts, 'withdraw')].filter(fact => fact.bib === bib))
    ?.kind === 'withdraw'

function becomes(facts: Fact[], bib: number): number {
  const merged = [...Map.groupBy(of(facts, 'merge'), ({ from }) => from).values()].map(
    all => latest(all)!
  )
  const next = (from: number) => merged.find(merge => merge.from === from)?.bib
  /** Where as many steps lead as there are merges at least. */
  const isOnCircle = (start: number) => {
    let step = next(start)
    for (let i = 0; i < merged.length && step !== undefined && step !== start; i++) {
      step = next(step)
    }
    return step === start
  }
  let end = bib
  while (next(end) !== undefined && !isOnCircle(end)) end = next(end)!
  return end
}

/** A reset that a person told and telemetry too, up to three seconds apart. */
const isSeenTwice = (facts: Fact[], reset: FactOf<'reset'>) =>
  reset.source === 'hand' &&
  of(facts, 'reset').some(
    ({ source, runId, at }) =>
      source !== 'hand' && runId === reset.runId && at >= reset.at - 3_000 && at <= reset.at + 3_000
  )

/** How far a run's clock has come at an instant, in ms; since when it holds then, and how long it held before that. */
export function clockAt(facts: Fact[], run: FactOf<'run'>, instant: number) {
  const words = [...of(facts, 'pause'), ...of(facts, 'resume')]
    .filter(({ runId, at }) => runId === run.runId && at <= instant)
    .toSorted(inTime)
  let mark = run.at
  let gone = 0
  let pausedMs = 0
  let pausedAt: number | null = null
  for (const { kind, at } of words) {
    const now = Math.max(at, run.at)
    if (kind === 'pause' && pausedAt === null) {
      gone += now - mark
      pausedAt = now
    }
    if (kind === 'resume' && pausedAt !== null) {
      pausedMs += now - pausedAt
      pausedAt = null
      mark = now
    }
  }
  if (pausedAt === null) gone += instant - mark
  return { gone, pausedAt, pausedMs }
}
