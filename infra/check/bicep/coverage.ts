import type { Deployment, Fault, Place } from '../model.ts'
import type { Parsed } from './program.ts'
import type { Expression, ModuleDeclaration, ResourceDeclaration } from './syntax.ts'
import { expressionsOf, shapeExpressions, within } from './walk.ts'

const reached = new WeakMap<Deployment, Set<object>>()

/** Keeps which declarations and branches the evaluation of a deployment reached. */
export const remember = (deployment: Deployment, nodes: Set<object>): void => {
  reached.set(deployment, nodes)
}

/**
 * Resources, modules and sides of ?: and ?? that no deployment reached. Of what lies in an unreached one, only the
 * outermost is told. The deployments must come from this very `parsed`.
 */
export function unreached(parsed: Parsed, deployments: Deployment[]): Fault[] {
  const nodes = new Set(deployments.flatMap(one => [...(reached.get(one) ?? [])]))
  const entered = new Set(deployments.flatMap(one => one.modules.map(module => module.file)))
  const faults: Fault[] = []

  const isReached = (node: { place: Place }, what: string): boolean => {
    if (nodes.has(node)) return true
    const message = `no case that is tried reaches ${what}: add one, or drop it`
    faults.push({ place: node.place, rule: 'unreached', message })
    return false
  }
  const visitBranch = (branch: Expression): void => {
    if (isReached(branch, `\`${branch.text.split('\n')[0]}\``)) visit(branch)
  }
  const visit = (expression: Expression): void => {
    if (expression.kind === 'ternary') {
      visit(expression.condition)
      visitBranch(expression.yes)
      visitBranch(expression.no)
    } else if (expression.kind === 'binary' && expression.operator === '??') {
      visit(expression.left)
      visitBranch(expression.right)
    } else within(expression).forEach(visit)
  }
  const visitShape = (declaration: ResourceDeclaration | ModuleDeclaration): void => {
    if (!isReached(declaration, declaration.name)) return
    shapeExpressions(declaration).forEach(visit)
    declaration.body.children.forEach(visitShape)
  }

  for (const { path, syntax } of parsed.files.values()) {
    if (path !== parsed.entry && !entered.has(path)) continue
    for (const declaration of syntax.declarations) {
      if (declaration.kind === 'resource' || declaration.kind === 'module') visitShape(declaration)
      else expressionsOf(declaration).forEach(visit)
    }
  }
  return faults
}
