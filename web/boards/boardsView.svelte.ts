import type { RaceSummary } from '#contract'
import { isLive } from '../currentRace.ts'
import type { Shown, Tab } from './address.ts'
import type { CourseBoardView } from './courseBoard.svelte.ts'
import type { RaceCourse } from './courseReader.ts'
import type { RaceBoard } from './raceBoard.svelte.ts'
import type { BoardsWords } from './words.ts'

/** The page: what its address says, the races there are, and one of them or one course. */
export class BoardsView {
  readonly words: BoardsWords
  readonly course: CourseBoardView
  shown = $state.raw<Shown>({
    ...{ tab: undefined, race: undefined, course: undefined, board: undefined, group: '' }
  })
  /** Races under way, the newest start first; undefined before the first answer. */
  live = $state.raw<readonly RaceSummary[]>()
  past = $state.raw<readonly RaceSummary[]>()
  /** There are older ones than those of `past`. */
  hasOlder = $state(false)
  race = $state.raw<RaceBoard>()
  /** The course of the race that was opened last, and the board that its results are on. */
  raceCourse = $state.raw<RaceCourse & { raceId: string }>()
  failing = $state(false)

  /** A race that was picked stands where it belongs. */
  readonly tab = $derived.by<Tab>(() => {
    if (this.shown.tab) return this.shown.tab
    const phase = this.shown.race === undefined ? undefined : this.race?.phase
    const over = phase === 'provisional' || phase === 'official' || phase === 'aborted'
    return over ? 'finished' : 'now'
  })
  /** The races to pick from. */
  readonly list = $derived(this.tab === 'now' ? this.live : this.past)

  constructor(words: BoardsWords, course: CourseBoardView) {
    this.words = words
    this.course = course
  }

  /** The race to show where none was picked: the newest of the list, or the one that has been followed to its end. */
  get newest(): string | undefined {
    const open = this.race
    if (this.tab === 'now' && open && !this.live?.length && open.phase && !isLive(open.phase)) {
      return open.raceId
    }
    return this.list?.[0]?.raceId
  }
}
