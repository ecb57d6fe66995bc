/**
 * The way of a template through the check:
 *
 *     files ─ bicep/tokens ─▶ words ─ bicep/readFile ─▶ tree ─ bicep/evaluate, for each of cases.ts ─▶ resources
 *
 * tree-sitter gives the words alone, because its precedences are not Bicep's. Faults of the tree come from
 * bicep/faults (names, calls, unused declarations), faults of an evaluated resource from types/check (Azure's own
 * definitions and our lists beside them), faults of a whole deployment from rules/all (what this project wants).
 * mutations/ misspells the template thousands of times and asks whether any of these notices. Imports lead one way:
 * model ◀ types, bicep ◀ rules ◀ template ◀ mutations.
 *
 * Where to add
 * - a resource type or an API version: types/versions.json, then run types/prune.ts; words, numbers and names that
 *   Azure enforces beyond its types: allowed.ts, limits.ts, names.ts, required.ts and keys.ts in types/;
 * - a function of Bicep: bicep/*Functions.ts; a statement or a type: bicep/syntax.ts and bicep/readFile.ts;
 * - a rule: a file in rules/, called in rules/all.ts, its properties named in rules/named.ts so that mutations drop
 *   them, and a test that breaks it;
 * - an explanation of a mutation that nobody can notice: mutations/survivors.ts.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { unreached } from './bicep/coverage.ts'
import { evaluate } from './bicep/evaluate.ts'
import { faultsOf } from './bicep/faults.ts'
import { type Files, type Parsed, parseBicep } from './bicep/program.ts'
import { CASES } from './cases.ts'
import type { Deployment, Fault } from './model.ts'
import { type Beside, ruleFaults } from './rules/all.ts'
import { unreadSettings } from './rules/appSettings.ts'
import { parameters } from './rules/azd.ts'
import { readCodeSettings } from './rules/codeSettings.ts'
import { readGatewayFiles } from './rules/gatewayFiles.ts'
import { laptopSettings } from './rules/laptop.ts'
import { secureParameters } from './rules/secrets.ts'
import { typeFaults } from './types/check.ts'
import { loadTypes, type Types } from './types/library.ts'

const ENTRY = 'infra/main.bicep'

/** Folders whose files read the template's outputs. */
const READERS = ['infra/deploy', 'test/smoke', '.github']

/** Everything the check knows of a project besides the Bicep files themselves. */
export type Project = { types: Types; beside: Beside }

/** Reads what belongs to the template of the project in `root`, a folder. */
export function readProject(root: string): Project {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const types = loadTypes()
  const readers = READERS.filter(folder => existsSync(join(root, folder))).flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true })
      .map(file => `${folder}/${file}`)
      .filter(file => statSync(join(root, file)).isFile())
      .map(file => [file, read(file)] as const)
  )
  return {
    types,
    beside: {
      types,
      gateway: readGatewayFiles(join(root, 'infra/gateway')),
      code: readCodeSettings(join(root, 'functions')),
      azd: {
        azureYaml: read('azure.yaml'),
        parameters: read('infra/main.parameters.json'),
        guide: read('docs/deploy.md'),
        readers: new Map(readers)
      }
    }
  }
}

/** Files of the project in `root`, each read once. */
export function filesOf(root: string): Files {
  const texts = new Map<string, string | undefined>()
  return path => {
    if (!texts.has(path)) {
      const file = join(root, path)
      texts.set(path, existsSync(file) ? readFileSync(file, 'utf8') : undefined)
    }
    return texts.get(path)
  }
}

/** The template as read; `await loadGrammar()` first. */
export const readTemplate = (files: Files): Parsed => parseBicep(ENTRY, files)

/** Faults of a template one by one, the soonest found first: who needs to know only whether there is one can stop. */
export function* templateFaults(parsed: Parsed, project: Project): Generator<Fault> {
  yield* parsed.faults
  if (parsed.faults.length) return
  yield* faultsOf(parsed)
  yield* secureParameters(new Map([...parsed.files].map(([path, { text }]) => [path, text])))
  yield* besideFaults(parsed, project)
  const deployments: Deployment[] = []
  for (const one of CASES) {
    const deployment = evaluate(parsed, one.parameters, project.types)
    deployments.push(deployment)
    yield* deploymentFaults(deployment, project)
    yield* ruleFaults(deployment, one, project.beside)
  }
  yield* unreached(parsed, deployments)
}

function* deploymentFaults(deployment: Deployment, { types }: Project): Generator<Fault> {
  yield* deployment.faults
  for (const resource of deployment.resources) yield* typeFaults(resource, types)
}

/** What does not depend on the way to deploy. */
function* besideFaults(parsed: Parsed, { beside }: Project): Generator<Fault> {
  yield* parameters(parsed.files.get(ENTRY)?.text ?? '', beside.azd)
  const place = { file: 'functions/azure/settings.ts', line: 1, column: 1 }
  for (const message of unreadSettings(beside.code, laptopSettings)) {
    yield { place, rule: 'settings', message }
  }
}

/** All faults, each once and in the order of their places. */
export function checkTemplate(files: Files, project: Project): Fault[] {
  const faults = new Map<string, Fault>()
  for (const fault of templateFaults(readTemplate(files), project)) {
    // Cases in other regions have other tokens in their names: it is the same fault.
    const message = fault.message.replaceAll(/[a-z0-9]{13}\b/g, '')
    const key = JSON.stringify([fault.place, fault.rule, message])
    if (!faults.has(key)) faults.set(key, fault)
  }
  const byPlace = ({ place: a }: Fault, { place: b }: Fault) =>
    a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column
  return [...faults.values()].sort(byPlace)
}

/** How many resources each case deploys. */
export function resourceCounts(files: Files, { types }: Project): Map<string, number> {
  const parsed = readTemplate(files)
  return new Map(
    CASES.map(({ name, parameters }) => {
      const { resources } = evaluate(parsed, parameters, types)
      return [name, resources.filter(({ existing }) => !existing).length]
    })
  )
}
