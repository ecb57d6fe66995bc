const two = (n: number) => String(n).padStart(2, '0')

/** The file of a partition's window that began at `startedAt` (ms since 1970), named as the template has it, in UTC. */
export function archiveName(prefix: string, startedAt: number): string {
  const at = new Date(startedAt)
  const day = [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())]
  const time = [two(at.getUTCHours()), two(at.getUTCMinutes()), two(at.getUTCSeconds())]
  return `${prefix}${[...day, ...time].join('/')}.avro`
}

/** When the window of such a file began, in ms since 1970; NaN where the name is not one. */
export function windowStart(name: string): number {
  const parts = /(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\.avro$/.exec(name)
  const [year = NaN, month = 1, ...rest] = parts?.slice(1).map(Number) ?? []
  return Date.UTC(year, month - 1, ...rest)
}
