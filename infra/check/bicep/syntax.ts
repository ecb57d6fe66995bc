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
    | Member
    | { kind: 'index'; of: Expression; index: Expression; safe: boolean }
    /** `parent::child`. */
    | { kind: 'child'; of: Expression; name: string }
    /** `of!`: is not null. */
    | { kind: 'assured'; of: Expression }
    | { kind: 'call'; name: string; on?: Expression; arguments: Expression[] }
    | { kind: 'unary'; operator: string; operand: Expression }
    | { kind: 'binary'; operator: string; left: Expression; right: Expression }
    | { kind: 'ternary'; condition: Expression; yes: Expression; no: Expression }
    | { kind: 'lambda'; parameters: Name[]; body: Expression }
    | { kind: 'for'; loop: Loop; condition?: Expression; body: Expression }
  )
type ObjectParts = { kind: 'object'; entries: Entry[]; children: ResourceDeclaration[] }
export type ObjectExpression = Written & ObjectParts
type Member = { kind: 'member'; of: Expression; name: string; safe: boolean; named: Place }
/** `of.name` or `of.?name`. */
export type MemberExpression = Written & Member
/** The key is a string where it is plainly written, an expression where it is interpolated. */
export type Entry = { key: string | Expression; keyPlace: Place; value: Expression }
export type Name = { name: string; place: Place }
export type Loop = { item: Name; index?: Name; collection: Expression }

/** A type as a parameter, an output or `type` declares it. */
export type TypeExpression = Written &
  (
    | { kind: 'primitive'; name: 'string' | 'int' | 'bool' | 'object' | 'array' }
    | { kind: 'literal'; value: string | number | boolean | null }
    | { kind: 'list'; item: TypeExpression }
    | { kind: 'union'; among: TypeExpression[] }
    | { kind: 'shape'; properties: Map<string, TypeExpression>; others?: TypeExpression }
    | { kind: 'nullable'; of: TypeExpression }
    | { kind: 'named'; name: string }
  )

export type Decorator = Name & { arguments: Expression[] }
type Declared = Name & { decorators: Decorator[]; declared: Place }

export type Declaration =
  | ParamDeclaration
  | VarDeclaration
  | OutputDeclaration
  | TypeDeclaration
  | ResourceDeclaration
  | ModuleDeclaration
  | ImportDeclaration
export type ParamDeclaration = Declared & {
  kind: 'param'
  type: TypeExpression
  default?: Expression
}
export type VarDeclaration = Declared & { kind: 'var'; value: Expression }
export type OutputDeclaration = Declared & {
  kind: 'output'
  type: TypeExpression
  value: Expression
}
export type TypeDeclaration = Declared & { kind: 'type'; type: TypeExpression }
/** One name of `import { original as name } from 'path'`. */
export type ImportDeclaration = Declared & { kind: 'import'; original: string; path: string }
/** What resources and modules share: maybe a loop, maybe a condition, always a body. */
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
  /** Values that nothing else of the file can name. */
  metadata: Expression[]
  faults: Fault[]
}
