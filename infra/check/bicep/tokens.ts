import { createRequire } from 'node:module'
import { Language, type Node, Parser, type TreeCursor } from 'web-tree-sitter'
import type { Fault, Place } from '../model.ts'
import type { Name } from './syntax.ts'

/** A word of a Bicep file. */
export type Token = {
  kind: 'name' | 'number' | 'sign' | 'string' | 'end'
  text: string
  start: number
  end: number
  place: Place
  /** Whether it is the first of its line. */
  fresh: boolean
  /** What a string consists of: plain text, still escaped, and the tokens of interpolations. */
  parts?: (string | Token[])[]
}
/** All words of a file, the last one an `end`; with faults they are of no use. */
export type Tokens = { tokens: Token[]; extensions: Name[]; faults: Fault[] }

let parser: Parser | undefined

/** Loads the grammar, once; everything else here needs it. */
export async function loadGrammar(): Promise<void> {
  if (parser) return
  await Parser.init()
  const require = createRequire(import.meta.url)
  const language = await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'))
  parser = new Parser()
  parser.setLanguage(language)
}

/** The grammar knows no `extension` lines: they are made comments of the same length. */
const EXTENSION = /^extension\b([^\r\n]*)/gm
const blanked = (text: string) =>
  text.replace(EXTENSION, line => `//${' '.repeat(line.length - 2)}`)

function parseTree(text: string) {
  if (!parser) throw new Error('Await loadGrammar() before any Bicep is parsed.')
  const tree = parser.parse(blanked(text))
  if (!tree) throw new Error('The Bicep grammar did not answer.')
  return tree
}

/** Splits a file into its words. The grammar's precedences are not Bicep's, so its words alone are used. */
export function tokenize(file: string, text: string): Tokens {
  const tree = parseTree(text)
  try {
    const lexer = new Lexer(file, text)
    lexer.extensions()
    if (tree.rootNode.hasError) lexer.brokenPlaces(tree.walk())
    else lexer.words(tree.walk())
    return lexer.result
  } finally {
    tree.delete()
  }
}

class Lexer {
  readonly result: Tokens = { tokens: [], extensions: [], faults: [] }
  readonly #file: string
  readonly #text: string
  readonly #lines: number[] = [0]
  #tokens = this.result.tokens
  #end = 0

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
      this.#lines.push(at + 1)
  }

  extensions(): void {
    for (const match of this.#text.matchAll(EXTENSION)) {
      const name = /^ +([A-Za-z_]\w*)\s*$/.exec(match[1] ?? '')?.[1]
      if (name === undefined)
        this.#fault(match.index, 'write `extension` and an alias of infra/bicepconfig.json alone')
      else this.result.extensions.push({ name, place: this.#place(match.index) })
    }
  }

  brokenPlaces(cursor: TreeCursor): void {
    const visit = (node: Node): void => {
      if (node.isMissing) this.#fault(node.startIndex, `here a ${node.type} is missing`)
      else if (node.isError) {
        const [line = ''] = node.text.split('\n')
        const spread = this.#text.startsWith('...', node.startIndex)
        const hint = spread ? 'use union() instead of a spread' : 'write it another way'
        this.#fault(node.startIndex, `the grammar cannot read \`${line.slice(0, 60)}\`: ${hint}`)
      } else if (node.hasError) for (const child of node.children) visit(child)
    }
    visit(cursor.currentNode)
  }

  words(cursor: TreeCursor): void {
    this.#all(cursor)
    this.#push('end', this.#text.length, this.#text.length)
    cursor.delete()
  }

  #all(cursor: TreeCursor): void {
    const type = cursor.nodeType
    const [start, end] = [cursor.startIndex, cursor.endIndex]
    if (type === 'comment' || type === 'diagnostic_comment') this.#comment(start, end)
    else if (type === 'string' && cursor.nodeIsNamed) this.#string(cursor, start, end)
    else if (cursor.gotoFirstChild()) {
      do this.#all(cursor)
      while (cursor.gotoNextSibling())
      cursor.gotoParent()
    } else if (end > start) this.#word(start, end)
  }

  #word(start: number, end: number): void {
    const text = this.#text.slice(start, end)
    if (/^[A-Za-z_]\w*$/.test(text)) this.#push('name', start, end)
    else if (/^\d+$/.test(text)) this.#push('number', start, end)
    else if (/^-\d+$/.test(text)) {
      this.#push('sign', start, start + 1)
      this.#push('number', start + 1, end)
    } else this.#push('sign', start, end)
  }

  #comment(start: number, end: number): void {
    const text = this.#text.slice(start, end)
    if (text.startsWith('//') && text.includes('\n'))
      this.#fault(start, 'a comment must not end in \\, which hides the line below')
    else if (text.startsWith('#') && !/^#(disable|restore)-(next-line|diagnostics)\b/.test(text))
      this.#fault(start, `\`${text}\` is neither a comment nor #disable-next-line`)
  }

  #string(cursor: TreeCursor, start: number, end: number): void {
    if (this.#text.startsWith("'''", start))
      this.#fault(start, "a string between ''' is not handled here: use \\n between two '")
    const parts: (string | Token[])[] = []
    const [outer, fresh] = [this.#tokens, this.#isFresh(start)]
    let from = start + 1
    if (cursor.gotoFirstChild()) {
      do {
        if (cursor.nodeType !== 'interpolation') continue
        // The grammar counts the blanks before an interpolation as a part of it.
        const opening = this.#text.indexOf('${', cursor.startIndex)
        parts.push(this.#text.slice(from, opening))
        from = cursor.endIndex
        this.#tokens = []
        this.#end = opening
        this.#all(cursor)
        this.#push('end', from, from)
        parts.push(this.#tokens.slice(1))
      } while (cursor.gotoNextSibling())
      cursor.gotoParent()
    }
    parts.push(this.#text.slice(from, end - 1))
    if (this.#text.slice(start, end).includes('\n'))
      this.#fault(start, "a string of one ' must end on its line")
    this.#tokens = outer
    const token = this.#push('string', start, end)
    Object.assign(token, { parts, fresh })
  }

  #push(kind: Token['kind'], start: number, end: number): Token {
    const place = this.#place(start)
    const text = this.#text.slice(start, end)
    const token: Token = { kind, text, start, end, place, fresh: this.#isFresh(start) }
    this.#tokens.push(token)
    this.#end = end
    return token
  }

  #isFresh(start: number): boolean {
    const lineBreak = this.#text.indexOf('\n', this.#end)
    return this.#end === 0 || (lineBreak >= 0 && lineBreak < start)
  }

  #place(at: number): Place {
    let [low, high] = [0, this.#lines.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lines[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { file: this.#file, line: low + 1, column: at - (this.#lines[low] ?? 0) + 1 }
  }

  #fault(at: number, message: string): void {
    this.result.faults.push({ place: this.#place(at), rule: 'syntax', message })
  }
}
