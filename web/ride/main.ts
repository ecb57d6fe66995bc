import { mount } from 'svelte'
import * as v from 'valibot'
import { CompetitorId } from '#contract/ids'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { openSeatPage } from '../seat/seatPage.ts'
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
/** Ten times a second: a reading is measured within this after its second, in ms. */
const BEAT_MS = 100

async function show(settings: Settings): Promise<void> {
  const words = createWords(settings.lang, RIDE_TEXTS)
  dress(settings, words)
  const page = await openSeatPage(settings, HOME)
  const { now, clock } = page
  const view = new RideView({ words, now, serverNow: clock.now, report })
  const friend = new URL(location.href).searchParams.get('ghost')
  const ride = startRide({
    ...page,
    view,
    rideApi: createRideApi(createCall(settings.apiBase)),
    vibrate: ms => navigator.vibrate?.(ms),
    friend: v.is(CompetitorId, friend) ? friend : undefined
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
  if (page.race !== undefined) ride.show(page.race)
}

start(show)
