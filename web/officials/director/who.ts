import type { Actor, Fact } from '#contract/ledger'
import type { Me } from '#contract/office'

/** Who did something, as officials see it: a short id or a machine, and as what. */
export type Who = { name: string; role: string }

/** So many letters of an object id tell the officials of one event apart. */
const SHORT = 8

const TIMEKEEPERS: readonly Fact['kind'][] = [
  'run',
  'runEnd',
  'pause',
  'resume',
  'submit',
  'propose'
]
const EITHER: readonly Fact['kind'][] = ['enter', 'lap', 'reset', 'retract']
const MACHINES: Partial<Record<string, Who>> = {
  telemetry: { name: 'Car', role: 'by its positions' },
  sensor: { name: 'Lap sensor', role: 'device' }
}

/** Whether two deeds are of one person. */
export const isSelf = (actor: Actor, me: Me | undefined): boolean =>
  actor.kind === 'person' && actor.object === me?.object && actor.tenant === me.tenant

/** A person's object id, short. The ledger holds no names. */
export const shortOf = (actor: Actor): string =>
  actor.kind === 'app' ? 'Grandstand' : actor.object.slice(0, SHORT)

/** Who a fact is by. */
export function whoOf(fact: Fact, me: Me | undefined): Who {
  const { actor } = fact
  if (actor.kind === 'app') {
    const machine = 'source' in fact ? MACHINES[fact.source] : undefined
    return machine ?? { name: 'Grandstand', role: 'by itself' }
  }
  return { name: isSelf(actor, me) ? 'You' : shortOf(actor), role: roleOf(fact) }
}

/** As what a person did it: the ledger does not say, and most deeds belong to one role. */
function roleOf({ kind, reason, id }: Fact): string {
  if (TIMEKEEPERS.includes(kind)) return 'timekeeper'
  if (!EITHER.includes(kind)) return 'race director'
  if (kind === 'enter') return 'official'
  const isRuling = kind === 'lap' ? id.startsWith('added.') : reason !== undefined
  return isRuling ? 'race director' : 'timekeeper'
}

/** The ids of persons in a sentence of the API, short as everywhere else. */
export const shortIn = (sentence: string): string =>
  sentence.replace(/\b([\da-f]{8})-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/g, '$1')
