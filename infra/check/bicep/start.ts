import { hiding, KNOWN, type Locals, loopNames, type Scan } from './scan.ts'
import { type Declaration, type Expression, isOfGraph, type Name } from './syntax.ts'
import { expressionsOf, within } from './walk.ts'

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
  const among = (expressions: Expression[], names = locals) =>
    first(expressions, one => runtimePart(scan, one, names, seen))
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
      const isAnswer = isOfGraph(declaration.type) && ['id', 'name'].includes(expression.name)
      return KNOWN.includes(expression.name) && !isAnswer ? undefined : expression
    }
  }
  if (expression.kind === 'member' || expression.kind === 'index') {
    const part = among(within(expression))
    return part === expression.of ? expression : part
  }
  if (expression.kind === 'lambda')
    return among([expression.body], hiding(locals, expression.parameters))
  if (expression.kind === 'for')
    return among(within(expression), hiding(locals, loopNames(expression.loop)))
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
    const found = first(namesIn(declaration), name => {
      const target = scan.file.symbols.get(name)
      return target && follow(target)
    })
    open.pop()
    done.add(declaration)
    return found
  }
  return first(scan.file.syntax.declarations, follow)
}

/** The first answer that is one. */
function first<T, R>(all: Iterable<T>, answer: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = answer(one)
    if (found !== undefined) return found
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
    const inside = kind === 'for' ? loopNames(expression.loop) : []
    const more = kind === 'lambda' ? expression.parameters : inside
    for (const inner of within(expression)) visit(inner, [...hidden, ...more.map(textOf)])
  }
  const loop = 'loop' in declaration ? declaration.loop : undefined
  const own = loop ? loopNames(loop).map(textOf) : []
  for (const expression of expressionsOf(declaration)) visit(expression, [...own, ...children])
  return names
}

const textOf = ({ name }: Name) => name
