/** A JSON object. */
export type Json = { [name: string]: unknown }

/** One half of a twin. `metadata` mirrors `values` and says when each was set. */
export type Half = { values: Json; metadata: Json; version: number }

/** Largest half of a twin, and how deep it may nest. */
const HALF_MAX_CHARS = 32_768
const MAX_DEPTH = 10

export const newHalf = (): Half => ({ values: {}, metadata: {}, version: 1 })

/** The half after a patch, in which null removes; throws one sentence where the patch does not fit a twin. */
export function patched({ values, metadata, version }: Half, patch: unknown, at: Date): Half {
  if (!isJson(patch)) throw new Error('A patch of a twin must be a JSON object')
  const merged = merge({ values, metadata }, patch, at.toISOString(), MAX_DEPTH)
  if (JSON.stringify(merged.values).length > HALF_MAX_CHARS)
    throw new Error(`A twin's properties may not have more than ${HALF_MAX_CHARS} characters`)
  return { ...merged, version: version + 1 }
}

/** What the device and the service see of a half; the service sees the metadata too. */
export const shown = ({ values, version }: Half): Json => ({ ...values, $version: version })
export const shownToService = (half: Half): Json => ({ ...shown(half), $metadata: half.metadata })

type Merged = { values: Json; metadata: Json }

function merge(into: Merged, patch: Json, at: string, depth: number): Merged {
  if (depth === 0) throw new Error(`A twin may not nest deeper than ${MAX_DEPTH}`)
  const values = { ...into.values }
  const metadata: Json = { ...into.metadata, $lastUpdated: at }
  for (const [name, value] of Object.entries(patch)) {
    if (!/^[^$. \p{Cc}]{1,1024}$/u.test(name) || name === '__proto__')
      throw new Error(`A twin may not have a property named "${name}"`)
    if (value === null) {
      delete values[name]
      delete metadata[name]
    } else if (isJson(value)) {
      const below = { values: objectOf(values[name]), metadata: objectOf(metadata[name]) }
      const merged = merge(below, value, at, depth - 1)
      values[name] = merged.values
      metadata[name] = merged.metadata
    } else {
      values[name] = value
      metadata[name] = { $lastUpdated: at }
    }
  }
  return { values, metadata }
}

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectOf = (value: unknown): Json => (isJson(value) ? value : {})
