import type { Place } from '../model.ts'
import { refusedFunction } from './functions.ts'
import { Reader } from './reader.ts'
import { refusal } from './refusal.ts'
import type { Entry, Expression, Loop, Name, ObjectExpression } from './syntax.ts'
import type { Token } from './tokens.ts'

/** Operators by how tightly they bind; all group to the left. */
const PRECEDENCE: Record<string, number> = {
  '??': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '=~': 4,
  '!~': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7
}
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", $: '$' }

/** Reads the declarations that a body holds: nested resources. */
export type ReadNested = (reader: Reader, into: ObjectExpression) => boolean
const noNested: ReadNested = () => false

/** What Bicep takes as the value of a declaration or a property: an expression or a loop. */
export function readValue(reader: Reader): Expression {
  const from = reader.next
  if (!startsLoop(reader)) return readExpression(reader)
  return { ...readLoop(reader, readExpression), ...reader.written(from), kind: 'for' }
}

export const startsLoop = (reader: Reader): boolean =>
  reader.isNext('[') && reader.peek(1).text === 'for' && reader.peek(1).kind === 'name'

/** `[for item in collection: body]`, `[for (item, index) in collection: body]`. */
export function readLoop<T>(
  reader: Reader,
  readBody: (reader: Reader) => T
): { loop: Loop; body: T } {
  reader.expect('[', true)
  reader.take()
  const names: Name[] = []
  if (reader.accept('(')) {
    for (const _ of reader.listed(')')) names.push(reader.name('the name of an item or index'))
    if (names.length !== 2) throw reader.unexpected('an item and an index between parentheses')
  } else names.push(reader.name('the name of an item'))
  reader.expect('in')
  const collection = readExpression(reader)
  reader.expect(':')
  if (reader.isHere('if'))
    throw refusal(
      reader.next.place,
      'loop',
      'a condition in a loop is not handled here: filter() its items'
    )
  const body = readBody(reader)
  reader.expect(']', true)
  const [item, index] = names
  if (!item) throw reader.unexpected('the name of an item')
  return { loop: { item, ...(index ? { index } : {}), collection }, body }
}

/** `if (condition)`. */
export function readCondition(reader: Reader): Expression {
  reader.expect('if')
  reader.expect('(')
  const condition = readExpression(reader)
  reader.expect(')', true)
  return condition
}

/** An expression; a loop in it is refused. */
export function readExpression(reader: Reader): Expression {
  const from = reader.next
  const condition = readOperation(reader, 0)
  if (!reader.isNext('?')) return condition
  reader.take()
  const yes = readExpression(reader)
  reader.expect(':', true)
  const no = readExpression(reader)
  return { ...reader.written(from), kind: 'ternary', condition, yes, no }
}

function readOperation(reader: Reader, binding: number): Expression {
  const from = reader.next
  let left = readUnary(reader)
  for (;;) {
    const operator = reader.next.text
    const precedence = reader.next.kind === 'sign' ? PRECEDENCE[operator] : undefined
    if (precedence === undefined || precedence <= binding || reader.next.fresh) return left
    reader.take()
    if (reader.next.fresh) throw reader.unexpected(`the right side of ${operator}`)
    const right = readOperation(reader, precedence)
    left = { ...reader.written(from), kind: 'binary', operator, left, right }
  }
}

function readUnary(reader: Reader): Expression {
  const from = reader.next
  if (from.kind !== 'sign' || (from.text !== '!' && from.text !== '-')) return readAccess(reader)
  reader.take()
  const operand = readUnary(reader)
  if (from.text === '-' && operand.kind === 'int')
    return { ...reader.written(from), kind: 'int', value: -operand.value }
  return { ...reader.written(from), kind: 'unary', operator: from.text, operand }
}

function readAccess(reader: Reader): Expression {
  const from = reader.next
  let of = readPrimary(reader)
  for (;;) {
    if (reader.accept('!')) of = { ...reader.written(from), kind: 'assured', of }
    else if (reader.accept('::')) {
      const { name } = reader.name('the name of a nested resource')
      of = { ...reader.written(from), kind: 'child', of, name }
    } else if (reader.isHere('.') || reader.isHere('.?')) {
      const safe = reader.take().text === '.?'
      const { name, place: named } = reader.name('the name of a property')
      if (reader.isHere('('))
        throw refusal(named, 'function', refusedFunction(name) ?? `write ${name}() without a dot`)
      of = { ...reader.written(from), kind: 'member', of, name, safe, named }
    } else if (reader.accept('[')) {
      const index = readExpression(reader)
      reader.expect(']', true)
      of = { ...reader.written(from), kind: 'index', of, index }
    } else return of
  }
}

function readPrimary(reader: Reader): Expression {
  const from = reader.next
  if (from.kind === 'string') return readString(reader)
  if (from.kind === 'number') {
    reader.take()
    return { ...reader.written(from), kind: 'int', value: Number(from.text) }
  }
  if (from.kind === 'name') return readNamed(reader)
  if (startsLoop(reader))
    throw refusal(from.place, 'loop', 'a loop is a whole value: put it in a variable of its own')
  if (reader.isNext('{')) return readObject(reader)
  if (reader.isNext('[')) {
    reader.take()
    const items: Expression[] = []
    for (const _ of reader.items(']')) items.push(readExpression(reader))
    return { ...reader.written(from), kind: 'array', items }
  }
  if (!reader.isNext('(')) throw reader.unexpected('a value')
  if (startsLambda(reader)) {
    reader.take()
    const parameters: Name[] = []
    for (const _ of reader.listed(')')) parameters.push(reader.name('the name of a parameter'))
    return readLambda(reader, from, parameters)
  }
  reader.take()
  const inner = readExpression(reader)
  reader.expect(')', true)
  return inner
}

function readNamed(reader: Reader): Expression {
  const from = reader.take()
  const written = reader.written(from)
  if (from.text === 'true' || from.text === 'false')
    return { ...written, kind: 'bool', value: from.text === 'true' }
  if (from.text === 'null') return { ...written, kind: 'null' }
  if (reader.isHere('=>')) return readLambda(reader, from, [{ name: from.text, place: from.place }])
  if (!reader.isHere('(')) return { ...written, kind: 'name', name: from.text }
  const given = readArguments(reader)
  return { ...reader.written(from), kind: 'call', name: from.text, arguments: given }
}

function startsLambda(reader: Reader): boolean {
  let ahead = 1
  while (reader.peek(ahead).kind === 'name' || reader.peek(ahead).text === ',') ahead++
  return reader.peek(ahead).text === ')' && reader.peek(ahead + 1).text === '=>'
}

function readLambda(reader: Reader, from: Token, parameters: Name[]): Expression {
  reader.expect('=>')
  const body = readExpression(reader)
  return { ...reader.written(from), kind: 'lambda', parameters, body }
}

function readArguments(reader: Reader): Expression[] {
  const given: Expression[] = []
  reader.expect('(')
  for (const _ of reader.listed(')')) given.push(readExpression(reader))
  return given
}

/** An object; `readNested` takes the resources that a resource's body may hold. */
export function readObject(reader: Reader, readNested = noNested): ObjectExpression {
  const from = reader.expect('{', true)
  const object: ObjectExpression = {
    place: from.place,
    text: '',
    kind: 'object',
    entries: [],
    children: []
  }
  for (const { place } of reader.items('}')) {
    if (readNested(reader, object)) continue
    const entry = readEntry(reader, place)
    const isTwice = object.entries.some(({ key }) => typeof key === 'string' && key === entry.key)
    if (isTwice) throw refusal(place, 'duplicate', `the property ${entry.key} is written twice`)
    object.entries.push(entry)
  }
  return Object.assign(object, reader.written(from))
}

function readEntry(reader: Reader, keyPlace: Place): Entry {
  const { kind } = reader.next
  if (kind !== 'name' && kind !== 'string') throw reader.unexpected('the name of a property')
  const written = kind === 'string' ? readString(reader) : reader.take().text
  const isPlain = typeof written !== 'string' && written.kind === 'string'
  const [only, ...more] = isPlain ? written.parts : []
  const key = typeof only === 'string' && more.length === 0 ? only : written
  reader.expect(':')
  return { key, keyPlace, value: readValue(reader) }
}

/** A string; `parts` are plain text and expressions in turn, empty text left out. */
export function readString(reader: Reader): Expression & { kind: 'string' } {
  const token = reader.take()
  const parts = (token.parts ?? []).map(part => {
    if (typeof part === 'string') return unescaped(part, token.place)
    const inner = new Reader(reader.text, part)
    const value = readExpression(inner)
    inner.expect('}')
    return value
  })
  const filled = parts.filter(part => part !== '')
  const written = { place: token.place, text: token.text }
  return { ...written, kind: 'string', parts: filled.length === 0 ? [''] : filled }
}

const unescaped = (raw: string, place: Place): string =>
  raw.replace(/\\(?:u\{([0-9A-Fa-f]+)\}|(.?))/gs, (all, code: string, sign: string) => {
    if (code) return String.fromCodePoint(Number.parseInt(code, 16))
    const meant = ESCAPES[sign]
    if (meant === undefined) throw refusal(place, 'syntax', `Bicep has no escape \`${all}\``)
    return meant
  })

/** A string without interpolation, such as a path or a type. */
export function readPlainString(reader: Reader, what: string): { value: string; place: Place } {
  if (reader.next.kind !== 'string') throw reader.unexpected(what)
  const { parts, place } = readString(reader)
  const [value, ...more] = parts
  if (typeof value !== 'string' || more.length > 0)
    throw refusal(place, 'syntax', `${what} must be plain text, without interpolation`)
  return { value, place }
}
