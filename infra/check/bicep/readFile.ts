import { suggestion } from '../nearest.ts'
import {
  readCondition,
  readExpression,
  readLoop,
  readObject,
  readPlainString,
  readValue,
  startsLoop
} from './readExpression.ts'
import { Reader } from './reader.ts'
import { Refusal, refusal } from './refusal.ts'
import {
  type Declaration,
  type Decorator,
  type FileSyntax,
  type ObjectExpression,
  type ResourceDeclaration,
  type Shape,
  TYPES,
  type TypeName
} from './syntax.ts'
import { tokenize } from './tokens.ts'

/** Reads one Bicep file; stops at the first thing that it cannot read. */
export function readFile(file: string, text: string): FileSyntax {
  const { tokens, extensions, faults } = tokenize(file, text)
  const syntax: FileSyntax = { targetScope: 'resourceGroup', extensions, declarations: [], faults }
  if (faults.length > 0) return syntax
  const reader = new Reader(text, tokens)
  try {
    while (reader.next.kind !== 'end') readStatement(reader, syntax)
  } catch (error) {
    if (!(error instanceof Refusal && error.fault)) throw error
    syntax.faults.push(error.fault)
    syntax.declarations = []
  }
  return syntax
}

function readStatement(reader: Reader, syntax: FileSyntax): void {
  const decorators = readDecorators(reader)
  const { text, place, kind, fresh } = reader.next
  if (kind !== 'name' || !fresh) throw reader.unexpected('a declaration on a line of its own')
  if (text === 'targetScope') {
    reader.take()
    reader.expect('=')
    syntax.targetScope = readPlainString(reader, 'the scope').value
    if (!['subscription', 'resourceGroup'].includes(syntax.targetScope))
      throw refusal(place, 'scope', `the scope ${syntax.targetScope} is not handled here`)
  } else syntax.declarations.push(readDeclaration(reader, decorators))
  if (reader.next.kind !== 'end' && !reader.next.fresh)
    throw reader.unexpected('the end of the line')
}

function readDecorators(reader: Reader): Decorator[] {
  const decorators: Decorator[] = []
  while (reader.isNext('@')) {
    const { place } = reader.take()
    const call = readExpression(reader)
    if (call.kind !== 'call')
      throw refusal(place, 'decorator', 'a decorator is written as a call: @name()')
    decorators.push({ name: call.name, place, arguments: call.arguments })
  }
  return decorators
}

function readDeclaration(reader: Reader, decorators: Decorator[]): Declaration {
  const { text: keyword, place: declared } = reader.next
  if (!['param', 'var', 'output', 'resource', 'module'].includes(keyword)) {
    const where = 'begin with readDeclaration() in infra/check/bicep/readFile.ts'
    throw refusal(declared, 'syntax', `a statement \`${keyword}\` is not handled here: ${where}`)
  }
  if (keyword === 'resource') return readResource(reader, decorators)
  reader.take()
  const named = { ...reader.name(`the name of a ${keyword}`), decorators, declared }
  if (keyword === 'module') {
    const { value: path, place: pathPlace } = readPlainString(reader, 'the path of a module')
    reader.expect('=')
    return { ...named, kind: 'module', path, pathPlace, ...readBody(reader) }
  }
  if (keyword === 'param') {
    const type = readType(reader)
    const preset = reader.accept('=') ? { default: readExpression(reader) } : {}
    return { ...named, kind: 'param', type, ...preset }
  }
  if (keyword === 'output') {
    const type = readType(reader)
    reader.expect('=')
    return { ...named, kind: 'output', type, value: readValue(reader) }
  }
  reader.expect('=')
  return { ...named, kind: 'var', value: readValue(reader) }
}

/** One of the plain types; what may follow one, such as `?` or `[]`, is wanted nowhere and refused there. */
function readType(reader: Reader): TypeName {
  const { text, place } = reader.next
  const name = TYPES.find(known => known === text)
  if (name === undefined) {
    const wanted = `write one of ${TYPES.join(', ')}; other types are not handled here`
    throw refusal(place, 'type', `there is no type ${text}${suggestion(text, TYPES)}: ${wanted}`)
  }
  reader.take()
  return { name, place }
}

/** `'Type@version'`; nested resources may leave the version to their parent. */
function readResource(reader: Reader, decorators: Decorator[]): ResourceDeclaration {
  const { place: declared } = reader.take()
  const named = { ...reader.name('the name of a resource'), decorators, declared }
  const { value, place: typed } = readPlainString(reader, 'the type of a resource')
  const [type = '', apiVersion, ...more] = value.split('@')
  if (type === '' || apiVersion === '' || more.length > 0)
    throw refusal(typed, 'resource type', `write the type of ${named.name} as 'type@version'`)
  const existing = reader.accept('existing')
  reader.expect('=')
  return { ...named, kind: 'resource', type, apiVersion, typed, existing, ...readBody(reader) }
}

function readBody(reader: Reader): Shape {
  if (!startsLoop(reader)) {
    const condition = reader.isHere('if') ? { condition: readCondition(reader) } : {}
    return { ...condition, body: readResourceObject(reader) }
  }
  return readLoop(reader, readResourceObject)
}

const readResourceObject = (reader: Reader): ObjectExpression => readObject(reader, readNested)

function readNested(reader: Reader, into: ObjectExpression): boolean {
  const isPlain = reader.next.text !== '@' && reader.peek(1).text === ':'
  if (isPlain || !['@', 'resource'].includes(reader.next.text)) return false
  const decorators = readDecorators(reader)
  if (reader.next.text !== 'resource') throw reader.unexpected('a nested resource')
  into.children.push(readResource(reader, decorators))
  return true
}
