import * as v from 'valibot'
import { BoardId } from '#contract/boards'
import { CourseId, RaceId } from '#contract/ids'

const TABS = ['now', 'finished', 'ever'] as const
/** Races under way, races that are over, and everybody's best of all time. */
export type Tab = (typeof TABS)[number]

/** What the page shows, as its address says it: whoever has the address sees the same. */
export type Shown = {
  /** Undefined: where the race belongs. */
  tab: Tab | undefined
  /** Undefined: the newest one. */
  race: string | undefined
  course: string | undefined
  board: string | undefined
  /** The class; empty for all. */
  group: string
}

/** Reads an address; what is missing or wrong is not shown. */
export function shownAt(search: string): Shown {
  const query = new URLSearchParams(search)
  const one = (name: string, schema: v.GenericSchema<unknown, string>): string | undefined => {
    const parsed = v.safeParse(schema, query.get(name))
    return parsed.success ? parsed.output : undefined
  }
  return {
    tab: TABS.find(tab => tab === query.get('view')),
    race: one('race', RaceId),
    course: one('course', CourseId),
    board: one('board', BoardId),
    group: query.get('class') ?? ''
  }
}

/** The address of what is shown. What else `search` says, as the language, stays. */
export function searchOf({ tab, race, course, board, group }: Shown, search: string): string {
  const query = new URLSearchParams(search)
  const parts = { view: tab, race, course, board, class: group || undefined }
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined) query.delete(name)
    else query.set(name, value)
  }
  return query.size > 0 ? `?${query}` : ''
}
