import type { DirectoryEntry, Row } from '#contract/standings'
import { findNames } from '#race/findNames'
import type { OfficeApi } from './officeApi.ts'
import { isStatus, reasonOf } from './trouble.ts'

/** Rows of one page of the board. */
const PAGE_ROWS = 100
/** Most competitors that a search shows. */
const FOUND_MAX = 50

/** The whole classification, page by page, and who is looked for in it. */
export class ScoreView {
  pages = $state.raw<readonly (readonly Row[])[]>([])
  isAll = $state(false)
  search = $state('')
  found = $state.raw<readonly Row[]>()
  refusal = $state<string>()

  readonly rows = $derived(this.found ?? this.pages.flat())

  readonly #office: Pick<OfficeApi, 'rankPage' | 'competitor'>
  readonly #raceId: string

  constructor(office: Pick<OfficeApi, 'rankPage' | 'competitor'>, raceId: string) {
    this.#office = office
    this.#raceId = raceId
  }

  /** Reads the pages that are shown once more, and the first where there is none. */
  async refresh(): Promise<void> {
    const wanted = Math.max(1, this.pages.length)
    await this.#guarded(async () => {
      this.pages = await Promise.all(Array.from({ length: wanted }, (_, page) => this.#page(page)))
      this.isAll = (this.pages.at(-1)?.length ?? 0) < PAGE_ROWS
    })
  }

  async readOn(): Promise<void> {
    await this.#guarded(async () => {
      const rows = await this.#page(this.pages.length)
      this.pages = [...this.pages, rows]
      this.isAll = rows.length < PAGE_ROWS
    })
  }

  /** Looks for a number or a name; an empty text shows everybody. */
  async find(text: string, entries: readonly DirectoryEntry[]): Promise<void> {
    this.search = text
    if (text.trim() === '') {
      this.found = undefined
      return
    }
    const bibs = findNames([...entries], text)
      .slice(0, FOUND_MAX)
      .map(({ bib }) => bib)
    await this.#guarded(async () => {
      const known = new Map(this.pages.flat().map(row => [row.bib, row]))
      const rows = await Promise.all(
        bibs.map(
          async bib => known.get(bib) ?? (await this.#office.competitor(this.#raceId, bib)).row
        )
      )
      if (text === this.search) this.found = rows.filter(row => row !== null)
    })
  }

  /** A page of rows; none where the board has no such page. */
  #page(page: number): Promise<readonly Row[]> {
    return this.#office.rankPage(this.#raceId, page).then(
      ({ rows }) => rows,
      (error: unknown) => (isStatus(error, 404) ? [] : Promise.reject(error))
    )
  }

  async #guarded(read: () => Promise<void>): Promise<void> {
    try {
      await read()
      this.refusal = undefined
    } catch (error) {
      this.refusal = reasonOf(error)
    }
  }
}
