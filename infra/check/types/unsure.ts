/**
 * The parts of a string that are known: what stands before, between and after its parts `«…»` that only the
 * deployment knows. One part where all is known.
 */
export function knownParts(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const letter of text) {
    if (letter === '«') {
      if (depth === 0) parts.push('')
      depth += 1
    } else if (letter === '»') depth = Math.max(0, depth - 1)
    else if (depth === 0) parts[parts.length - 1] += letter
  }
  return parts
}

/** Whether a string, of which parts may be unknown, can turn out to be `candidate`. */
export function mayBe(text: string, candidate: string | RegExp): boolean {
  const [start = '', ...parts] = knownParts(text)
  if (typeof candidate !== 'string') return mayMatch([start, ...parts], candidate)
  const end = parts.pop()
  if (end === undefined) return text === candidate
  let from = start.length
  for (const part of parts) {
    const found = candidate.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  const rest = candidate.slice(from)
  return candidate.startsWith(start) && rest.length >= end.length && rest.endsWith(end)
}

/** Lengths and letters of what names, numbers, dates and GUIDs are made of. */
const FILLINGS = [0, 1, 2, 4, 8, 13, 36].flatMap(length =>
  ['a', 'A', '0'].map(letter => letter.repeat(length))
)

/** Whether the unknown between `parts` can be filled so that the whole fits; what is unknown all over fits. */
function mayMatch(parts: string[], pattern: RegExp): boolean {
  if (parts.length > 1 && parts.every(part => part === '')) return true
  return FILLINGS.some(filling => pattern.test(parts.join(filling)))
}

/** The parts of a name between its slashes; a slash inside an unknown part is none. */
export function segments(name: string): string[] {
  const found = ['']
  let depth = 0
  for (const letter of name) {
    if (letter === '«') depth += 1
    if (letter === '»') depth -= 1
    if (letter === '/' && depth === 0) found.push('')
    else found[found.length - 1] += letter
  }
  return found
}

/** A resource's own name, without its parents'. */
export const lastSegment = (name: string): string => segments(name).at(-1) ?? ''
