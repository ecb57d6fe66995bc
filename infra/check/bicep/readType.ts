import { readPlainString } from './readExpression.ts'
import type { Reader } from './reader.ts'
import { refusal } from './refusal.ts'
import type { TypeExpression } from './syntax.ts'

/** A type, as it stands behind the name of a parameter or output. */
export function readType(reader: Reader): TypeExpression {
  const from = reader.next
  const among = [readPostfixed(reader)]
  while (reader.accept('|')) among.push(readPostfixed(reader))
  const [only] = among
  if (only && among.length === 1) return only
  return { ...reader.written(from), kind: 'union', among }
}

function readPostfixed(reader: Reader): TypeExpression {
  const from = reader.next
  let type = readSimple(reader)
  for (;;) {
    if (reader.accept('?')) type = { ...reader.written(from), kind: 'nullable', of: type }
    else if (reader.accept('[')) {
      reader.expect(']')
      type = { ...reader.written(from), kind: 'list', item: type }
    } else return type
  }
}

function readSimple(reader: Reader): TypeExpression {
  const from = reader.next
  if (from.kind === 'string') {
    const { value } = readPlainString(reader, 'a literal type')
    return { ...reader.written(from), kind: 'literal', value }
  }
  if (reader.isNext('{')) return readShape(reader)
  if (reader.isNext('(')) {
    reader.take()
    const inner = readType(reader)
    reader.expect(')')
    return inner
  }
  const isNegative = reader.accept('-')
  if (reader.next.kind === 'number') {
    const value = Number(reader.take().text) * (isNegative ? -1 : 1)
    return { ...reader.written(from), kind: 'literal', value }
  }
  if (from.kind !== 'name') throw reader.unexpected('a type')
  const { text: name } = reader.take()
  const written = reader.written(from)
  if (reader.isHere('<') || reader.isHere('.'))
    throw refusal(from.place, 'syntax', `the type ${name}${reader.next.text}… is not handled here`)
  switch (name) {
    case 'string':
    case 'int':
    case 'bool':
    case 'object':
    case 'array':
      return { ...written, kind: 'primitive', name }
    case 'true':
    case 'false':
      return { ...written, kind: 'literal', value: name === 'true' }
    case 'null':
      return { ...written, kind: 'literal', value: null }
    default:
      return { ...written, kind: 'named', name }
  }
}

function readShape(reader: Reader): TypeExpression {
  const from = reader.expect('{', true)
  const properties = new Map<string, TypeExpression>()
  let others: TypeExpression | undefined
  for (const { text, kind, place } of reader.items('}')) {
    if (text === '@') throw refusal(place, 'syntax', 'decorators in a type are not handled here')
    const isOthers = text === '*'
    const key = isOthers
      ? reader.take().text
      : kind === 'string'
        ? readPlainString(reader, 'the name of a property').value
        : reader.name('the name of a property').name
    reader.expect(':')
    const type = readType(reader)
    if (isOthers) others = type
    else properties.set(key, type)
  }
  return { ...reader.written(from), kind: 'shape', properties, ...(others ? { others } : {}) }
}
