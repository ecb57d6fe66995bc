import { mount } from 'svelte'
import * as v from 'valibot'
import { RaceId } from '#contract/ids'
import { createApi } from '../api.ts'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { readConfig } from '../officials/config.ts'
import { isBack, openAccount } from '../seat/account.ts'
import { lasting, ofTab } from '../seat/keep.ts'
import { createSeatApi } from '../seat/seatApi.ts'
import { openServerClock } from '../seat/serverClock.ts'
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
/** A sign-in leaves the page: the session is remembered for when it comes back. */
const RETURN = 'grandstand.return'

/** A clock that nobody sets while the page is open. */
const now = (): number => performance.timeOrigin + performance.now()

async function show(settings: Settings): Promise<void> {
  const words = createWords(settings.lang, ARCADE_TEXTS)
  dress(settings, words)
  const { gatewayUrl, signIn, ridersSignIn } = await readConfig()
  const seatApi = createSeatApi(createCall(gatewayUrl.replace(/\/$/, '')))
  const clock = openServerClock({ ask: seatApi.time, now })
  const view = new ArcadeView({ words, now, serverNow: clock.now, report })
  const arcade = startArcade({
    ...{ view, clock, seatApi, lasting, ofTab, now, report },
    api: createApi(settings.apiBase),
    call: createCall(settings.apiBase),
    account: () => openAccount(ridersSignIn ?? signIn, HOME),
    address(raceId) {
      const address = new URL(location.href)
      if (raceId === undefined) address.searchParams.delete('race')
      else address.searchParams.set('race', raceId)
      history.replaceState(null, '', address)
      ofTab.write(RETURN, raceId)
    },
    page: window,
    random: Math.random,
    newKey: () => crypto.randomUUID()
  })
  mount(ArcadePage, { target: document.body, props: { view, arcade } })
  const back = isBack(location.hash) ? ofTab.read(RETURN) : undefined
  const race = settings.race ?? (v.is(RaceId, back) ? back : undefined)
  if (race !== undefined) arcade.show(race)
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
