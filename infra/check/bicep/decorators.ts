import { suggestion } from './nearest.ts'
import type { Scan } from './scan.ts'
import type { Declaration, TypeExpression } from './syntax.ts'

type Rule = {
  /** Declarations that it may stand before. */
  on: Declaration['kind'][]
  arguments: [least: number, most: number]
  /** Kind of its argument. */
  of?: 'int' | 'string' | 'array' | 'object'
  /** Types of what it may limit. */
  types?: string[]
}

const ALL: Rule['on'] = ['param', 'var', 'output', 'type', 'resource', 'module']
const TYPED: Rule['on'] = ['param', 'output', 'type']
const DECORATORS: Record<string, Rule> = {
  description: { on: ALL, arguments: [1, 1], of: 'string' },
  metadata: { on: TYPED, arguments: [1, 1], of: 'object' },
  allowed: { on: ['param'], arguments: [1, 1], of: 'array' },
  minValue: { on: TYPED, arguments: [1, 1], of: 'int', types: ['int'] },
  maxValue: { on: TYPED, arguments: [1, 1], of: 'int', types: ['int'] },
  minLength: { on: TYPED, arguments: [1, 1], of: 'int', types: ['string', 'array'] },
  maxLength: { on: TYPED, arguments: [1, 1], of: 'int', types: ['string', 'array'] },
  secure: { on: TYPED, arguments: [0, 0], types: ['string', 'object'] },
  sealed: { on: TYPED, arguments: [0, 0], types: ['object'] },
  export: { on: ['var', 'type'], arguments: [0, 0] },
  batchSize: { on: ['resource', 'module'], arguments: [1, 1], of: 'int' }
}

/** Tells unknown, misplaced, doubled and ill-fitting decorators. */
export function scanDecorators(scan: Scan, declaration: Declaration): void {
  const seen = new Set<string>()
  for (const { name, place, arguments: given } of declaration.decorators) {
    const rule = Object.hasOwn(DECORATORS, name) ? DECORATORS[name] : undefined
    const fault = (message: string) => scan.fault(place, 'decorator', message)
    if (!rule) {
      fault(`there is no decorator @${name}${suggestion(name, Object.keys(DECORATORS))}`)
      continue
    }
    const [least, most] = rule.arguments
    const type =
      'type' in declaration && typeof declaration.type !== 'string'
        ? kindOf(declaration.type)
        : undefined
    if (seen.has(name)) fault(`@${name} stands here twice`)
    else if (!rule.on.includes(declaration.kind)) fault(`@${name} is not for a ${declaration.kind}`)
    else if (given.length < least || given.length > most)
      fault(`@${name} takes ${least} arguments, not ${given.length}`)
    else if (given.some(argument => argument.kind !== rule.of))
      fault(`@${name} takes a plain ${rule.of}, not \`${given[0]?.text}\``)
    else if (rule.types && type && !rule.types.includes(type))
      fault(`@${name} is for ${rule.types.join(' or ')}, not ${type}`)
    else if (name === 'batchSize' && !('loop' in declaration))
      fault('@batchSize is for loops alone')
    seen.add(name)
  }
}

function kindOf(type: TypeExpression): string | undefined {
  switch (type.kind) {
    case 'primitive':
      return type.name
    case 'nullable':
      return kindOf(type.of)
    case 'list':
      return 'array'
    case 'shape':
      return 'object'
    default:
      return undefined
  }
}
