/** Edits (insert, drop, replace a letter) that turn one word into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

/** The end of a sentence that names what may have been meant; empty where nothing is near. */
export function suggestion(word: string, known: Iterable<string>): string {
  const names = [...new Set(known)]
  const ranked = names
    .map(name => ({ name, edits: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(2, Math.min(word.length, name.length) / 2))
    .sort((a, b) => a.edits - b.edits)
  const nearest = ranked[0]?.name
  if (nearest !== undefined) return `: did you mean ${nearest}?`
  if (names.length === 0 || names.length > 12) return ''
  return `: there is ${names.join(', ')}`
}
