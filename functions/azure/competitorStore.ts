import * as v from 'valibot'
import { Competitor } from '#contract'
import { container } from './database.ts'
import { readItem, replaceItem } from './items.ts'

/** A competitor's public face with the etag under which it may be replaced; undefined where there is none. */
export async function readCompetitorForWrite(
  competitorId: string
): Promise<{ competitor: Competitor; etag: string } | undefined> {
  const found = await readItem('competitors', competitorId, competitorId)
  return found && { competitor: v.parse(Competitor, found.item), etag: found.etag }
}

/** Replaces a competitor's public face under its etag; false when another one is there, or none. */
export const replaceCompetitor = async (competitor: Competitor, etag: string): Promise<boolean> =>
  (await replaceItem('competitors', competitor, competitor.competitorId, etag)) !== 'conflict'

/** All public faces of a competitor, one for each seat that was taken, with the etags under which they may be replaced. */
export async function readFacesForWrite(
  competitorId: string
): Promise<{ competitor: Competitor; etag: string }[]> {
  const options = { partitionKey: competitorId }
  const { resources } = await container('competitors')
    .items.query<Competitor & { _etag: string }>('SELECT * FROM c', options)
    .fetchAll()
  return resources.map(item => ({ competitor: v.parse(Competitor, item), etag: item._etag }))
}
