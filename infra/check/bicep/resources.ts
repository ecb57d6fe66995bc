import type { Frame, ResourceEntity } from './entities.ts'
import type { Expressions } from './expressions.ts'
import { Refusal, refusal } from './refusal.ts'
import { idWithin, type Scope } from './scope.ts'
import { scopeOf } from './scopeOf.ts'
import type { Expression, ResourceDeclaration } from './syntax.ts'
import { asText, isLost } from './values.ts'
import { entryOf } from './walk.ts'

type About = {
  declaration: ResourceDeclaration
  label: string
  isDeployed: boolean
  frame: Frame | undefined
  /** The resource in whose body it is nested. */
  owner: ResourceEntity | undefined
}

/** Finds a resource's type, name and id; its body is not looked at yet. */
export function resourceEntity(
  expressions: Expressions,
  home: Scope,
  about: About
): ResourceEntity {
  const { declaration, label, isDeployed, frame, owner } = about
  const parent = owner ?? parentOf(expressions, declaration, frame)
  const type = typeOf(declaration, parent, owner !== undefined)
  const apiVersion = declaration.apiVersion ?? owner?.apiVersion
  if (apiVersion === undefined)
    throw refusal(
      declaration.typed,
      'resource type',
      `write the type of ${declaration.name} as 'type@version'`
    )
  const own = ownName(expressions, declaration, frame, label)
  const wanted = type.split('/').length - 1 - (parent ? parent.type.split('/').length - 1 : 0)
  const isGraph = type.startsWith('Microsoft.Graph/')
  const segments = own.split('/')
  if (segments.length !== wanted && !isGraph && !own.includes('«')) {
    const at = entryOf(declaration, 'name')?.value.place ?? declaration.place
    throw refusal(
      at,
      'name',
      `the name of ${type} must have ${wanted} parts, not ${segments.length}: ${own}`
    )
  }
  const below = (parent ? parent.type.split('/').length : 1) - 1
  const name = parent ? `${parent.name}/${own}` : own
  const scopeId = parent?.scopeId ?? belongsTo(expressions, home, declaration, frame, type)
  const suffix = type.split('/').slice(below + 1)
  const id = isGraph
    ? `${type}/${own}`
    : parent
      ? `${parent.id}${suffix.map((kind, i) => `/${kind}/${segments[i] ?? ''}`).join('')}`
      : idWithin(scopeId, type, segments)
  const entity: ResourceEntity = {
    kind: 'resource',
    declaration,
    label,
    type,
    apiVersion,
    name,
    id,
    scopeId,
    isDeployed: isDeployed && (parent?.isDeployed ?? true),
    ...(parent ? { parent } : {}),
    frame: { values: new Map(), next: frame }
  }
  entity.frame.owner = entity
  return entity
}

function parentOf(
  expressions: Expressions,
  declaration: ResourceDeclaration,
  frame: Frame | undefined
): ResourceEntity | undefined {
  const written = entryOf(declaration, 'parent')?.value
  if (!written) return undefined
  const parent = expressions.entity(written, frame)
  if (parent?.kind === 'resource') return parent
  if (parent) throw refusal(written.place, 'parent', `\`${written.text}\` is a module, no resource`)
  throw new Refusal()
}

/** The full type; with a parent it must continue the parent's. */
function typeOf(
  declaration: ResourceDeclaration,
  parent: ResourceEntity | undefined,
  isNested: boolean
): string {
  const { type, typed } = declaration
  if (!parent) {
    if (type.includes('/') && type.includes('.')) return type
    throw refusal(
      typed,
      'resource type',
      `'${type}' must begin with a provider such as Microsoft.Web/`
    )
  }
  if (isNested && !type.includes('.')) return `${parent.type}/${type}`
  const isBelow = type.toLowerCase().startsWith(`${parent.type.toLowerCase()}/`)
  if (isBelow && type.split('/').length === parent.type.split('/').length + 1) return type
  throw refusal(typed, 'parent', `${type} is no child of ${parent.type}`)
}

function ownName(
  expressions: Expressions,
  declaration: ResourceDeclaration,
  frame: Frame | undefined,
  label: string
): string {
  const isGraph = declaration.type.startsWith('Microsoft.Graph/')
  const written =
    entryOf(declaration, 'name') ?? (isGraph ? entryOf(declaration, 'uniqueName') : undefined)
  if (!written && isGraph) return `«${label}»`
  if (!written) throw refusal(declaration.place, 'name', `${declaration.name} needs a name`)
  return nameText(expressions, written.value, frame)
}

function nameText(expressions: Expressions, written: Expression, frame: Frame | undefined): string {
  const value = expressions.evaluate(written, frame)
  if (isLost(value)) throw new Refusal()
  if (value.kind === 'string' || (value.kind === 'later' && ['string', 'any'].includes(value.type)))
    return asText(value)
  throw refusal(
    written.place,
    'name',
    `the name \`${written.text}\` must be a string, not ${value.kind}`
  )
}

/** What a resource belongs to: another one, where it extends that; else a group or the subscription. */
function belongsTo(
  expressions: Expressions,
  home: Scope,
  declaration: ResourceDeclaration,
  frame: Frame | undefined,
  type: string
): string {
  const written = entryOf(declaration, 'scope')?.value
  const entity = written && written.kind !== 'call' ? expressions.entity(written, frame) : undefined
  if (entity?.kind === 'resource' && entity.type !== 'Microsoft.Resources/resourceGroups')
    return entity.id
  const scope = scopeOf(expressions, home, written, frame)
  if (scope.id !== home.id && !declaration.existing && written)
    throw refusal(written.place, 'scope', 'deploy to another scope by a module with that scope')
  const isGroup = type === 'Microsoft.Resources/resourceGroups'
  if (isGroup && scope.kind !== 'subscription' && !written)
    throw refusal(declaration.typed, 'scope', 'a resource group is deployed to the subscription')
  return scope.id
}
