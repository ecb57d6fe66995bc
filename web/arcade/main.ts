import { mount } from 'svelte'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { openSeatPage } from '../seat/seatPage.ts'
import { keepAwake } from '../seat/wakeLock.ts'
import type { Settings } from '../settings.ts'
import { report, start } from '../start.ts'
import { createWords } from '../words.ts'
import ArcadePage from './Arcade.svelte'
import { startArcade } from './arcade.ts'
import { ArcadeView } from './arcadeView.svelte.ts'
import { ARCADE_TEXTS } from './words.ts'

/** Clocks show whole seconds, none of them for too long. */
const TICK_MS = 100
/** The page's own path, to which a sign-in comes back. */
const HOME = '/arcade/'
async function show(settings: Settings): Promise<void> {
  const words = createWords(settings.lang, ARCADE_TEXTS)
  dress(settings, words)
  const page = await openSeatPage(settings, HOME)
  const { now, clock } = page
  const view = new ArcadeView({ words, now, serverNow: clock.now, report })
  const arcade = startArcade({ ...page, view, call: createCall(settings.apiBase) })
  mount(ArcadePage, { target: document.body, props: { view, arcade } })
  if (page.race !== undefined) arcade.show(page.race)
  const awake = keepAwake(() => view.seat !== undefined && view.stage !== 'result')
  setInterval(() => {
    arcade.beat()
    awake.look()
  }, TICK_MS)
  document.addEventListener('visibilitychange', () =>
    arcade.visible(document.visibilityState === 'visible')
  )
}

start(show)
