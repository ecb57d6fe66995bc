import type { ParsedFile } from '../bicep/program.ts'
import type { Expression } from '../bicep/syntax.ts'

export type LiteralKind = 'string' | 'int' | 'bool' | 'object' | 'array'

const CALLS: Record<string, LiteralKind> = {
  guid: 'string',
  join: 'string',
  loadTextContent: 'string',
  replace: 'string',
  resourceId: 'string',
  string: 'string',
  subscriptionResourceId: 'string',
  take: 'string',
  toLower: 'string',
  uniqueString: 'string',
  utcNow: 'string',
  contains: 'bool',
  empty: 'bool',
  indexOf: 'int',
  length: 'int',
  concat: 'array',
  filter: 'array',
  flatten: 'array',
  items: 'array',
  map: 'array',
  split: 'array',
  loadJsonContent: 'object',
  toObject: 'object'
}

/** The kind of an expression's value, as far as it shows in the text; undefined where it does not. */
export function kindIn(value: Expression, file: ParsedFile): LiteralKind | undefined {
  switch (value.kind) {
    case 'string':
    case 'int':
    case 'bool':
    case 'object':
    case 'array':
      return value.kind
    case 'for':
      return 'array'
    case 'unary':
      return value.operator === '!' ? 'bool' : 'int'
    case 'binary':
      if (value.operator === '??') return kindIn(value.right, file)
      return /^[-+*/%]$/.test(value.operator) ? 'int' : 'bool'
    case 'ternary':
      return kindIn(value.yes, file)
    case 'call': {
      const [first] = value.arguments
      if (value.name === 'union' && first) return kindIn(first, file)
      return CALLS[value.name]
    }
    case 'name': {
      const declared = file.symbols.get(value.name)
      if (declared?.kind === 'var') return kindIn(declared.value, file)
      if (declared?.kind !== 'param') return undefined
      return declared.type.name
    }
    default:
      return undefined
  }
}
