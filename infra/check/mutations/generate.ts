import type { Parsed, ParsedFile } from '../bicep/program.ts'
import { besides } from '../bicep/program.ts'
import type {
  Declaration,
  Entry,
  Expression,
  ModuleDeclaration,
  ObjectExpression,
  OutputDeclaration,
  ParamDeclaration,
  ResourceDeclaration,
  TypeName
} from '../bicep/syntax.ts'
import type { Place } from '../model.ts'
import type { Types } from '../types/library.ts'
import { type Declared, declaredAt } from './declared.ts'
import { kindIn } from './kinds.ts'
import { type Kind, type Mutation, misspelt, wrongVersion } from './mutation.ts'

/** What mutations must know besides the program. */
export type Knowledge = {
  types: Types
  /** Whether the rules look at a property of a resource type, or at items of a list (`path.[]`). */
  isNamed: (type: string, path: string) => boolean
  /** Whether a key is a name that rules demand wherever it is written, such as a setting's. */
  isDemanded: (key: string) => boolean
  /** Whether a text is for people alone, by what it is. */
  isFreeText: (what: string) => boolean
}

/** Every mutation of every property and value of a program's files. */
export const mutationsOf = (parsed: Parsed, knowledge: Knowledge): Mutation[] =>
  [...parsed.files.values()].flatMap(file => new Generator(parsed, file, knowledge).all())

/** Where a value stands: what it is called, and what is declared of it. */
type Spot = {
  what: string
  declared?: Partial<Declared> | undefined
  under: (key: string) => Spot
  /** Whether its absence must be noticed. */
  owed: boolean
}

/** A literal of another type than each kind of value. */
const WRONG = {
  string: '7',
  int: "'7'",
  bool: "'true'",
  object: "'text'",
  array: "'text'"
} as const

class Generator {
  readonly #parsed: Parsed
  readonly #file: ParsedFile
  readonly #knowledge: Knowledge
  readonly #found: Mutation[] = []
  readonly #lines: number[] = [0]

  constructor(parsed: Parsed, file: ParsedFile, knowledge: Knowledge) {
    this.#parsed = parsed
    this.#file = file
    this.#knowledge = knowledge
    for (const { index } of file.text.matchAll(/\n/g)) this.#lines.push(index + 1)
  }

  all(): Mutation[] {
    for (const declaration of this.#file.syntax.declarations) this.#declaration(declaration)
    return this.#found
  }

  #declaration(declaration: Declaration, parentType = ''): void {
    const { name, place, decorators } = declaration
    const what = `${declaration.kind} ${name}`
    for (const decorator of decorators) {
      const written = { ...decorator.place, column: decorator.place.column + 1 }
      this.#rename(this.#offset(written), decorator.name, `@${decorator.name}`)
      for (const argument of decorator.arguments)
        this.#value(argument, plain(`${what} @${decorator.name}`))
    }
    switch (declaration.kind) {
      case 'param':
        this.#dropped(declaration, declaration.default, what)
        this.#rename(this.#offset(place), name, what)
        this.#type(declaration.type, what)
        if (declaration.default)
          this.#value(declaration.default, plain(what, declaration.type.name))
        return
      case 'output':
        this.#dropped(declaration, declaration.value, what)
        this.#rename(this.#offset(place), name, what)
        this.#type(declaration.type, what)
        this.#value(declaration.value, plain(what, declaration.type.name))
        return
      case 'var':
        this.#rename(this.#offset(place), name, what)
        this.#value(declaration.value, plain(what))
        return
      case 'resource':
        this.#resource(declaration, parentType)
        return
      case 'module':
        this.#module(declaration)
    }
  }

  #resource(resource: ResourceDeclaration, parentType: string): void {
    const type = parentType ? `${parentType}/${resource.type}` : resource.type
    const at = this.#offset(resource.typed) + 1
    this.#rename(at, resource.type, `${type}: type`)
    if (resource.apiVersion) {
      const start = at + resource.type.length + 1
      this.#add(
        'wrong version',
        start,
        resource.apiVersion,
        wrongVersion(resource.apiVersion),
        `${type}: version`
      )
    }
    const spot = resource.existing ? plain(`existing ${type}`) : this.#ofResource(type, [])
    this.#object(resource.body, spot)
    for (const child of resource.body.children) this.#declaration(child, type)
  }

  #ofResource(type: string, path: string[]): Spot {
    const { types, isNamed } = this.#knowledge
    const joined = path.join('.')
    const declared = declaredAt(types, type, path)
    return {
      what: `${type}: ${joined}`,
      declared,
      owed: declared?.required === true || isNamed(type, joined),
      under: key => this.#ofResource(type, [...path, key])
    }
  }

  #module(module: ModuleDeclaration): void {
    const what = `module ${module.name}`
    this.#text('wrong word', this.#offset(module.pathPlace), `'${module.path}'`, `${what}: path`)
    const target = this.#parsed.files.get(besides(this.#file.path, module.path))
    const ofParameter = (key: string): Spot => {
      const parameter = target?.symbols.get(key)
      if (parameter?.kind !== 'param') return plain(`${what}: params.${key}`)
      const spot = plain(`${what}: params.${key}`, parameter.type.name)
      return { ...spot, owed: parameter.default === undefined }
    }
    this.#object(module.body, {
      ...plain(what),
      under: key =>
        key === 'params'
          ? { ...plain(`${what}: params`, 'object'), under: ofParameter }
          : plain(`${what}: ${key}`)
    })
  }

  #value(value: Expression, spot: Spot): void {
    this.#retype(value, spot)
    switch (value.kind) {
      case 'string': {
        const kind = spot.declared?.words ? 'wrong word' : 'wrong text'
        if (!this.#knowledge.isFreeText(spot.what))
          this.#text(kind, this.#offset(value.place), value.text, spot.what)
        return
      }
      case 'object':
        this.#object(value, spot)
        return
      case 'array':
        for (const item of value.items) this.#value(item, spot.under('[]'))
        return
      case 'for':
        this.#value(value.body, spot.under('[]'))
        return
      case 'ternary':
        this.#value(value.yes, spot)
        this.#value(value.no, spot)
        return
      case 'binary':
        if (value.operator === '??') this.#value(value.right, spot)
        else for (const side of [value.left, value.right]) this.#literals(side, spot)
        return
      case 'call':
        for (const argument of value.arguments) {
          if (value.name === 'union' || value.name === 'concat') this.#value(argument, spot)
          else this.#literals(argument, spot)
        }
        return
      case 'lambda':
        this.#value(value.body, spot.under('[]'))
        return
      default:
    }
  }

  /** Strings and objects inside of an expression, of which no more is known than that they are there. */
  #literals(value: Expression, spot: Spot): void {
    if (value.kind === 'lambda') this.#literals(value.body, spot)
    else if (value.kind === 'object') this.#object(value, plain(spot.what))
    else if (value.kind === 'array') for (const item of value.items) this.#literals(item, spot)
    else if (value.kind === 'call') for (const one of value.arguments) this.#literals(one, spot)
    else if (value.kind === 'string' && !this.#knowledge.isFreeText(spot.what))
      this.#text('wrong text', this.#offset(value.place), value.text, spot.what)
  }

  #object(object: ObjectExpression, spot: Spot): void {
    object.entries.forEach((entry, index) => {
      const key = typeof entry.key === 'string' ? entry.key : '*'
      const inner = spot.under(key)
      const start = this.#offset(entry.keyPlace)
      const written = typeof entry.key === 'string' ? entry.key : entry.key.text
      if (this.#file.text[start] === "'")
        this.#text('rename', start, this.#quoted(start), inner.what)
      else this.#rename(start, written, inner.what)
      if (inner.owed || this.#knowledge.isDemanded(key)) this.#drop(object, index, inner.what)
      this.#value(entry.value, inner)
    })
  }

  /** Drops a parameter or output, its decorators too; `last` is the value that it may end with. */
  #dropped(
    declaration: ParamDeclaration | OutputDeclaration,
    last: Expression | undefined,
    what: string
  ): void {
    const { decorators, declared, type } = declaration
    const start = this.#offset(decorators[0]?.place ?? declared)
    const { place, text } = last ?? { ...type, text: type.name }
    const end = this.#offset(place) + text.length
    this.#add('drop', start, this.#file.text.slice(start, end), '', what)
  }

  #drop({ entries, children, place, text }: ObjectExpression, index: number, what: string): void {
    const source = this.#file.text
    const start = this.#offset((entries[index] as Entry).keyPlace)
    const others = [...entries.slice(index + 1).map(({ keyPlace }) => keyPlace)]
    const nested = children.map(child => child.decorators[0]?.place ?? child.declared)
    const next = [...others, ...nested].map(one => this.#offset(one)).filter(at => at > start)
    const end = next.length ? Math.min(...next) : this.#offset(place) + text.length - 1
    if (next.length) this.#add('drop', start, source.slice(start, end), '', what)
    else {
      const before = source.slice(0, start).replace(/,?\s*$/, '')
      const removed = source.slice(before.length, end).trimEnd()
      this.#add('drop', before.length, removed, '', what)
    }
  }

  #retype(value: Expression, spot: Spot): void {
    const declared = spot.declared?.kind
    const kind = declared && declared !== 'any' ? declared : kindIn(value, this.#file)
    if (value.kind === 'null' || value.kind === 'lambda' || kind === undefined) return
    const start = this.#offset(value.place)
    this.#add('retype', start, value.text, WRONG[kind], spot.what)
  }

  #type({ name, place }: TypeName, what: string): void {
    const other = name === 'string' ? 'int' : 'string'
    this.#add('retype', this.#offset(place), name, other, `${what} type`)
  }

  #rename(start: number, name: string, what: string): void {
    const other = misspelt(name)
    if (other) this.#add('rename', start, name, other, what)
  }

  /** Misspells a string, outside of its interpolations and escapes. */
  #text(kind: Kind, start: number, written: string, what: string): void {
    const plainText = written.replace(/\$\{[^}]*\}|\\./g, found => ' '.repeat(found.length))
    const other = misspelt(plainText)
    if (!other) return
    const at = [...other].findIndex((letter, index) => letter !== plainText[index])
    const changed = written.slice(0, at) + other[at] + written.slice(at + 1)
    this.#add(kind, start, written, changed, what)
  }

  #quoted(start: number): string {
    const text = this.#file.text
    return text.slice(start, text.indexOf("'", start + 1) + 1)
  }

  #add(kind: Kind, start: number, old: string, text: string, what: string): void {
    const file = this.#file.path
    if (!this.#file.text.startsWith(old, start)) {
      throw new Error(`${file}: expected ${old} at ${start}: places of the syntax do not agree`)
    }
    const line = this.#lines.findLastIndex(at => at <= start)
    const place: Place = { file, line: line + 1, column: start - (this.#lines[line] ?? 0) + 1 }
    this.#found.push({ kind, file, place, start, end: start + old.length, text, what })
  }

  #offset({ line, column }: Place): number {
    return (this.#lines[line - 1] ?? 0) + column - 1
  }
}

/** A spot of which nothing is declared but, perhaps, its kind. */
function plain(what: string, kind?: Declared['kind']): Spot {
  const declared = kind ? { kind } : undefined
  return { what, declared, owed: false, under: key => plain(`${what}.${key}`) }
}
