import type { Deployment, TypeLibrary } from '../model.ts'
import { suggestion } from '../nearest.ts'
import { remember } from './coverage.ts'
import { type Given, Instance, type Run } from './instance.ts'
import type { Parsed } from './program.ts'
import { groupScope, subscriptionScope } from './scope.ts'
import { fromJson, type Json } from './values.ts'

/** The group that a file for groups is deployed to, where it is the entry. */
const ENTRY_GROUP = 'group'

/**
 * What the entry deploys with these parameters. Where the program cannot be read, nothing, and the faults that
 * say why.
 */
export function evaluate(
  parsed: Parsed,
  parameters: Record<string, Json>,
  types: TypeLibrary
): Deployment {
  const deployment: Deployment = { resources: [], outputs: new Map(), modules: [], faults: [] }
  const nodes = new Set<object>()
  remember(deployment, nodes)
  const entry = parsed.files.get(parsed.entry)
  if (!entry || parsed.faults.length > 0) return { ...deployment, faults: parsed.faults }
  const told = new Set<string>()
  const named = new Set<string>()
  const run: Run = {
    parsed,
    types,
    resources: deployment.resources,
    enter(module, file) {
      nodes.add(module)
      deployment.modules.push({ symbol: module.name, file, place: module.place })
    },
    fault(place, rule, message) {
      const key = `${place.file}:${place.line}:${place.column}: ${message}`
      if (!told.has(key)) deployment.faults.push({ place, rule, message })
      told.add(key)
    },
    reach: node => nodes.add(node),
    name(key, place, name) {
      if (named.has(key)) run.fault(place, 'duplicate', `two modules are called ${name}`)
      named.add(key)
    }
  }
  const given: Given = new Map()
  const start = { file: parsed.entry, line: 1, column: 1 }
  const known = entry.syntax.declarations.filter(declaration => declaration.kind === 'param')
  for (const [name, json] of Object.entries(parameters)) {
    const place = known.find(parameter => parameter.name === name)?.place
    const near = suggestion(
      name,
      known.map(parameter => parameter.name)
    )
    if (place) given.set(name, { value: fromJson(json, place), place })
    else run.fault(start, 'parameter', `${parsed.entry} has no parameter ${name}${near}`)
  }
  for (const { name, place, default: preset } of known)
    if (!preset && !given.has(name))
      run.fault(place, 'parameter', `the parameter ${name} is not given`)
  const isGroup = entry.syntax.targetScope === 'resourceGroup'
  const scope = isGroup ? groupScope(ENTRY_GROUP) : subscriptionScope
  const instance = new Instance(run, entry, scope, given)
  instance.deploy()
  for (const [name, { value }] of instance.outputs().properties) deployment.outputs.set(name, value)
  tellTwice(deployment, run)
  return deployment
}

function tellTwice({ resources }: Deployment, run: Run): void {
  const seen = new Map<string, string>()
  for (const { id, existing, declared, symbol } of resources) {
    if (existing) continue
    const other = seen.get(id.toLowerCase())
    if (other !== undefined)
      run.fault(
        declared,
        'duplicate',
        `${symbol} and ${other} are both ${id}: give each its own name`
      )
    else seen.set(id.toLowerCase(), symbol)
  }
}
