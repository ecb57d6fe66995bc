import { hiding, type Locals, type Scan } from './scan.ts'
import type { Declaration, Expression } from './syntax.ts'
import { expressionsOf, within } from './walk.ts'

const KNOWN = ['id', 'name', 'type', 'apiVersion']

/**
 * The part of an expression that only the running deployment knows: another property of a resource than its id,
 * name, type and version, or a module's output. Parameters count as known, whatever a caller gives.
 */
export function runtimePart(
  scan: Scan,
  expression: Expression,
  locals: Locals,
  seen = new Set<Declaration>()
): Expression | undefined {
  const among = (expressions: Expression[], names = locals) => {
    for (const one of expressions) {
      const part = runtimePart(scan, one, names, seen)
      if (part) return part
    }
    return undefined
  }
  if (expression.kind === 'name') {
    const declaration = locals.has(expression.name)
      ? undefined
      : scan.file.symbols.get(expression.name)
    if (declaration?.kind !== 'var' || seen.has(declaration)) return undefined
    seen.add(declaration)
    return runtimePart(scan, declaration.value, new Map(), seen)
  }
  if (expression.kind === 'member') {
    const declaration = scan.declarationOf(expression.of, locals)
    if (declaration?.kind === 'module') return expression.name === 'name' ? undefined : expression
    if (declaration?.kind === 'resource') {
      const isGraphId = declaration.type.startsWith('Microsoft.Graph/') && expression.name === 'id'
      return KNOWN.includes(expression.name) && !isGraphId ? undefined : expression
    }
  }
  if (expression.kind === 'member' || expression.kind === 'index') {
    const part = among(within(expression))
    return part === expression.of ? expression : part
  }
  if (expression.kind === 'lambda')
    return among([expression.body], hiding(locals, expression.parameters))
  if (expression.kind === 'for') {
    const { item, index } = expression.loop
    return among(within(expression), hiding(locals, [item, ...(index ? [index] : [])]))
  }
  return among(within(expression))
}

/** A circle of declarations that need each other, by name from one to itself; undefined where there is none. */
export function circle(scan: Scan): Declaration[] | undefined {
  const done = new Set<Declaration>()
  const open: Declaration[] = []
  const follow = (declaration: Declaration): Declaration[] | undefined => {
    if (open.includes(declaration)) return open.slice(open.indexOf(declaration))
    if (done.has(declaration)) return undefined
    open.push(declaration)
    for (const name of namesIn(declaration)) {
      const target = scan.file.symbols.get(name)
      const found = target && follow(target)
      if (found) return found
    }
    open.pop()
    done.add(declaration)
    return undefined
  }
  for (const declaration of scan.file.syntax.declarations) {
    const found = follow(declaration)
    if (found) return found
  }
  return undefined
}

/** Names of the file that a declaration needs; nested resources come after it. */
function namesIn(declaration: Declaration): Set<string> {
  const names = new Set<string>()
  const children = 'body' in declaration ? declaration.body.children.map(child => child.name) : []
  const visit = (expression: Expression, hidden: string[]): void => {
    if (expression.kind === 'name') {
      if (!hidden.includes(expression.name)) names.add(expression.name)
      return
    }
    const { kind } = expression
    const locals = kind === 'lambda' ? expression.parameters : []
    const looped = kind === 'for' ? [expression.loop.item, expression.loop.index] : []
    const more = [...locals, ...looped].flatMap(one => (one ? [one.name] : []))
    for (const inner of within(expression)) visit(inner, [...hidden, ...more])
  }
  const loop = 'loop' in declaration ? declaration.loop : undefined
  const own = [loop?.item.name, loop?.index?.name].filter(name => name !== undefined)
  for (const expression of expressionsOf(declaration)) visit(expression, [...own, ...children])
  return names
}
