import type { Call } from '../call.ts'
import { createAnswers } from '../mobile/answers.ts'
import { startPolling } from '../mobile/poll.ts'
import type { Shown } from './address.ts'
import type { BoardsView } from './boardsView.svelte.ts'
import { createCourseReader, type RaceCourse } from './courseReader.ts'
import { RaceBoard } from './raceBoard.svelte.ts'
import { openRaceFeed } from './raceFeed.ts'
import { createRaceLists, type RaceLists } from './raceLists.ts'
import { createRead } from './reader.ts'

type BoardsOptions = {
  apiBase: string
  view: BoardsView
  call: Call
  page: Document
  link: EventTarget
  now(): number
  random(): number
  report(error: unknown): void
}

/** Shows what the view's address says, and keeps it current. */
export function startBoards(options: BoardsOptions) {
  const { apiBase, view, call, page, link, now, random, report } = options
  const read = createRead(createAnswers(apiBase, call, now))
  const lists = createRaceLists(read)
  const courses = createCourseReader(read, view.course)
  let feed: ReturnType<typeof openRaceFeed> | undefined
  /** What of all time is shown or under way, as one text. */
  let opened: string | undefined
  let raceCourse: RaceCourse | undefined

  const failed = (error: unknown): void => {
    view.failing = true
    report(error)
  }

  const openRace = (raceId: string | undefined): void => {
    feed?.close()
    feed = undefined
    view.race = undefined
    if (raceId === undefined) return
    const race = new RaceBoard(raceId, view.words, now(), report)
    view.race = race
    if (raceCourse === undefined || view.raceCourse?.raceId !== raceId) {
      view.raceCourse = raceCourse = undefined
      courses
        .courseOf(raceId)
        .then(course => {
          if (view.race !== race) return
          raceCourse = course
          view.raceCourse = { raceId, ...course }
        })
        .catch(report)
    }
    feed = openRaceFeed({
      // Tags are remembered for what is held, which begins anew with each race.
      answers: createAnswers(apiBase, call, now),
      raceId,
      sink: race.sink,
      wanted: held => race.wanted(held),
      phase: () => race.phase,
      ...{ page, link, now, random }
    })
  }

  const showEver = async (): Promise<void> => {
    const { shown, course } = view
    if (!course.courses) {
      // Before the first lists nobody knows a course, unless the address names one.
      if (view.live && view.past) await courses.courses([...view.live, ...view.past])
      else if (shown.course === undefined) return
    }
    const courseId = shown.course ?? raceCourse?.courseId ?? course.courses?.[0]?.courseId
    if (courseId === undefined) return
    const board = shown.board ?? (raceCourse?.courseId === courseId ? raceCourse.board : undefined)
    const wanted = JSON.stringify([courseId, board, shown.group])
    if (wanted === opened) return
    opened = wanted
    try {
      await courses.open(courseId, { board, group: shown.group })
      course.failing = false
    } catch (error) {
      // What failed is asked for again by the next round.
      opened = undefined
      course.failing = true
      throw error
    }
  }

  /** Makes what is held follow what is to be shown. */
  const settle = async (): Promise<void> => {
    if (view.tab === 'ever') {
      openRace(undefined)
      return showEver()
    }
    opened = undefined
    const raceId = view.shown.race ?? view.newest
    if (raceId !== view.race?.raceId) openRace(raceId)
    if (!view.race) return
    const { race } = view
    race.summary = [...(view.live ?? []), ...(view.past ?? [])].find(
      each => each.raceId === race.raceId
    )
    if (race.group !== view.shown.group) race.group = view.shown.group
    feed?.want()
  }

  const take = (found: RaceLists): Promise<void> => {
    Object.assign(view, found)
    view.failing = false
    return settle()
  }

  settle().catch(failed)
  startPolling({
    ask: async () => {
      await take(await lists.look())
      return 'again'
    },
    failed,
    ...{ page, link, random }
  })

  return {
    /** Shows this from now on. */
    show(shown: Shown): void {
      view.shown = shown
      settle().catch(failed)
    },
    /** The next page of races that are over. */
    lookBack(): void {
      lists.lookBack().then(take).catch(failed)
    },
    /** More rows of the race. */
    want(rows: number): void {
      if (view.race) view.race.wish = rows
      feed?.want()
    },
    /** More rows of the all-time board. */
    more(): void {
      courses.more().catch(failed)
    }
  }
}

export type Boards = ReturnType<typeof startBoards>
