/** What comes repeated and out of order, counted by `seq` from 0. Plain data. */
export type Turns<T extends { seq: number }> = {
  /** The next sequence number in order; null before the first. */
  next: number | null
  /** What came before its turn, by sequence. */
  waiting: T[]
}

/** Lets in what has not been here. */
export function enqueue<T extends { seq: number }>(turns: Turns<T>, items: T[]): void {
  const known = new Set(turns.waiting.map(({ seq }) => seq))
  for (const item of items) {
    if (known.has(item.seq) || item.seq < (turns.next ?? 0)) continue
    known.add(item.seq)
    turns.waiting.push(item)
  }
  turns.waiting.sort((a, b) => a.seq - b.seq)
}

/** Takes the next one in turn; a missing one is passed over once `patience` later ones are there. */
export function dequeue<T extends { seq: number }>(
  turns: Turns<T>,
  patience: number
): T | undefined {
  const first = turns.waiting[0]
  if (!first) return undefined
  // The first that is heard of may be any: whether it is the earliest shows in time only.
  const inTurn = first.seq === (turns.next ?? 0)
  if (!inTurn && turns.waiting.length < patience) return undefined
  turns.waiting.shift()
  turns.next = first.seq + 1
  return first
}
