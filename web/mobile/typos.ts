/** Typing errors forgiven in so many letters: none in short words, where each is another word. */
export const typosAllowed = (letters: number): number => (letters < 4 ? 0 : letters < 8 ? 1 : 2)

/**
 * How many typing errors (a letter missing, added, wrong, or two exchanged) lead from the beginning of `word` to
 * `typed`; more than `most` is just more than `most`. Both are lists of letters.
 */
export function typosBetween(
  typed: readonly string[],
  word: readonly string[],
  most: number
): number {
  // No more of the word than `typed` can stand for.
  const width = Math.min(word.length, typed.length + most)
  let before: number[] = []
  let row = Array.from({ length: width + 1 }, (_, j) => j)
  for (let i = 1; i <= typed.length; i++) {
    const next = [i]
    for (let j = 1; j <= width; j++) {
      const same = typed[i - 1] === word[j - 1]
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1)
      }
      next.push(least)
    }
    if (Math.min(...next) > most) return most + 1
    before = row
    row = next
  }
  return Math.min(...row)
}
