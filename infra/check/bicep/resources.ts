import type { Frame, ResourceEntity } from './entities.ts'
import type { Expressions } from './expressions.ts'
import { Refusal, refusal } from './refusal.ts'
import { idWithin, isGroup, type Scope } from './scope.ts'
import { isOfGraph, type ResourceDeclaration } from './syntax.ts'
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
  { declaration, label, isDeployed, frame, owner }: About
): ResourceEntity {
  const parent = owner ?? parentOf(expressions, declaration, frame)
  const type = typeOf(declaration, parent, owner !== undefined)
  const apiVersion = declaration.apiVersion ?? owner?.apiVersion
  if (apiVersion === undefined) throw withoutVersion(declaration)
  const authored = ownName(expressions, declaration, frame, label)
  const segments = authored.split('/')
  const types = type.split('/').slice(parent ? parent.type.split('/').length : 1)
  if (segments.length !== types.length && !isOfGraph(type) && !authored.includes('«')) {
    const at = entryOf(declaration, 'name')?.value.place ?? declaration.place
    const message = `the name of ${type} must have ${types.length} parts, not ${segments.length}: ${authored}`
    throw refusal(at, 'name', message)
  }
  const scopeId = parent?.scopeId ?? belongsTo(expressions, home, declaration, frame, type)
  const below = types.map((kind, i) => `/${kind}/${segments[i] ?? ''}`).join('')
  const entity: ResourceEntity = {
    kind: 'resource',
    declaration,
    label,
    type,
    apiVersion,
    authored,
    name: parent ? `${parent.name}/${authored}` : authored,
    id: isOfGraph(type)
      ? `${type}/${authored}`
      : parent
        ? parent.id + below
        : idWithin(scopeId, type, segments),
    scopeId,
    isDeployed: isDeployed && (parent?.isDeployed ?? true),
    frame: { values: new Map(), next: frame }
  }
  entity.frame.owner = entity
  return entity
}

/** Nested resources alone may leave the version to their parent. */
const withoutVersion = ({ name, typed }: ResourceDeclaration) =>
  refusal(typed, 'resource type', `write the type of ${name} as 'type@version'`)

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
    const message = `'${type}' must begin with a provider such as Microsoft.Web/`
    throw refusal(typed, 'resource type', message)
  }
  if (isNested && !type.includes('.')) return `${parent.type}/${type}`
  const isBelow = type.toLowerCase().startsWith(`${parent.type.toLowerCase()}/`)
  if (isBelow && type.split('/').length === parent.type.split('/').length + 1) return type
  throw refusal(typed, 'parent', `${type} is no child of ${parent.type}`)
}

/** The name as it is written; Graph's resources have a `uniqueName`, or none at all. */
function ownName(
  expressions: Expressions,
  declaration: ResourceDeclaration,
  frame: Frame | undefined,
  label: string
): string {
  const isGraph = isOfGraph(declaration.type)
  const written =
    entryOf(declaration, 'name') ?? (isGraph ? entryOf(declaration, 'uniqueName') : undefined)
  if (written) return expressions.nameText(written.value, frame)
  if (isGraph) return `«${label}»`
  throw refusal(declaration.place, 'name', `${declaration.name} needs a name`)
}

/** What a resource belongs to: another one, where it extends that; else where its file is deployed to. */
function belongsTo(
  expressions: Expressions,
  home: Scope,
  declaration: ResourceDeclaration,
  frame: Frame | undefined,
  type: string
): string {
  const written = entryOf(declaration, 'scope')?.value
  if (isGroup(type) && home.kind !== 'subscription')
    throw refusal(declaration.typed, 'scope', 'a resource group is deployed to the subscription')
  if (!written) return home.id
  const entity = expressions.entity(written, frame)
  if (entity?.kind === 'resource' && !isGroup(entity.type)) return entity.id
  const message = `\`${written.text}\` is no resource to extend; deploy to another scope by a module with that scope`
  throw refusal(written.place, 'scope', message)
}
