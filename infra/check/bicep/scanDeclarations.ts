import { scanDecorators } from './decorators.ts'
import { suggestion } from './nearest.ts'
import { besides } from './program.ts'
import { hiding, type Locals, type Scan } from './scan.ts'
import { runtimePart } from './start.ts'
import type {
  Declaration,
  Expression,
  ModuleDeclaration,
  ResourceDeclaration,
  TypeExpression
} from './syntax.ts'
import { entryOf } from './walk.ts'

const MODULE_PROPERTIES = ['name', 'scope', 'params', 'dependsOn']
const EXISTING_PROPERTIES = ['name', 'parent', 'scope']

/** Goes through a declaration: its decorators, names, and what its body must and must not hold. */
export function scanDeclaration(scan: Scan, declaration: Declaration): void {
  const locals: Locals = new Map()
  scanDecorators(scan, declaration)
  switch (declaration.kind) {
    case 'param':
      scanType(scan, declaration.type)
      if (declaration.default) scan.visit(declaration.default, { locals, inDefault: true })
      break
    case 'var':
      scanValue(scan, declaration.value, locals)
      break
    case 'output':
      scanType(scan, declaration.type)
      scanValue(scan, declaration.value, locals)
      break
    case 'type':
      scanType(scan, declaration.type)
      break
    case 'import':
      scanImport(scan, declaration)
      break
    default:
      scanShape(scan, declaration, locals)
  }
}

/** A whole value. Only a variable's loop may not hold what the deployment alone knows. */
function scanValue(scan: Scan, value: Expression, locals: Locals): void {
  scan.visit(value, { locals })
  const { kind } = value
  if (kind === 'for') mustBeKnown(scan, value.loop.collection, locals, 'the collection of a loop')
}

function scanType(scan: Scan, type: TypeExpression): void {
  switch (type.kind) {
    case 'named': {
      const declaration = scan.file.symbols.get(type.name)
      if (declaration?.kind === 'type' || declaration?.kind === 'import') scan.used.add(declaration)
      else {
        const types = [...scan.file.symbols.values()].filter(one => one.kind === 'type')
        const known = ['string', 'int', 'bool', 'object', 'array', ...types.map(one => one.name)]
        scan.fault(
          type.place,
          'type',
          `there is no type ${type.name}${suggestion(type.name, known)}`
        )
      }
      break
    }
    case 'list':
      scanType(scan, type.item)
      break
    case 'nullable':
      scanType(scan, type.of)
      break
    case 'union':
      for (const one of type.among) scanType(scan, one)
      break
    case 'shape':
      for (const one of type.properties.values()) scanType(scan, one)
      if (type.others) scanType(scan, type.others)
  }
}

function scanImport(scan: Scan, { path, original, place }: Declaration & { kind: 'import' }): void {
  const target = besides(scan.file.path, path)
  const file = scan.parsed.files.get(target)
  const exported = [...(file?.symbols.values() ?? [])].filter(({ decorators }) =>
    decorators.some(({ name }) => name === 'export')
  )
  const names = exported.map(({ name }) => name)
  if (!names.includes(original))
    scan.fault(place, 'import', `${target} exports no ${original}${suggestion(original, names)}`)
}

/** Refuses what only the deployment knows where Bicep wants it before. */
function mustBeKnown(scan: Scan, expression: Expression, locals: Locals, what: string): void {
  const part = runtimePart(scan, expression, locals)
  if (part)
    scan.fault(
      expression.place,
      'start',
      `${what} must be known when the deployment starts, \`${part.text}\` is not`
    )
}

function scanShape(
  scan: Scan,
  declaration: ResourceDeclaration | ModuleDeclaration,
  outer: Locals
): void {
  const { loop, condition, body } = declaration
  const names = loop ? [loop.item, ...(loop.index ? [loop.index] : [])] : []
  const inside = hiding(outer, names)
  if (loop) {
    scan.visit(loop.collection, { locals: outer })
    mustBeKnown(scan, loop.collection, outer, 'the collection of a loop')
  }
  if (condition) {
    scan.visit(condition, { locals: inside })
    mustBeKnown(scan, condition, inside, 'a condition')
  }
  const locals: Locals = new Map(inside)
  for (const child of body.children) {
    if (locals.get(child.name))
      scan.fault(child.place, 'duplicate', `${child.name} is declared twice`)
    locals.set(child.name, child)
  }
  scan.visit(body, { locals })
  const name = entryOf(declaration, 'name')?.value
  if (name) mustBeKnown(scan, name, locals, 'a name')
  scanDependencies(scan, declaration, locals)
  if (declaration.kind === 'module') scanModule(scan, declaration)
  else {
    scanResource(scan, declaration)
    for (const child of body.children) {
      scanDecorators(scan, child)
      scanShape(scan, child, locals)
    }
  }
}

function scanDependencies(
  scan: Scan,
  declaration: ResourceDeclaration | ModuleDeclaration,
  locals: Locals
): void {
  const listed = entryOf(declaration, 'dependsOn')?.value
  if (listed && listed.kind !== 'array')
    scan.fault(listed.place, 'dependsOn', 'dependsOn is an array of resources and modules')
  for (const item of listed?.kind === 'array' ? listed.items : []) {
    const kind = scan.declarationOf(item, locals)?.kind
    if (kind !== 'resource' && kind !== 'module')
      scan.fault(item.place, 'dependsOn', `\`${item.text}\` is no resource or module to wait for`)
  }
}

function scanResource(scan: Scan, declaration: ResourceDeclaration): void {
  const { existing, body, type, typed, name } = declaration
  for (const { key, keyPlace } of existing ? body.entries : [])
    if (typeof key !== 'string' || !EXISTING_PROPERTIES.includes(key))
      scan.fault(
        keyPlace,
        'existing',
        `${name} exists already: it takes ${EXISTING_PROPERTIES.join(', ')} alone`
      )
  const { extensions } = scan.file.syntax
  if (type.startsWith('Microsoft.Graph/') && extensions.length === 0)
    scan.fault(typed, 'extension', `${type} needs the extension of Microsoft Graph in this file`)
}

function scanModule(scan: Scan, declaration: ModuleDeclaration): void {
  const { body, path, name, place } = declaration
  for (const { key, keyPlace } of body.entries)
    if (typeof key !== 'string' || !MODULE_PROPERTIES.includes(key)) {
      const written = typeof key === 'string' ? key : key.text
      scan.fault(
        keyPlace,
        'module',
        `a module takes no ${written}${suggestion(written, MODULE_PROPERTIES)}`
      )
    }
  const file = scan.parsed.files.get(besides(scan.file.path, path))
  const params = entryOf(declaration, 'params')
  const given = params?.value.kind === 'object' ? params.value.entries : []
  if (params && params.value.kind !== 'object')
    scan.fault(params.value.place, 'module', 'write the parameters of a module as an object')
  const known = (file?.syntax.declarations ?? []).filter(one => one.kind === 'param')
  const names = known.map(one => one.name)
  for (const { key, keyPlace } of given) {
    const written = typeof key === 'string' ? key : key.text
    if (typeof key !== 'string' || !names.includes(key))
      scan.fault(
        keyPlace,
        'module',
        `${path} has no parameter ${written}${suggestion(written, names)}`
      )
  }
  for (const { name: wanted, default: preset, type } of known)
    if (!preset && type.kind !== 'nullable' && !given.some(({ key }) => key === wanted))
      scan.fault(
        params?.keyPlace ?? place,
        'module',
        `${name} needs the parameter ${wanted} of ${path}`
      )
}
