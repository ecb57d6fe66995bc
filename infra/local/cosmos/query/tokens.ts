import { badRequest } from '../errors.ts'

const KINDS = ['parameter', 'name', 'number', 'string', 'sign'] as const
export type Token = { kind: (typeof KINDS)[number] | 'end'; text: string }

const TOKEN =
  /\s*(?:(?<parameter>@\w+)|(?<name>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|(?<string>"[^"\\]*"|'[^'\\]*')|(?<sign>!=|<=|>=|[=<>().,*]))/y

/** Words that cannot name a property. */
export const KEYWORDS = new Set(
  `AND ARRAY AS ASC BETWEEN BY DESC DISTINCT ESCAPE EXISTS FALSE FROM GROUP IN JOIN LEFT LIKE LIMIT NOT
  NULL OFFSET OR ORDER RIGHT SELECT TOP TRUE UDF UNDEFINED VALUE WHERE`.split(/\s+/)
)

/** The words and signs of a query, ended by one of kind `end`. */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN)
  const text = query.trimEnd()
  while (pattern.lastIndex < text.length) {
    const rest = text.slice(pattern.lastIndex)
    const groups = pattern.exec(text)?.groups ?? {}
    const kind = KINDS.find(one => groups[one] !== undefined)
    if (!kind) throw badRequest(`Syntax error, or SQL not served on the laptop, near '${rest}'.`)
    tokens.push({ kind, text: groups[kind]! })
  }
  return [...tokens, { kind: 'end', text: '' }]
}
