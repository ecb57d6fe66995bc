import { evaluate } from '../../../../infra/check/bicep/evaluate.ts'
import { faultsOf } from '../../../../infra/check/bicep/faults.ts'
import { type Files, parseBicep } from '../../../../infra/check/bicep/program.ts'
import { loadGrammar } from '../../../../infra/check/bicep/tokens.ts'
import { type Json, toJson } from '../../../../infra/check/bicep/values.ts'
import type { Deployment, Fault, LaterType, TypeLibrary } from '../../../../infra/check/model.ts'

await loadGrammar()

/** What the services of these tests answer with. */
const ANSWERS: Record<string, LaterType> = {
  properties: 'object',
  'properties.host': 'string',
  'properties.count': 'int',
  'properties.isOn': 'bool',
  'properties.keys': 'array'
}
export const TYPES: TypeLibrary = {
  has: () => true,
  propertyOf: (_type, _version, path) => ANSWERS[path.join('.')]
}

/** Files of a project, `main.bicep` among them. */
export type Sources = Record<string, string>
export const filesOf =
  (sources: Sources): Files =>
  path =>
    sources[path]

const asSources = (source: string | Sources): Sources =>
  typeof source === 'string' ? { 'main.bicep': source } : source

export const parse = (source: string | Sources) =>
  parseBicep('main.bicep', filesOf(asSources(source)))

export const deploy = (
  source: string | Sources,
  parameters: Record<string, Json> = {}
): Deployment => evaluate(parse(source), parameters, TYPES)

/** Faults as `line:column rule: message`. */
export const told = (faults: Fault[]): string[] =>
  faults.map(
    ({ place: { line, column }, rule, message }) => `${line}:${column} ${rule}: ${message}`
  )

export const staticFaults = (source: string | Sources): string[] => told(faultsOf(parse(source)))

/** What an expression comes to, and the faults on the way. Lines of `above` are declared before it. */
export function result(
  expression: string,
  above = ''
): { value: Json | undefined; faults: string[] } {
  const { outputs, faults } = deploy(`${above}\noutput it object = any(${expression})`)
  const others = faults.filter(({ rule }) => rule !== 'output')
  const value = outputs.get('it')
  return { value: value && toJson(value), faults: others.map(({ message }) => message) }
}

/** Value of an expression that has no fault. */
export function jsonOf(expression: string, above = ''): Json | undefined {
  const { value, faults } = result(expression, above)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return value
}
