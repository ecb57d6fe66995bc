import * as v from 'valibot'
import { Ghost, Ghosts, PersonalBest } from '#contract/boards'
import { BibPage, Head, RaceDetail, RankPage } from '#contract/standings'
import { ApiError, type Call } from '../call.ts'

/** What the ride asks beside what all pages ask; each throws `ApiError`, or a `ValiError` when an answer breaks the contract. */
export type RideApi = {
  detail(raceId: string): Promise<RaceDetail>
  /** The head with its pages' versions, and pages of it. */
  head(raceId: string): Promise<Head>
  rankPage(raceId: string, page: number): Promise<RankPage>
  bibPage(raceId: string, page: number): Promise<BibPage>
  /** Undefined where nobody has raced on the course, or this one has not. `who` is a competitor, or `best`. */
  ghosts(courseId: string, board: string): Promise<Ghosts | undefined>
  ghost(courseId: string, board: string, who: string): Promise<Ghost | undefined>
  best(courseId: string, board: string, who: string): Promise<PersonalBest | undefined>
}

/** The API by `call`. */
export function createRideApi(call: Call): RideApi {
  const read = async <const S extends v.GenericSchema>(
    path: string,
    schema: S
  ): Promise<v.InferOutput<S>> => v.parse(schema, await (await call(path)).json())
  const find = async <const S extends v.GenericSchema>(path: string, schema: S) => {
    try {
      return await read(path, schema)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    }
  }
  return {
    detail: raceId => read(`/races/${raceId}`, RaceDetail),
    head: raceId => read(`/races/${raceId}/standings`, Head),
    rankPage: (raceId, page) => read(`/races/${raceId}/standings/ranks/${page}`, RankPage),
    bibPage: (raceId, page) => read(`/races/${raceId}/standings/bibs/${page}`, BibPage),
    ghosts: (courseId, board) => find(`/courses/${courseId}/ghosts?board=${board}`, Ghosts),
    ghost: (courseId, board, who) =>
      find(`/courses/${courseId}/ghosts/${who}?board=${board}`, Ghost),
    best: (courseId, board, who) =>
      find(`/courses/${courseId}/bests/${who}?board=${board}`, PersonalBest)
  }
}
