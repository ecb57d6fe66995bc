import type { Competitor, Directory, DirectoryEntry } from '#contract'

/** How often a directory that another writer changed meanwhile is read and written again. */
const ATTEMPTS = 5

/** Where the names stand; each rejects when the service failed. */
export type NamesPorts = {
  readDirectory(raceId: string): Promise<{ directory: Directory; etag: string } | undefined>
  /** Replaces under the etag, or creates; false when another directory is there. */
  writeDirectory(directory: Directory, etag: string | null): Promise<boolean>
}

/** What a race's directory should say of some bibs; undefined of those that are withdrawn or erased. */
type Names = Map<number, DirectoryEntry | undefined>

/**
 * Brings new and changed competitors into the directory of each race that they stand in, and takes those out that were
 * withdrawn or erased. Repeating is harmless.
 */
export function createNames(ports: NamesPorts): (competitors: Competitor[]) => Promise<void> {
  return async competitors => {
    const races = new Map<string, Names>()
    for (const { name, country, class: raced, entries, erased } of competitors) {
      for (const { raceId, bib, withdrawn } of entries) {
        const names: Names = races.get(raceId) ?? new Map()
        const isGone = withdrawn || erased
        names.set(bib, isGone ? undefined : { bib, name, country, class: raced })
        races.set(raceId, names)
      }
    }
    for (const [raceId, names] of races) await enter(ports, raceId, names)
  }
}

async function enter(ports: NamesPorts, raceId: string, names: Names): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await ports.readDirectory(raceId)
    const known = stored?.directory.entries ?? []
    const entries = [...known.filter(({ bib }) => !names.has(bib)), ...names.values()]
      .filter(entry => entry !== undefined)
      .sort((a, b) => a.bib - b.bib)
    if (JSON.stringify(entries) === JSON.stringify(known)) return
    const directory = { raceId, version: (stored?.directory.version ?? 0) + 1, entries }
    if (await ports.writeDirectory(directory, stored?.etag ?? null)) return
  }
  throw new Error(`the directory of ${raceId} changes faster than it can be written`)
}
