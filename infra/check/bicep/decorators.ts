import { suggestion } from '../nearest.ts'
import type { Scan } from './scan.ts'
import type { Declaration, TypeName } from './syntax.ts'

type Rule = {
  /** Declarations that it may stand before. */
  on: Declaration['kind'][]
  /** Kind of its one argument; without, it takes none. */
  of?: 'int' | 'string' | 'array'
  /** Types of what it may limit. */
  types?: TypeName['name'][]
}

const TYPED: Rule['on'] = ['param', 'output']
const OF_INT: Rule = { on: TYPED, of: 'int', types: ['int'] }
const OF_LENGTH: Rule = { on: TYPED, of: 'int', types: ['string', 'array'] }
const DECORATORS: Record<string, Rule> = {
  description: { on: ['param', 'var', 'output', 'resource', 'module'], of: 'string' },
  allowed: { on: ['param'], of: 'array' },
  minValue: OF_INT,
  maxValue: OF_INT,
  minLength: OF_LENGTH,
  maxLength: OF_LENGTH,
  secure: { on: TYPED, types: ['string', 'object'] },
  batchSize: { on: ['resource', 'module'], of: 'int' }
}

/** Tells unknown, misplaced, doubled and ill-fitting decorators. */
export function scanDecorators(scan: Scan, declaration: Declaration): void {
  const seen = new Set<string>()
  for (const { name, place, arguments: given } of declaration.decorators) {
    const rule = Object.hasOwn(DECORATORS, name) ? DECORATORS[name] : undefined
    const fault = (message: string) => scan.fault(place, 'decorator', message)
    if (!rule) {
      fault(`no decorator @${name} is known here${suggestion(name, Object.keys(DECORATORS))}`)
      continue
    }
    const count = rule.of ? 1 : 0
    const isTyped = declaration.kind === 'param' || declaration.kind === 'output'
    const type = isTyped ? declaration.type.name : undefined
    if (seen.has(name)) fault(`@${name} stands here twice`)
    else if (!rule.on.includes(declaration.kind)) fault(`@${name} is not for a ${declaration.kind}`)
    else if (given.length !== count) fault(`@${name} takes ${count} arguments, not ${given.length}`)
    else if (given.some(argument => argument.kind !== rule.of))
      fault(`@${name} takes a plain ${rule.of}, not \`${given[0]?.text}\``)
    else if (rule.types && type && !rule.types.includes(type))
      fault(`@${name} is for ${rule.types.join(' or ')}, not ${type}`)
    else if (name === 'batchSize' && !('loop' in declaration))
      fault('@batchSize is for loops alone')
    seen.add(name)
  }
}
