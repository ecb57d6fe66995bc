/** The JSON pointer of the first part in which two JSON values differ; undefined where they are equal. */
export function difference(one: unknown, other: unknown, pointer = ''): string | undefined {
  if (one === other) return undefined
  if (!isObject(one) || !isObject(other)) return pointer
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .map(key => difference(one[key], other[key], `${pointer}/${key}`))
    .find(found => found !== undefined)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
