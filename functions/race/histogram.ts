import type { Standing } from '#contract'

/** Neighbouring values that are counted, stored and read together. */
export const BLOCK_VALUES = 4_096
const WORD_BYTES = 4

/** How many values lie in each block that has any, lowest block first. Plain data: `counts[i]` are of block `blocks[i]`. */
export type Sums = { blocks: number[]; counts: number[] }
/** How often each value of one block is there. */
export type Block = Uint32Array<ArrayBuffer>
/** A block as stored: counts from the first value that is there to the last, in base64. */
export type PackedBlock = { first: number; counts: string }

export const emptySums = (): Sums => ({ blocks: [], counts: [] })
export const emptyBlock = (): Block => new Uint32Array(BLOCK_VALUES)

/** The block that a value belongs to. */
export const blockOf = (value: number): number => Math.floor(value / BLOCK_VALUES)

/** Counts a value in, or out again: one that is there. `block` is its own. */
export function count(sums: Sums, block: Block, value: number, by: 1 | -1): void {
  const slot = value % BLOCK_VALUES
  block[slot] = block[slot]! + by
  const own = blockOf(value)
  const index = indexOf(sums, own)
  if (sums.blocks[index] !== own) {
    sums.blocks.splice(index, 0, own)
    sums.counts.splice(index, 0, 0)
  }
  sums.counts[index] = sums.counts[index]! + by
  if (sums.counts[index] === 0) {
    sums.blocks.splice(index, 1)
    sums.counts.splice(index, 1)
  }
}

/** Whether any value lies in a block. */
export const holds = (sums: Sums, block: number): boolean =>
  sums.blocks[indexOf(sums, block)] === block

/** All values that are counted. */
export const total = ({ counts }: Sums): number => counts.reduce((sum, each) => sum + each, 0)

/** The exact place of any value, from the sums and its own block; without one nothing is in it. */
export function standing(
  sums: Sums,
  block: Block | undefined,
  value: number,
  compare: (a: number, b: number) => number
): Standing {
  const own = indexOf(sums, blockOf(value))
  const slot = value % BLOCK_VALUES
  let below = 0
  for (let i = 0; i < own; i++) below += sums.counts[i]!
  if (block) for (let i = 0; i < slot; i++) below += block[i]!
  const same = block?.[slot] ?? 0
  const of = total(sums)
  const lowerIsBetter = compare(0, 1) < 0
  return { value, rank: 1 + (lowerIsBetter ? below : of - below - same), same, of }
}

/** Block to storage. */
export function packBlock(block: Block): PackedBlock {
  const first = Math.max(0, block.findIndex(Boolean))
  const words = block.subarray(first, block.findLastIndex(Boolean) + 1)
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength)
  return { first, counts: bytes.toString('base64') }
}

/** The inverse of `packBlock`. */
export function unpackBlock({ first, counts }: PackedBlock): Block {
  const block = emptyBlock()
  const bytes = new Uint8Array(Buffer.from(counts, 'base64'))
  block.set(new Uint32Array(bytes.buffer, 0, bytes.byteLength / WORD_BYTES), first)
  return block
}

/** Where a block stands among those that hold something, or would. */
function indexOf({ blocks }: Sums, block: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (blocks[middle]! < block) low = middle + 1
    else high = middle
  }
  return low
}
