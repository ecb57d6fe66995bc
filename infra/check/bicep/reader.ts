import type { Place } from '../model.ts'
import { refusal } from './refusal.ts'
import type { Name } from './syntax.ts'
import type { Token } from './tokens.ts'

const SHOWN = 40

/** A position in the words of a file, with Bicep's rules about line ends. */
export class Reader {
  readonly text: string
  readonly #tokens: Token[]
  #at = 0

  constructor(text: string, tokens: Token[]) {
    this.text = text
    this.#tokens = tokens
  }

  get next(): Token {
    return this.peek(0)
  }

  peek(ahead: number): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1)
    if (!token) throw new Error('A file has at least its end.')
    return token
  }

  take(): Token {
    const token = this.next
    this.#at++
    return token
  }

  /** Whether the next word is `text`, and on the same line. */
  isHere(text: string): boolean {
    return this.next.text === text && !this.next.fresh && this.next.kind !== 'string'
  }

  isNext(text: string): boolean {
    return this.next.text === text && this.next.kind !== 'string'
  }

  accept(text: string): boolean {
    const isHere = this.isHere(text)
    if (isHere) this.#at++
    return isHere
  }

  /** Takes `text` from this line, or also from the next where `anyLine`. */
  expect(text: string, anyLine = false): Token {
    if (anyLine ? !this.isNext(text) : !this.isHere(text)) throw this.unexpected(`\`${text}\``)
    return this.take()
  }

  name(what: string): Name {
    if (this.next.kind !== 'name') throw this.unexpected(what)
    const { text: name, place } = this.take()
    return { name, place }
  }

  unexpected(wanted: string) {
    const { kind, text, fresh, place } = this.next
    const found = kind === 'end' ? 'the file ends' : `\`${text.slice(0, SHOWN)}\` stands here`
    const where = fresh && kind !== 'end' ? ' on a new line' : ''
    return refusal(place, 'syntax', `${wanted} is wanted, but ${found}${where}`)
  }

  /** What was written from `from` to the last word taken. */
  written(from: Token): { place: Place; text: string } {
    const last = this.#tokens[this.#at - 1] ?? from
    return { place: from.place, text: this.text.slice(from.start, last.end) }
  }

  /** Items of an object or array: one a line, or with commas between on one line. */
  *items(closing: string): Generator<Token> {
    while (!this.isNext(closing)) {
      yield this.next
      if (this.isNext(closing) || this.next.fresh) continue
      this.expect(',')
      if (this.next.fresh) throw this.unexpected('another item behind the comma')
    }
    this.take()
  }

  /** Items between parentheses: commas between them, line ends where one likes. */
  *listed(closing: string): Generator<Token> {
    if (!this.isNext(closing)) {
      do yield this.next
      while (this.accept(','))
    }
    this.expect(closing, true)
  }
}
