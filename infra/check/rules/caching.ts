import type { Deployment, Fault, Resource } from '../model.ts'
import { at, faultAt, itemsOf, ofType, plainOf, same, textOf } from './read.ts'

const RULE = 'caching'

/** By what Cache-Control says: the path that the answers have, whether it is all but that, and who keeps them. */
const KEPT: [says: RegExp, path: string, outside: boolean, byFrontDoor: boolean][] = [
  [/immutable$/, 'assets/', false, true],
  [/^no-cache$/, 'assets/', true, true],
  [/^no-store$/, 'redirect/', false, false]
]

/** Files whose names change with their content are kept for good, others are not, and lookups for a moment. */
export function caching(deployment: Deployment): Fault[] {
  return ofType(deployment, 'Microsoft.Cdn/profiles/ruleSets/rules').flatMap(rule => {
    const actions = itemsOf(at(rule.body, 'properties.actions'))
    const headers = actions.map(action => at(action, 'parameters'))
    const says = headers.find(one => textOf(at(one, 'headerName')) === 'Cache-Control')
    const text = textOf(at(says, 'value'))
    const isKept = actions.some(
      action => textOf(at(action, 'name')) === 'RouteConfigurationOverride'
    )
    const isLookup = rule.name.includes('/lookups/')
    if (text === undefined) return isLookup === isKept ? [] : [wrong(rule)]
    const [, path, outside, byFrontDoor] = KEPT.find(([pattern]) => pattern.test(text)) ?? []
    const conditions = itemsOf(at(rule.body, 'properties.conditions'))
    const [condition] = conditions.map(one => at(one, 'parameters'))
    const isRight =
      conditions.length === 1 &&
      same(plainOf(at(condition, 'matchValues')), [path]) &&
      plainOf(at(condition, 'negateCondition')) === outside &&
      isKept === byFrontDoor
    return isRight ? [] : [wrong(rule)]
  })
}

const wrong = (rule: Resource): Fault =>
  faultAt(
    rule,
    RULE,
    `${rule.name}: path, Cache-Control and what Front Door keeps do not fit together`
  )
