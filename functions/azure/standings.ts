import type { BibPage, Directory, Head, LapPage, RaceSummary, RankPage } from '#contract'
import type { PageWrite } from '#race/publication'
import { container } from './database.ts'
import { readItem, replaceItem } from './items.ts'

/** An item of `standings`: the document in `body`, apart from the system's own properties and the index. */
export type StandingsItem =
  | { id: string; raceId: string; kind: 'head'; summary: RaceSummary; body: Head }
  | { id: string; raceId: string; kind: 'rankPage'; body: RankPage }
  | { id: string; raceId: string; kind: 'bibPage'; body: BibPage }
  | { id: string; raceId: string; kind: 'lapPage'; body: LapPage }
  | { id: string; raceId: string; kind: 'directory'; body: Directory }

const HEAD_ID = 'head'
const DIRECTORY_ID = 'directory'

async function readBody<T>(raceId: string, id: string): Promise<T | undefined> {
  return (await readItem<{ body: T }>('standings', id, raceId))?.item.body
}

export const readHead = (raceId: string): Promise<Head | undefined> => readBody(raceId, HEAD_ID)
export const readDirectory = (raceId: string): Promise<Directory | undefined> =>
  readBody(raceId, DIRECTORY_ID)
export const readRankPage = (raceId: string, id: string): Promise<RankPage | undefined> =>
  readBody(raceId, id)
export const readBibPage = (raceId: string, id: string): Promise<BibPage | undefined> =>
  readBody(raceId, id)
export const readLapPage = (raceId: string, id: string): Promise<LapPage | undefined> =>
  readBody(raceId, id)

/** One line of each race that has a board. */
export async function readSummaries(): Promise<RaceSummary[]> {
  const query = `SELECT VALUE c.summary FROM c WHERE c.kind = 'head'`
  return (await container('standings').items.query<RaceSummary>(query).fetchAll()).resources
}

/** The head with the etag under which it may be replaced. */
export async function readHeadForWrite(
  raceId: string,
  signal: AbortSignal
): Promise<{ head: Head; etag: string } | undefined> {
  const found = await readItem<{ body: Head }>('standings', HEAD_ID, raceId, signal)
  return found && { head: found.item.body, etag: found.etag }
}

/** Writes pages side by side; the head that names them comes after. */
export async function writePages(
  raceId: string,
  pages: PageWrite[],
  signal: AbortSignal
): Promise<void> {
  await Promise.all(
    pages.map(({ id, kind, page }) =>
      container('standings').items.upsert({ id, raceId, kind, body: page }, { abortSignal: signal })
    )
  )
}

/** Replaces the head under its etag; see `RacePorts.writeHead`. `summary` is what the list of races needs of it. */
export function writeHead(
  head: Head,
  summary: RaceSummary,
  etag: string | null,
  signal: AbortSignal
): Promise<{ etag: string } | 'conflict'> {
  const { raceId } = head
  const item: StandingsItem = { id: HEAD_ID, raceId, kind: 'head', summary, body: head }
  return replaceItem('standings', item, raceId, etag, signal)
}

/** The directory with its etag. */
export async function readDirectoryForWrite(
  raceId: string
): Promise<{ directory: Directory; etag: string } | undefined> {
  const found = await readItem<{ body: Directory }>('standings', DIRECTORY_ID, raceId)
  return found && { directory: found.item.body, etag: found.etag }
}

/** Replaces the directory under its etag; false when another is there. */
export async function writeDirectory(directory: Directory, etag: string | null): Promise<boolean> {
  const { raceId } = directory
  const item: StandingsItem = { id: DIRECTORY_ID, raceId, kind: 'directory', body: directory }
  return (await replaceItem('standings', item, raceId, etag)) !== 'conflict'
}
