import { type Document, type Json, type Path, valueAt } from '../document.ts'
import { badRequest } from '../errors.ts'
import { KEYWORDS, type Token, tokenize } from './tokens.ts'
import { comparisons, decide, type Value } from './values.ts'

export type Parameters = Map<string, Json>
type Evaluate = (document: Document, parameters: Parameters) => Value

export type Query = {
  /** The row of a document; undefined adds none. */
  select: (document: Document) => Value
  /** Whether WHERE is true of the document: neither false nor undefined will do. */
  matches: (document: Document, parameters: Parameters) => boolean
  orderBy: { path: Path; isDescending: boolean } | undefined
  /** Every path that WHERE looks at. */
  filtered: Path[]
}

const CONSTANTS: Record<string, Json> = { TRUE: true, FALSE: false, NULL: null }

/** Parses the subset of SQL that is served; refuses the rest by naming where it begins. */
export const parse = (text: string): Query => new Parser(tokenize(text)).query()

class Parser {
  readonly #tokens: Token[]
  #at = 0
  /** Names that paths begin with: all must be the one of FROM, which comes after SELECT. */
  readonly #roots = new Set<string>()
  readonly #filtered: Path[] = []

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  query(): Query {
    this.#expect('SELECT')
    const select = this.#selection()
    this.#expect('FROM')
    const root = this.#name()
    const where = this.#accept('WHERE') ? this.#or() : () => true
    const orderBy = this.#orderBy()
    if (this.#next.kind !== 'end') throw this.#refusal()
    const strange = [...this.#roots].find(name => name !== root)
    if (strange !== undefined) throw badRequest(`Identifier '${strange}' could not be resolved.`)
    const matches: Query['matches'] = (...given) => where(...given) === true
    return { select, matches, orderBy, filtered: this.#filtered }
  }

  #selection(): Query['select'] {
    if (this.#accept('*')) return document => document
    if (this.#accept('VALUE')) {
      const path = this.#path()
      return document => valueAt(document, path)
    }
    const columns = this.#list(() => this.#path())
    if (columns.some(path => path.length === 0)) throw this.#refusal()
    return document => {
      const cells = columns.map(path => [path.at(-1)!, valueAt(document, path)] as const)
      return Object.fromEntries(cells.filter(([, value]) => value !== undefined)) as Document
    }
  }

  #orderBy(): Query['orderBy'] {
    if (!this.#accept('ORDER')) return undefined
    this.#expect('BY')
    const path = this.#path()
    const isDescending = this.#accept('DESC')
    if (!isDescending) this.#accept('ASC')
    return { path, isDescending }
  }

  #or(): Evaluate {
    return this.#joined('OR', true, () => this.#and())
  }

  #and(): Evaluate {
    return this.#joined('AND', false, () => this.#not())
  }

  /** Operands with `word` between them, of which one that is `deciding` settles all. */
  #joined(word: string, deciding: boolean, operand: () => Evaluate): Evaluate {
    let all = operand()
    while (this.#accept(word)) {
      const [left, right] = [all, operand()]
      all = (...given) => decide(left(...given), right(...given), deciding)
    }
    return all
  }

  #not(): Evaluate {
    if (!this.#accept('NOT')) return this.#comparison()
    const operand = this.#not()
    return (...given) => {
      const value = operand(...given)
      return typeof value === 'boolean' ? !value : undefined
    }
  }

  #comparison(): Evaluate {
    const left = this.#operand()
    if (this.#accept('IN')) {
      this.#expect('(')
      const among = this.#list(() => this.#operand())
      this.#expect(')')
      const isOne = (sought: Value, any: Value, one: Value) =>
        decide(any, comparisons['=']!(sought, one), true)
      return (...given) =>
        among.reduce<Value>((any, one) => isOne(left(...given), any, one(...given)), false)
    }
    const compare = this.#next.kind === 'sign' && comparisons[this.#next.text]
    if (!compare) return left
    this.#at++
    const right = this.#operand()
    return (...given) => compare(left(...given), right(...given))
  }

  #operand(): Evaluate {
    const { kind, text } = this.#next
    if (this.#accept('(')) {
      const inner = this.#or()
      this.#expect(')')
      return inner
    }
    if (this.#accept('IS_DEFINED')) {
      this.#expect('(')
      const isDefined = this.#filter()
      this.#expect(')')
      return document => isDefined(document) !== undefined
    }
    const isConstant = kind === 'name' && Object.hasOwn(CONSTANTS, text.toUpperCase())
    if (kind === 'name' && !isConstant) return this.#filter()
    if (kind === 'sign' || kind === 'end') throw this.#refusal()
    this.#at++
    if (kind === 'parameter') return (_, parameters) => given(parameters, text)
    const value = isConstant
      ? CONSTANTS[text.toUpperCase()]
      : kind === 'number'
        ? Number(text)
        : text.slice(1, -1)
    return () => value
  }

  #filter(): (document: Document) => Value {
    const path = this.#path()
    this.#filtered.push(path)
    return document => valueAt(document, path)
  }

  #path(): Path {
    this.#roots.add(this.#name())
    if (this.#isNext('(')) throw this.#refusal()
    const path: Path = []
    while (this.#accept('.')) path.push(this.#name())
    return path
  }

  #name(): string {
    const { kind, text } = this.#next
    if (kind !== 'name' || KEYWORDS.has(text.toUpperCase())) throw this.#refusal()
    this.#at++
    return text
  }

  #list<T>(one: () => T): T[] {
    const list = [one()]
    while (this.#accept(',')) list.push(one())
    return list
  }

  get #next(): Token {
    return this.#tokens[this.#at]!
  }

  /** Keywords have no case. */
  #isNext(text: string): boolean {
    return ['name', 'sign'].includes(this.#next.kind) && this.#next.text.toUpperCase() === text
  }

  #accept(text: string): boolean {
    const isThere = this.#isNext(text)
    if (isThere) this.#at++
    return isThere
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#refusal()
  }

  #refusal() {
    const rest = this.#tokens.slice(Math.max(0, this.#at - 1)).map(token => token.text)
    return badRequest(`Syntax error, or SQL not served on the laptop, near '${rest.join(' ')}'.`)
  }
}

function given(parameters: Parameters, name: string): Value {
  if (!parameters.has(name)) throw badRequest(`The parameter ${name} is not given.`)
  return parameters.get(name)
}
