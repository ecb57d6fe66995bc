import type { Fault, Place } from '../model.ts'

/** Where an expression stands and how it is written. */
type Written = { place: Place; text: string }

/** An expression as Bicep reads it: precedences settled, parentheses gone. */
export type Expression = Written &
  (
    | { kind: 'string'; parts: (string | Expression)[] }
    | { kind: 'int'; value: number }
    | { kind: 'bool'; value: boolean }
    | { kind: 'null' }
    | { kind: 'name'; name: string }
    | ObjectParts
    | { kind: 'array'; items: Expression[] }
    /** `of.name` or `of.?name`. */
    | { kind: 'member'; of: Expression; name: string; safe: boolean; named: Place }
    | { kind: 'index'; of: Expression; index: Expression }
    /** `parent::child`. */
    | { kind: 'child'; of: Expression; name: string }
    /** `of!`: is not null. */
    | { kind: 'assured'; of: Expression }
    | { kind: 'call'; name: string; arguments: Expression[] }
    | { kind: 'unary'; operator: string; operand: Expression }
    | { kind: 'binary'; operator: string; left: Expression; right: Expression }
    | { kind: 'ternary'; condition: Expression; yes: Expression; no: Expression }
    | { kind: 'lambda'; parameters: Name[]; body: Expression }
    | { kind: 'for'; loop: Loop; body: Expression }
  )
type ObjectParts = { kind: 'object'; entries: Entry[]; children: ResourceDeclaration[] }
export type ObjectExpression = Written & ObjectParts
/** The key is a string where it is plainly written, an expression where it is interpolated. */
export type Entry = { key: string | Expression; keyPlace: Place; value: Expression }
export type Name = { name: string; place: Place }
export type Loop = { item: Name; index?: Name; collection: Expression }

export const TYPES = ['string', 'int', 'bool', 'object', 'array'] as const
/** A type as a parameter or output declares it. */
export type TypeName = { name: (typeof TYPES)[number]; place: Place }

/** Whether a type is of Microsoft Graph: its resources have ids that the service makes, and no scope. */
export const isOfGraph = (type: string): boolean => type.startsWith('Microsoft.Graph/')

export type Decorator = Name & { arguments: Expression[] }
type Declared = Name & { decorators: Decorator[]; declared: Place }

export type Declaration =
  | ParamDeclaration
  | VarDeclaration
  | OutputDeclaration
  | ResourceDeclaration
  | ModuleDeclaration
export type ParamDeclaration = Declared & {
  kind: 'param'
  type: TypeName
  default?: Expression
}
export type VarDeclaration = Declared & { kind: 'var'; value: Expression }
export type OutputDeclaration = Declared & {
  kind: 'output'
  type: TypeName
  value: Expression
}
/** What resources and modules share: maybe a loop or a condition, always a body. */
export type Shape = { loop?: Loop; condition?: Expression; body: ObjectExpression }
export type ResourceDeclaration = Declared &
  Shape & {
    kind: 'resource'
    type: string
    /** Undefined where a nested resource takes its parent's. */
    apiVersion: string | undefined
    typed: Place
    existing: boolean
  }
export type ModuleDeclaration = Declared &
  Shape & { kind: 'module'; path: string; pathPlace: Place }

/** One Bicep file, read. With faults in its syntax it has no declarations. */
export type FileSyntax = {
  targetScope: string
  /** Aliases of `extension` lines. */
  extensions: Name[]
  declarations: Declaration[]
  faults: Fault[]
}
