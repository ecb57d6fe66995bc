import type { Fault } from '../model.ts'
import { besides, type Parsed, type ParsedFile } from './program.ts'
import { Scan } from './scan.ts'
import { scanDeclaration } from './scanDeclarations.ts'
import { circle } from './start.ts'
import { type Declaration, isOfGraph } from './syntax.ts'

/** Where aliases of extensions are registered. */
const CONFIGURATION = 'bicepconfig.json'
const MUST_BE_USED = ['param', 'var']

/** What is wrong whatever the parameters are: names, calls, unused and circular declarations. */
export function faultsOf(parsed: Parsed): Fault[] {
  if (parsed.faults.length > 0) return parsed.faults
  const scans = [...parsed.files.values()].map(file => new Scan(parsed, file))
  for (const scan of scans) scanFile(scan)
  const read = scans.flatMap(scan => scan.outputsRead)
  for (const { file, faults } of scans)
    if (file.path !== parsed.entry) faults.push(...unreadOutputs(file, read))
  return scans.flatMap(scan => scan.faults)
}

function scanFile(scan: Scan): void {
  const { syntax, symbols, outputs } = scan.file
  scanExtensions(scan)
  for (const declaration of syntax.declarations) {
    const { kind, name, place } = declaration
    const first = kind === 'output' ? outputs.get(name) : symbols.get(name)
    if (first !== declaration)
      scan.fault(place, 'duplicate', `${name} is declared twice in this file`)
    scanDeclaration(scan, declaration)
  }
  for (const declaration of syntax.declarations)
    if (isIdle(scan, declaration)) tellIdle(scan, declaration)
  const found = circle(scan)
  const [first] = found ?? []
  if (found && first) {
    const way = [...found, first].map(({ name }) => name).join(' → ')
    scan.fault(first.place, 'cycle', `these need each other: ${way}`)
  }
}

function isIdle(scan: Scan, declaration: Declaration): boolean {
  if (scan.used.has(declaration)) return false
  return (
    MUST_BE_USED.includes(declaration.kind) ||
    (declaration.kind === 'resource' &&
      declaration.existing &&
      declaration.body.children.length === 0)
  )
}

const tellIdle = (scan: Scan, { kind, name, place }: Declaration): void =>
  scan.fault(place, 'unused', `the ${kind} ${name} is used nowhere: drop it`)

function scanExtensions(scan: Scan): void {
  const { extensions, declarations } = scan.file.syntax
  const text = scan.parsed.read(besides(scan.parsed.entry, CONFIGURATION))
  for (const { name, place } of extensions) {
    const message = `${CONFIGURATION} beside ${scan.parsed.entry} knows no extension ${name}`
    if (!aliases(text).includes(name)) scan.fault(place, 'extension', message)
    const isUsed = declarations.some(one => one.kind === 'resource' && isOfGraph(one.type))
    if (!isUsed) scan.fault(place, 'unused', `the extension ${name} is used nowhere: drop it`)
  }
}

function aliases(text: string | undefined): string[] {
  try {
    const { extensions } = JSON.parse(text ?? '{}') as { extensions?: object }
    return Object.keys(extensions ?? {})
  } catch {
    return []
  }
}

/** Outputs of a module that no caller reads. */
function unreadOutputs({ path, outputs }: ParsedFile, read: [string, string][]): Fault[] {
  const names = new Set(read.filter(([file]) => file === path).map(([, name]) => name))
  return [...outputs.values()]
    .filter(({ name }) => !names.has(name))
    .map(({ name, place }) => ({
      place,
      rule: 'unused',
      message: `nobody reads the output ${name}: drop it`
    }))
}
