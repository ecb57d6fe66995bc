import type { Origin, Value } from '../model.ts'
import type { Scope } from './scope.ts'
import type { Expression, ModuleDeclaration, ResourceDeclaration } from './syntax.ts'

/** One resource or module of the deployment: of a loop, one turn. */
export type Entity = ResourceEntity | ModuleEntity

export type ResourceEntity = {
  kind: 'resource'
  declaration: ResourceDeclaration
  /** How expressions name it, such as `sites[2]`. */
  label: string
  type: string
  apiVersion: string
  /** The name as it is written, which is what `.name` answers. */
  authored: string
  /** Names of the parents and its own, joined by `/`. */
  name: string
  id: string
  /** Resource id of what it belongs to. */
  scopeId: string
  /** Whether the conditions that it stands under hold. */
  isDeployed: boolean
  /** The names that its body sees. */
  frame: Frame
}

export type ModuleEntity = {
  kind: 'module'
  declaration: ModuleDeclaration
  label: string
  name: string
  isDeployed: boolean
  /** Evaluates the module where that has not happened yet; an object, or lost. */
  outputs: () => Value
}

/** Names of loops, lambdas and nested resources, from the innermost outwards. */
export type Frame = {
  values: Map<string, Value>
  owner?: ResourceEntity
  next?: Frame | undefined
}

/** All entities of a declaration, and whether it is a loop. Lost ones are told of already. */
export type Entities = { all: Entity[]; isLoop: boolean; isLost?: boolean }

/** What a name stands for outside loops and lambdas. */
export type Meaning = { value: Value } | { entities: Entities }

/** The file in which expressions are evaluated. */
export type Home = {
  meaning: (name: string) => Meaning
  nested: (owner: ResourceEntity, name: string) => Entities | undefined
  /** Type of a property that a resource answers with; refused where it has none. */
  property: (resource: Origin['of'], path: string[], asked: Expression) => Value
  call: (expression: Expression & { kind: 'call' }, frame: Frame | undefined) => Value
  scope: Scope
  /** Remembers that an expression was evaluated. */
  reach: (node: object) => void
  /** Remembers a fault and answers with what stands in for the value. */
  lose: (error: unknown, expression: Expression) => Value
}
