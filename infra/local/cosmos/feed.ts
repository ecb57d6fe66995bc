import type { Item } from './container.ts'

/** Most text in one page of any feed, in characters; the service cuts pages at 4 MB. */
export const PAGE_MAX_CHARS = 4 * 1024 * 1024
/** Dead slots that are not worth clearing away. */
const DEAD_MIN = 1_024

/** The newest state of every item in the order of their last writes. An update leaves a dead slot behind. */
export class Feed {
  #slots: (Item | undefined)[] = []
  #lsns: number[] = []
  #dead = 0

  /** Adds an item whose lsn is not below any before it. */
  add(item: Item): void {
    this.#slots.push(item)
    this.#lsns.push(item.lsn)
  }

  remove(item: Item): void {
    let slot = this.#firstAfter(item.lsn - 1)
    // The items of one batch have one lsn.
    while (this.#slots[slot] !== item) slot++
    this.#slots[slot] = undefined
    if (++this.#dead > DEAD_MIN && this.#dead * 2 > this.#slots.length) this.#compact()
  }

  /**
   * Items written after `lsn` that `admits` lets through, oldest write first, at least `limit` if there are so many.
   * `last` is the position to go on from, undefined at the end. A batch is never divided, so a page may exceed `limit`.
   */
  after(lsn: number, limit: number, admits: (item: Item) => boolean) {
    const items: Item[] = []
    let chars = 0
    let last = lsn
    for (let slot = this.#firstAfter(lsn); slot < this.#slots.length; slot++) {
      const item = this.#slots[slot]
      if (!item || !admits(item)) continue
      const isFull = items.length >= limit || chars + item.text.length > PAGE_MAX_CHARS
      if (isFull && items.length > 0 && item.lsn !== last) return { items, last }
      items.push(item)
      chars += item.text.length
      last = item.lsn
    }
    return { items, last: undefined }
  }

  /** All items, oldest write first. */
  items(): Item[] {
    return this.#slots.filter(slot => slot !== undefined)
  }

  #firstAfter(lsn: number): number {
    let low = 0
    let high = this.#lsns.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#lsns[middle]! <= lsn) low = middle + 1
      else high = middle
    }
    return low
  }

  #compact(): void {
    const items = this.items()
    this.#slots = items
    this.#lsns = items.map(item => item.lsn)
    this.#dead = 0
  }
}
