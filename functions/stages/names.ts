import type { Competitor, Directory, DirectoryEntry } from '#contract'

/** How often a directory that another writer changed meanwhile is read and written again. */
const ATTEMPTS = 5

/** Where the names stand; each rejects when the service failed. */
export type NamesPorts = {
  readDirectory(raceId: string): Promise<{ directory: Directory; etag: string } | undefined>
  /** Replaces under the etag, or creates; false when another directory is there. */
  writeDirectory(directory: Directory, etag: string | null): Promise<boolean>
}

/** Brings new and changed competitors into the directory of each race that they stand in. Repeating is harmless. */
export function createNames(ports: NamesPorts): (competitors: Competitor[]) => Promise<void> {
  return async competitors => {
    const races = new Map<string, DirectoryEntry[]>()
    for (const { name, country, class: raced, entries } of competitors) {
      for (const { raceId, bib } of entries) {
        const known = races.get(raceId) ?? []
        known.push({ bib, name, country, class: raced })
        races.set(raceId, known)
      }
    }
    for (const [raceId, entries] of races) await enter(ports, raceId, entries)
  }
}

async function enter(ports: NamesPorts, raceId: string, entries: DirectoryEntry[]): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await ports.readDirectory(raceId)
    const merged = new Map(stored?.directory.entries.map(entry => [entry.bib, entry]))
    for (const entry of entries) merged.set(entry.bib, entry)
    const directory = {
      raceId,
      version: (stored?.directory.version ?? 0) + 1,
      entries: [...merged.values()].sort((a, b) => a.bib - b.bib)
    }
    if (await ports.writeDirectory(directory, stored?.etag ?? null)) return
  }
  throw new Error(`the directory of ${raceId} changes faster than it can be written`)
}
