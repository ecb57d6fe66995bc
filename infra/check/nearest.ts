/** The candidate that a writer most likely meant: another casing first, then the fewest edits; undefined if all are far. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const low = name.toLowerCase()
  let best: string | undefined
  let bestEdits = Math.max(2, Math.floor(name.length / 4)) + 1
  for (const candidate of candidates) {
    const edits = distance(low, candidate.toLowerCase())
    if (edits < bestEdits) {
      best = candidate
      bestEdits = edits
    }
  }
  return best
}

/** Most candidates that are all named where none is near. */
const FEW = 12

/** The end of a sentence that names what may have been meant; empty where nothing is near. */
export function suggestion(word: string, known: Iterable<string>): string {
  const names = [...new Set(known)]
  const meant = nearest(word, names)
  if (meant !== undefined) return `: did you mean ${meant}?`
  return names.length === 0 || names.length > FEW ? '' : `: there is ${names.join(', ')}`
}

/** How many letters to put in, take out or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
