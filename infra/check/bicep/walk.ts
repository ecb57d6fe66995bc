import type { Declaration, Expression, Shape } from './syntax.ts'

/** The expressions directly within one, in the order in which they are written. */
export function within(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'string':
      return expression.parts.filter(part => typeof part !== 'string')
    case 'object':
      return expression.entries.flatMap(({ key, value }) =>
        typeof key === 'string' ? [value] : [key, value]
      )
    case 'array':
      return expression.items
    case 'member':
    case 'child':
    case 'assured':
      return [expression.of]
    case 'index':
      return [expression.of, expression.index]
    case 'call':
      return expression.arguments
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'ternary':
      return [expression.condition, expression.yes, expression.no]
    case 'lambda':
      return [expression.body]
    case 'for':
      return [expression.loop.collection, expression.body]
    default:
      return []
  }
}

/** What decides how often a resource or module is deployed, and its body. */
export const shapeExpressions = ({ loop, condition, body }: Shape): Expression[] => [
  ...(loop ? [loop.collection] : []),
  ...(condition ? [condition] : []),
  body
]

/** The expressions of a declaration; nested resources are declarations of their own. */
export function expressionsOf(declaration: Declaration): Expression[] {
  switch (declaration.kind) {
    case 'param':
      return declaration.default ? [declaration.default] : []
    case 'var':
    case 'output':
      return [declaration.value]
    case 'resource':
    case 'module':
      return shapeExpressions(declaration)
  }
}

/** The value of a property that is plainly named. */
export const entryOf = (shape: Shape, name: string) =>
  shape.body.entries.find(({ key }) => key === name)
