import type { Value } from '../model.ts'
import { Call, callFunction, type Lambda, type Surroundings } from './call.ts'
import type { Frame } from './entities.ts'
import type { Expressions } from './expressions.ts'
import { FUNCTIONS, refusedFunction } from './functions.ts'
import { Refusal, refusal } from './refusal.ts'
import type { Expression } from './syntax.ts'
import { nullValue } from './values.ts'

/** Calls the function that an expression names, with its arguments evaluated. */
export function evaluateCall(
  expressions: Expressions,
  expression: Expression & { kind: 'call' },
  frame: Frame | undefined,
  around: Surroundings
): Value {
  const { name, place } = expression
  const refused = refusedFunction(name)
  if (refused !== undefined) throw refusal(place, 'function', refused)
  const definition = FUNCTIONS[name]
  if (!definition) throw new Refusal()
  const all = expression.arguments.map(argument =>
    argument.kind === 'lambda'
      ? lambdaOf(expressions, argument, frame)
      : expressions.evaluate(argument, frame)
  )
  return callFunction(name, definition, new Call(expression, all, around))
}

function lambdaOf(
  expressions: Expressions,
  { parameters, body, place }: Expression & { kind: 'lambda' },
  frame: Frame | undefined
): Lambda {
  const apply = (...values: Value[]) => {
    const named = parameters.map(({ name }, index): [string, Value] => [
      name,
      values[index] ?? nullValue(place)
    ])
    return expressions.evaluate(body, { values: new Map(named), next: frame })
  }
  return { kind: 'lambda', place, apply }
}
