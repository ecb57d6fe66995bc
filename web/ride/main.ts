import { mount } from 'svelte'
import * as v from 'valibot'
import { CompetitorId, RaceId } from '#contract/ids'
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
import Ride from './Ride.svelte'
import { startRide } from './ride.ts'
import { createRideApi } from './rideApi.ts'
import { RideView } from './rideView.svelte.ts'
import { RIDE_TEXTS } from './words.ts'

/** The page's own path, to which a sign-in comes back. */
const HOME = '/ride/'
/** A sign-in leaves the page: the race is remembered for when it comes back. */
const RETURN = 'grandstand.return'
/** Ten times a second: a reading is measured within this after its second, in ms. */
const BEAT_MS = 100

/** A clock that nobody sets. */
const now = (): number => performance.timeOrigin + performance.now()

async function show(settings: Settings): Promise<void> {
  const words = createWords(settings.lang, RIDE_TEXTS)
  dress(settings, words)
  const { gatewayUrl, signIn, ridersSignIn } = await readConfig()
  const seatApi = createSeatApi(createCall(gatewayUrl.replace(/\/$/, '')))
  const clock = openServerClock({ ask: seatApi.time, now })
  const view = new RideView({ words, now, serverNow: clock.now, report })
  const friend = new URL(location.href).searchParams.get('ghost')
  const ride = startRide({
    ...{ view, clock, seatApi, lasting, ofTab, now, report },
    api: createApi(settings.apiBase),
    rideApi: createRideApi(createCall(settings.apiBase)),
    account: () => openAccount(ridersSignIn ?? signIn, HOME),
    address(raceId) {
      const address = new URL(location.href)
      if (raceId === undefined) address.searchParams.delete('race')
      else address.searchParams.set('race', raceId)
      history.replaceState(null, '', address)
      ofTab.write(RETURN, raceId)
    },
    page: window,
    vibrate: ms => navigator.vibrate?.(ms),
    random: Math.random,
    friend: v.is(CompetitorId, friend) ? friend : undefined,
    newKey: () => crypto.randomUUID()
  })
  mount(Ride, { target: document.body, props: { view, ride, settings } })
  const awake = keepAwake(() => view.seat !== undefined && view.stage !== 'finish')
  setInterval(() => {
    ride.beat()
    awake.look()
  }, BEAT_MS)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') ride.resume()
  })
  const back = isBack(location.hash) ? ofTab.read(RETURN) : undefined
  const race = settings.race ?? (v.is(RaceId, back) ? back : undefined)
  if (race !== undefined) ride.show(race)
}

start(show)
