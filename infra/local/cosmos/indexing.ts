import type { Path } from './document.ts'

type Policy = {
  indexingMode?: string
  includedPaths?: { path: string }[]
  excludedPaths?: { path: string }[]
}

/** Paths that the service always can look up. */
const ALWAYS = ['/id/', '/_ts/']

/** Which paths a container indexes; without a policy all. */
export class IndexingPolicy {
  readonly #rules: { start: string; isWhole: boolean; isIncluded: boolean }[]

  constructor(policy: Policy = {}) {
    const { indexingMode, includedPaths = [{ path: '/*' }], excludedPaths = [] } = policy
    const included = indexingMode?.toLowerCase() === 'none' ? [] : includedPaths
    // `/a/?` is the value at /a, `/a/*` all from there. The more precise wins.
    this.#rules = [...included, ...excludedPaths]
      .map(({ path }, i) => ({
        start: path.slice(0, -1).replaceAll('"', ''),
        isWhole: path.endsWith('*'),
        isIncluded: i < included.length
      }))
      .sort((a, b) => b.start.length - a.start.length || Number(a.isWhole) - Number(b.isWhole))
  }

  isIndexed(path: Path): boolean {
    const own = `/${path.join('/')}/`
    const rule = this.#rules.find(({ start, isWhole }) =>
      isWhole ? own.startsWith(start) : own === start
    )
    return ALWAYS.includes(own) || rule?.isIncluded === true
  }
}
