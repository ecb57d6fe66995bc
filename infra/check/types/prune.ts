import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import versions from './versions.json' with { type: 'json' }

/**
 * Cuts Azure's published type definitions down to the resource types of `versions.json`:
 * `node infra/check/types/prune.ts <checkout of Azure/bicep-types-az> <checkout of microsoftgraph/msgraph-bicep-types>`.
 * Writes `data/types.json`, one type a line and readable by `bicep-types`, and `data/NOTICE`.
 */
const DATA = join(import.meta.dirname, 'data')

/** The release of Graph's Bicep extension; it holds the types of version v1.0. */
const GRAPH_RELEASE = '1.0.0'

type Sources = { repository: string; folder: string }

/** A type as published: `$type`, and references to others of the same file as `{ $ref: '#/<index>' }`. */
type Raw = Record<string, unknown> & { $type: string }

/** A type without what a checker has no use for. A property may be called `description`: that one is no text. */
function kept({ functions, ...raw }: Raw): string {
  const isText = (key: string, value: unknown) => key === 'description' && typeof value === 'string'
  return JSON.stringify(raw, (key, value) => (isText(key, value) ? undefined : value))
}

/** The pinned types' definitions, renumbered; types without references are written once. */
class Pruned {
  readonly #types: unknown[] = []
  readonly #scalars = new Map<string, number>()

  /** Adds the type at `index` of a file and all that it reaches; `known` keeps the file's new numbers. */
  add(file: Raw[], index: number, known: Map<number, number>): number {
    const before = known.get(index)
    if (before !== undefined) return before
    const raw = file[index]
    if (!raw) throw new Error(`Type #/${index} is referred to but not in its file.`)
    const text = kept(raw)
    const place = this.#scalars.get(text) ?? this.#types.length
    known.set(index, place)
    if (place < this.#types.length) return place
    if (!text.includes('"$ref"')) this.#scalars.set(text, place)
    // The place is taken before the references are followed, because types may refer to themselves.
    this.#types.push(undefined)
    this.#types[place] = JSON.parse(text, (_, value) => {
      const reference: unknown = value?.$ref
      if (typeof reference !== 'string') return value
      const target = /^#\/(\d+)$/.exec(reference)?.[1]
      if (!target) throw new Error(`Reference ${reference} leaves its file.`)
      return { $ref: `#/${this.add(file, Number(target), known)}` }
    })
    return place
  }

  toString(): string {
    return `[\n${this.#types.map(type => JSON.stringify(type)).join(',\n')}\n]\n`
  }
}

/** The one published file that defines `type`. */
function fileOf(type: string, version: string, sources: Sources[]): string {
  const provider = type.slice(0, type.indexOf('/')).toLowerCase()
  const folder = provider === 'microsoft.graph' ? `${version}/${GRAPH_RELEASE}` : version
  const files = sources
    .flatMap(source => {
      const pattern = `generated/*/${provider}/${folder}/types.json`
      return globSync(pattern, { cwd: source.folder }).map(file => join(source.folder, file))
    })
    .filter(file => readFileSync(file, 'utf8').includes(`"${type}@${version}"`))
  const [file, ...others] = files
  if (!file || others.length > 0)
    throw new Error(`${type}@${version} must be in one published file, found in ${files.length}.`)
  return file
}

function prune(sources: Sources[]): string {
  const pruned = new Pruned()
  const read = new Map<string, { types: Raw[]; known: Map<number, number> }>()
  for (const [type, version] of Object.entries(versions).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const path = fileOf(type, version, sources)
    const file = read.get(path) ?? {
      types: JSON.parse(readFileSync(path, 'utf8')) as Raw[],
      known: new Map()
    }
    read.set(path, file)
    const name = `${type}@${version}`
    const index = file.types.findIndex(raw => raw.$type === 'ResourceType' && raw.name === name)
    if (index < 0) throw new Error(`${name} is mentioned in ${path} but no resource type there.`)
    pruned.add(file.types, index, file.known)
  }
  return pruned.toString()
}

function notice(sources: Sources[]): string {
  const parts = sources.map(({ repository, folder }) => {
    const commit = execFileSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8' })
    const license = readFileSync(join(folder, 'LICENSE'), 'utf8').trimEnd()
    return `${repository}\ncommit ${commit.trim()}\n\n${license}\n`
  })
  const head = 'types.json is an excerpt of the type definitions published in these repositories.'
  return [`${head} See ../prune.ts for what was left out.\n`, ...parts].join(
    `\n${'-'.repeat(72)}\n\n`
  )
}

const [azure, graph] = process.argv.slice(2)
if (!azure || !graph)
  throw new Error('Give two folders: checkouts of bicep-types-az and msgraph-bicep-types.')
const sources = [
  { repository: 'https://github.com/Azure/bicep-types-az', folder: azure },
  { repository: 'https://github.com/microsoftgraph/msgraph-bicep-types', folder: graph }
]
mkdirSync(DATA, { recursive: true })
writeFileSync(join(DATA, 'types.json'), prune(sources))
writeFileSync(join(DATA, 'NOTICE'), notice(sources))
