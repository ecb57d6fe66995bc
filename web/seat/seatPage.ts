import * as v from 'valibot'
import { RaceId } from '#contract/ids'
import { type Api, createApi } from '../api.ts'
import { createCall } from '../call.ts'
import { readConfig } from '../officials/config.ts'
import type { Authority } from '../officials/session.svelte.ts'
import type { Settings } from '../settings.ts'
import { report } from '../start.ts'
import { isBack, openAccount } from './account.ts'
import { type Keep, lasting, ofTab } from './keep.ts'
import { createSeatApi, type SeatApi } from './seatApi.ts'
import { openServerClock, type ServerClock } from './serverClock.ts'

/** A sign-in leaves the page: the race is remembered for when it comes back. */
const RETURN = 'grandstand.return'

/** What a page on which people take seats is made of. */
export type SeatPage = {
  clock: ServerClock
  api: Api
  seatApi: SeatApi
  /** Of the person, and of the tab. */
  lasting: Keep
  ofTab: Keep
  /** Loads who signs people in; only for races that ask who one is. */
  account(): Promise<Authority>
  /** The race that is shown goes into the page's address. */
  address(raceId: string | undefined): void
  page: EventTarget
  /** A clock that nobody sets while the page is open, in ms. */
  now(): number
  random(): number
  newKey(): string
  report(error: unknown): void
}

/**
 * Opens the page at `home`, its own path, to which a sign-in comes back; `race` is the one to show first. Rejects where
 * the installation's settings cannot be read.
 */
export async function openSeatPage(
  settings: Settings,
  home: string
): Promise<SeatPage & { race: string | undefined }> {
  const { gatewayUrl, signIn, ridersSignIn } = await readConfig()
  const now = (): number => performance.timeOrigin + performance.now()
  const seatApi = createSeatApi(createCall(gatewayUrl.replace(/\/$/, '')))
  const back = isBack(location.hash) ? ofTab.read(RETURN) : undefined
  return {
    ...{ seatApi, lasting, ofTab, now, report },
    clock: openServerClock({ ask: seatApi.time, now }),
    api: createApi(settings.apiBase),
    account: () => openAccount(ridersSignIn ?? signIn, home),
    address(raceId) {
      const address = new URL(location.href)
      if (raceId === undefined) address.searchParams.delete('race')
      else address.searchParams.set('race', raceId)
      history.replaceState(null, '', address)
      ofTab.write(RETURN, raceId)
    },
    page: window,
    random: Math.random,
    newKey: () => crypto.randomUUID(),
    race: settings.race ?? (v.is(RaceId, back) ? back : undefined)
  }
}
