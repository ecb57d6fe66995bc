import { posix } from 'node:path'
import type { Fault } from '../model.ts'
import { readFile } from './readFile.ts'
import type { Declaration, FileSyntax } from './syntax.ts'

/** Reads project files: text by path relative to the project's root, undefined where there is none. */
export type Files = (path: string) => string | undefined

/** One Bicep file of a program. */
export type ParsedFile = {
  path: string
  text: string
  syntax: FileSyntax
  /** What the file declares, by name; of two with one name the first. Outputs have names of their own. */
  symbols: Map<string, Declaration>
  outputs: Map<string, Declaration & { kind: 'output' }>
}
/** All Bicep files that the entry reaches by modules. */
export type Parsed = {
  entry: string
  files: Map<string, ParsedFile>
  read: Files
  /** Faults that leave nothing to check or evaluate: syntax, missing files, modules in a circle. */
  faults: Fault[]
}

/** Mutations of a file come and go; the texts that stay are few. */
const KEPT = 200
const cache = new Map<string, ParsedFile>()

/** Reads the entry and every file that it reaches. A file whose text is known is not read again. */
export function parseBicep(entry: string, files: Files): Parsed {
  const parsed: Parsed = { entry, files: new Map(), read: files, faults: [] }
  const text = files(entry)
  if (text === undefined) throw new Error(`There is no ${entry}.`)
  follow(parsed, entry, text, [])
  return parsed
}

function follow(parsed: Parsed, path: string, text: string, above: string[]): void {
  const file = parseFile(path, text)
  parsed.files.set(path, file)
  parsed.faults.push(...file.syntax.faults)
  for (const declaration of file.syntax.declarations) {
    if (declaration.kind !== 'module') continue
    const target = besides(path, declaration.path)
    const place = declaration.pathPlace
    const fault = (rule: string, message: string) => parsed.faults.push({ place, rule, message })
    const targetText = parsed.read(target)
    if (targetText === undefined) fault('file', `there is no file ${target}`)
    else if ([...above, path].includes(target))
      fault('cycle', `${target} reaches itself through this file`)
    else if (!parsed.files.has(target)) follow(parsed, target, targetText, [...above, path])
  }
}

/** Path of a file named in another, relative to the project's root. */
export const besides = (file: string, path: string): string => posix.join(posix.dirname(file), path)

function parseFile(path: string, text: string): ParsedFile {
  const key = `${path}\n${text}`
  const known = cache.get(key)
  cache.delete(key)
  const file = known ?? newFile(path, text)
  cache.set(key, file)
  const [oldest] = cache.keys()
  if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest)
  return file
}

function newFile(path: string, text: string): ParsedFile {
  const syntax = readFile(path, text)
  const symbols: ParsedFile['symbols'] = new Map()
  const outputs: ParsedFile['outputs'] = new Map()
  for (const declaration of syntax.declarations) {
    const { name } = declaration
    if (declaration.kind === 'output') {
      if (!outputs.has(name)) outputs.set(name, declaration)
    } else if (!symbols.has(name)) symbols.set(name, declaration)
  }
  return { path, text, syntax, symbols, outputs }
}
