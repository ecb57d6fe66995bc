import type { Frame } from './entities.ts'
import type { Expressions } from './expressions.ts'
import { refusal } from './refusal.ts'
import { groupScope, type Scope, subscriptionScope, tenantScope } from './scope.ts'
import type { Expression } from './syntax.ts'
import { asText } from './values.ts'
import { entryOf } from './walk.ts'

/** The scope that `scope: …` names: a resource group of this deployment or a function of scopes. */
export function scopeOf(
  expressions: Expressions,
  home: Scope,
  written: Expression | undefined,
  frame: Frame | undefined
): Scope {
  if (!written) return home
  if (written.kind === 'call' && !written.on) {
    const names = written.arguments.map(argument => asText(expressions.evaluate(argument, frame)))
    if (written.name === 'tenant') return tenantScope
    if (written.name === 'subscription' && names.length === 0) return subscriptionScope
    if (written.name === 'resourceGroup') {
      const [last, subscription] = names.toReversed()
      return last === undefined ? home : groupScope(last, subscription)
    }
  }
  const entity = expressions.entity(written, frame)
  if (entity?.kind !== 'resource' || entity.type !== 'Microsoft.Resources/resourceGroups')
    throw refusal(
      written.place,
      'scope',
      `\`${written.text}\` is no resource group or subscription`
    )
  const location = entryOf(entity.declaration, 'location')
  const known = location ? { location: expressions.attempt(location.value, entity.frame) } : {}
  return { kind: 'resourceGroup', id: entity.id, name: entity.name, ...known }
}
