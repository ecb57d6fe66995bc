import type { Value } from '../model.ts'
import type { Entities, Entity, Frame, Home } from './entities.ts'
import { Refusal, refusal } from './refusal.ts'
import type { Expression } from './syntax.ts'

/**
 * The resource or module that `name`, `name[index]`, `name!` or `parent::name` stands for; undefined where the
 * expression is a value.
 */
export function findEntity(
  home: Home,
  expression: Expression,
  frame: Frame | undefined,
  evaluate: (index: Expression) => Value
): Entity | undefined {
  const { place, text } = expression
  const within = (of: Expression) => findEntity(home, of, frame, evaluate)
  if (expression.kind === 'assured') return within(expression.of)
  if (expression.kind !== 'index') {
    const found = findEntities(home, expression, frame, within)
    if (found?.isLost) throw new Refusal()
    if (found?.isLoop) throw refusal(place, 'loop', `${text} is a loop: choose one by ${text}[…]`)
    return found?.all[0]
  }
  const found = findEntities(home, expression.of, frame, within)
  if (!found?.isLoop) return undefined
  if (found.isLost) throw new Refusal()
  const index = evaluate(expression.index)
  const one = index.kind === 'int' ? found.all[index.value] : undefined
  if (!one) throw refusal(place, 'loop', `there is no \`${text}\` in this deployment`)
  return one
}

function findEntities(
  home: Home,
  expression: Expression,
  frame: Frame | undefined,
  within: (of: Expression) => Entity | undefined
): Entities | undefined {
  if (expression.kind === 'child') {
    const owner = within(expression.of)
    return owner?.kind === 'resource' ? home.nested(owner, expression.name) : undefined
  }
  if (expression.kind !== 'name') return undefined
  for (let local = frame; local; local = local.next) {
    if (local.values.has(expression.name)) return undefined
    const nested = local.owner && home.nested(local.owner, expression.name)
    if (nested) return nested
  }
  const meaning = home.meaning(expression.name)
  return 'entities' in meaning ? meaning.entities : undefined
}
