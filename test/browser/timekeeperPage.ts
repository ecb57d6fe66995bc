import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { enterPassword, press } from './officialsPage.ts'
import type { startPlayedTrack } from './playedTrack.ts'
import { DEADLINE, textOf } from './screenPage.ts'

/** Who sits at the page. */
export const TIMEKEEPER = { userName: 'timekeeper@grandstand.example', password: 'timekeeper' }
/** Who races. */
export const PEOPLE: [number, string][] = [
  [13, 'Jude “Apex” Adeyemi'],
  [16, 'Kai Nakamura-Lindholm'],
  [21, 'ليلى المنصوري']
]

type Track = Awaited<ReturnType<typeof startPlayedTrack>>

/** What a timekeeper does and sees at the page of the moment. */
export function timekeeperAt(pageNow: () => Page, trackNow: () => Track) {
  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const text = (selector: string) => textOf(pageNow(), selector)
  const state = () => pageNow().getAttribute('[data-state]', 'data-state', DEADLINE)
  /** The server's clock is the page's, which tests move: nobody sets it back. */
  const tellTime = async () => {
    await pageNow().addInitScript(() => Object.assign(window, { serverNow: Date.now }))
    await pageNow().route(/\/queue$/, async route => {
      const response = await route.fetch().catch(() => undefined)
      if (!response) return route.abort()
      if (!response.ok()) return route.fulfill({ response })
      const asOf = await pageNow().evaluate(() =>
        (window as never as { serverNow(): number }).serverNow()
      )
      const queue: object = await response.json()
      await route.fulfill({ response, json: { ...queue, asOf } })
    })
  }
  const signIn = async () => {
    await tellTime()
    await pageNow().goto(`${trackNow().url}/officials/#timekeeper`)
    await press(pageNow(), 'Sign in')
    await enterPassword(pageNow(), TIMEKEEPER)
    await eventually(state).toBe('idle')
  }
  const choose = (name: string) => pageNow().getByRole('radio', { name }).check(DEADLINE)
  const start = async (name = 'Jude') => {
    await choose(name)
    await press(pageNow(), /Start run/)
    await eventually(state).toBe('running')
  }
  const laps = () =>
    pageNow()
      .locator('tr[data-lap]')
      .evaluateAll(rows =>
        rows.map(row => (row as HTMLElement).innerText.replace(/\s+/g, ' ').trim())
      )
  /** What came of a kind, by the ends of their paths. */
  const told = (kind: string) =>
    trackNow()
      .got.filter(({ path }) => path.endsWith(`/${kind}`))
      .map(({ body }) => body)
  const drive = async (ms: number) => {
    trackNow().pass(ms)
    await pageNow().clock.runFor(ms)
  }

  return { eventually, text, state, signIn, choose, start, laps, told, drive }
}
