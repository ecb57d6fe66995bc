import { mount } from 'svelte'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { dropOldAnswers } from '../mobile/answers.ts'
import { passOf } from '../seat/heldSeat.ts'
import { lasting } from '../seat/keep.ts'
import type { Settings } from '../settings.ts'
import { report, start } from '../start.ts'
import { createWords } from '../words.ts'
import { type Shown, searchOf, shownAt } from './address.ts'
import Boards from './Boards.svelte'
import { startBoards } from './boards.ts'
import { BoardsView } from './boardsView.svelte.ts'
import { CourseBoardView } from './courseBoard.svelte.ts'
import { holderOf } from './passHolder.ts'
import { BOARDS_TEXTS } from './words.ts'

/** Clocks show whole seconds, none of them for too long. */
const TICK_MS = 250

function show(settings: Settings): void {
  const words = createWords(settings.lang, BOARDS_TEXTS)
  dress(settings, words)
  const view = new BoardsView(words, new CourseBoardView(holderOf(passOf(lasting))))
  view.shown = shownAt(location.search)
  const boards = startBoards({
    apiBase: settings.apiBase,
    view,
    call: createCall(settings.apiBase),
    page: document,
    link: window,
    now: Date.now,
    random: Math.random,
    report
  })
  const go = (shown: Shown): void => {
    history.pushState(null, '', location.pathname + searchOf(shown, location.search))
    boards.show(shown)
  }
  mount(Boards, { target: document.body, props: { view, boards, go, apiBase: settings.apiBase } })
  window.addEventListener('popstate', () => boards.show(shownAt(location.search)))
  setInterval(() => {
    if (document.visibilityState === 'visible' && view.race) view.race.now = Date.now()
  }, TICK_MS)
  dropOldAnswers(Date.now()).catch(report)
}

start(show)
