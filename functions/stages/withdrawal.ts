import type { Competitor } from '#contract'

/** How often a competitor whom another writer changed meanwhile is read and written again. */
const ATTEMPTS = 5

/** Where competitors' public faces stand; each rejects when the service failed. */
export type WithdrawalPorts = {
  readCompetitorForWrite(
    competitorId: string
  ): Promise<{ competitor: Competitor; etag: string } | undefined>
  /** Replaces under the etag; false when another one is there. */
  replaceCompetitor(competitor: Competitor, etag: string): Promise<boolean>
}

/** Marks a competitor's entry as withdrawn, so that the name leaves the race's directory. One who was erased has no name there. */
export async function markWithdrawn(
  ports: WithdrawalPorts,
  { competitorId, raceId, bib }: { competitorId: string; raceId: string; bib: number }
): Promise<void> {
  const isIt = (entry: Competitor['entries'][number]) =>
    entry.raceId === raceId && entry.bib === bib && !entry.withdrawn
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await ports.readCompetitorForWrite(competitorId)
    if (!stored?.competitor.entries.some(isIt)) return
    const { competitor, etag } = stored
    const entries = competitor.entries.map(entry =>
      isIt(entry) ? { ...entry, withdrawn: true } : entry
    )
    if (await ports.replaceCompetitor({ ...competitor, entries }, etag)) return
  }
  throw new Error(`the competitor ${competitorId} changes faster than can be written`)
}
