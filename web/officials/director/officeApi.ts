import * as v from 'valibot'
import { Fact } from '#contract/ledger'
import {
  BoardAt,
  type Correction,
  Explanation,
  type ExportKind,
  LedgerPage,
  Me,
  type RacePatch,
  StartListOutcome,
  type Step
} from '#contract/office'
import { Contact } from '#contract/people'
import { Race, type RaceRequest, Series, type SeriesRequest } from '#contract/race'
import { ScreenLink } from '#contract/screens'
import { CompetitorDetail, RaceDetail, RaceList, RankPage } from '#contract/standings'
import type { Call } from '../../call.ts'

/** A start list of a whole field is entered one by one, so it may take this long, in ms. */
const LIST_TIMEOUT_MS = 120_000

/** What people give away of themselves; whatever else the item holds is not for showing. */
const Reachable = v.object(Contact.entries)

/** The routes of the race office; each throws `ApiError`, or `SignInNeeded`. */
export type OfficeApi = ReturnType<typeof createOfficeApi>

/** The office's routes behind `call`, which knows who asks, and what everybody may read behind `read`. */
export function createOfficeApi(call: Call, read: Call) {
  const get = async <const S extends v.GenericSchema>(
    by: Call,
    path: string,
    schema: S
  ): Promise<v.InferOutput<S>> => v.parse(schema, await (await by(path)).json())
  const send = async (method: string, path: string, body?: object, key?: string) =>
    call(path, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: {
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(key ? { 'Idempotency-Key': key } : {})
      }
    })
  const factOf = async (answer: Response) => v.parse(Fact, await answer.json())

  return {
    me: () => get(call, '/me', Me),
    races: (continuation: string | undefined) =>
      get(read, `/races${query({ continuation })}`, RaceList),
    race: (raceId: string) => get(read, `/races/${raceId}`, RaceDetail),
    rankPage: (raceId: string, page: number) =>
      get(read, `/races/${raceId}/standings/ranks/${page}`, RankPage),
    competitor: (raceId: string, bib: number) =>
      get(read, `/races/${raceId}/competitors/${bib}`, CompetitorDetail),
    ledger: (raceId: string, continuation?: string) =>
      get(call, `/races/${raceId}/ledger${query({ continuation })}`, LedgerPage),
    explanation: (raceId: string, bib: number) =>
      get(call, `/races/${raceId}/explanations/${bib}`, Explanation),
    /** An instant that is still to come is now, by the server's clock. */
    boardAt: (raceId: string, at: number) =>
      get(call, `/races/${raceId}/board${query({ at })}`, BoardAt),
    step: async (raceId: string, step: Step) =>
      factOf(await send('POST', `/races/${raceId}/steps/${step}`)),
    /** The same `key` with the same correction counts once. */
    correct: async (raceId: string, correction: Correction, key: string) =>
      factOf(await send('POST', `/races/${raceId}/corrections`, correction, key)),
    /** The answer has the end that holds. */
    extend: async (raceId: string, endsAt: number) =>
      factOf(await send('POST', `/races/${raceId}/extension`, { endsAt })),
    createSeries: async (series: SeriesRequest) =>
      v.parse(Series, await (await send('POST', '/series', series)).json()),
    create: async (race: RaceRequest) =>
      v.parse(Race, await (await send('POST', '/races', race)).json()),
    change: async (raceId: string, patch: RacePatch) =>
      v.parse(Race, await (await send('PATCH', `/races/${raceId}`, patch)).json()),
    async startList(raceId: string, list: Blob, apply: boolean) {
      const answer = await call(`/races/${raceId}/startlist${apply ? '?apply=true' : ''}`, {
        method: 'POST',
        body: list,
        headers: { 'Content-Type': 'text/csv' },
        signal: AbortSignal.timeout(LIST_TIMEOUT_MS)
      })
      return v.parse(StartListOutcome, await answer.json())
    },
    exported: async (raceId: string, what: v.InferOutput<typeof ExportKind>) =>
      (await call(`/races/${raceId}/exports/${what}`)).blob(),
    /** Each look is recorded in the ledger. */
    person: (competitorId: string) => get(call, `/people/${competitorId}`, Reachable),
    erase: async (competitorId: string) => {
      await send('DELETE', `/people/${competitorId}`)
    },
    screenLink: async (name: string) =>
      v.parse(ScreenLink, await (await send('POST', '/screens', { name })).json())
  }
}

function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return given.length
    ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
    : ''
}
