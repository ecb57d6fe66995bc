import type { Place } from '../model.ts'
import { suggestion } from '../nearest.ts'
import { scanDecorators } from './decorators.ts'
import { besides } from './program.ts'
import { hiding, type Locals, loopNames, type Scan } from './scan.ts'
import { runtimePart } from './start.ts'
import {
  type Declaration,
  type Entry,
  type Expression,
  isOfGraph,
  type ModuleDeclaration,
  type ResourceDeclaration
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
      if (declaration.default) scan.visit(declaration.default, { locals, inDefault: true })
      break
    case 'var':
    case 'output':
      scanValue(scan, declaration.value, locals)
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

/** Refuses what only the deployment knows where Bicep wants it before. */
function mustBeKnown(scan: Scan, expression: Expression, locals: Locals, what: string): void {
  const part = runtimePart(scan, expression, locals)
  const message = `${what} must be known when the deployment starts, \`${part?.text}\` is not`
  if (part) scan.fault(expression.place, 'start', message)
}

function scanShape(
  scan: Scan,
  declaration: ResourceDeclaration | ModuleDeclaration,
  outer: Locals
): void {
  const { loop, condition, body } = declaration
  const inside = loop ? hiding(outer, loopNames(loop)) : outer
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
  const message = `${name} exists already: it takes ${EXISTING_PROPERTIES.join(', ')} alone`
  for (const { key, keyPlace } of existing ? body.entries : [])
    if (typeof key !== 'string' || !EXISTING_PROPERTIES.includes(key))
      scan.fault(keyPlace, 'existing', message)
  if (isOfGraph(type) && scan.file.syntax.extensions.length === 0)
    scan.fault(typed, 'extension', `${type} needs the extension of Microsoft Graph in this file`)
}

function scanModule(scan: Scan, declaration: ModuleDeclaration): void {
  const { body, path, name, place } = declaration
  const fault = (at: Place, message: string) => scan.fault(at, 'module', message)
  const tellUnknown = (entries: Entry[], known: string[], says: string) => {
    for (const { key, keyPlace } of entries) {
      const written = typeof key === 'string' ? key : key.text
      if (typeof key !== 'string' || !known.includes(key))
        fault(keyPlace, `${says} ${written}${suggestion(written, known)}`)
    }
  }
  tellUnknown(body.entries, MODULE_PROPERTIES, 'a module takes no')
  const params = entryOf(declaration, 'params')
  const given = params?.value.kind === 'object' ? params.value.entries : []
  if (params && params.value.kind !== 'object')
    fault(params.value.place, 'write the parameters of a module as an object')
  const file = scan.parsed.files.get(besides(scan.file.path, path))
  const known = (file?.syntax.declarations ?? []).filter(one => one.kind === 'param')
  const names = known.map(one => one.name)
  tellUnknown(given, names, `${path} has no parameter`)
  for (const { name: wanted, default: preset } of known)
    if (!preset && !given.some(({ key }) => key === wanted))
      fault(params?.keyPlace ?? place, `${name} needs the parameter ${wanted} of ${path}`)
}
