import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { raceOf, soundFleet, troubledFleet } from './fleets.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { startPlayedFleet } from './playedFleet.ts'
import { buildPages, DEADLINE, graveFaults, textOf } from './screenPage.ts'

/** The fleet is asked for this often, in ms. */
const POLL_MS = 5_000
/** Longer than a token holds, in ms. */
const TOKEN_MS = 3_700_000

describe('the officials’ page', { timeout: 30_000 }, () => {
  let fleet: Awaited<ReturnType<typeof startPlayedFleet>>
  let browser: Browser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    fleet = await startPlayedFleet(await buildPages())
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await fleet?.close()
  })
  beforeEach(async () => {
    problems = []
    fleet.cut(false)
    fleet.fail()
    fleet.orders.length = 0
    fleet.set(soundFleet())
    fleet.race(...raceOf({}))
    await enterAs({ viewport: { width: 1280, height: 800 } })
  })
  afterEach(async () => {
    await page.context().close()
    expect(problems).toEqual([])
  })

  const enterAs = async (options: BrowserContextOptions) => {
    await page?.context().close()
    page = await newOfficial(browser, problems, options)
  }
  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const text = (selector: string) => textOf(page, selector)
  const row = (deviceId: string) => `li[data-device="${deviceId}"]`
  const order = () =>
    page
      .locator('li[data-device]')
      .evaluateAll(rows => rows.map(each => (each as HTMLElement).dataset.device))
  const enter = (name: string, password = name) =>
    enterPassword(page, { userName: `${name}@grandstand.example`, password })
  const signIn = async (name = 'timekeeper', path = '/officials/') => {
    await page.goto(`${fleet.url}${path}`)
    await press(page, 'Sign in')
    await enter(name)
    await page.waitForURL(`${fleet.url}${path}`)
  }
  const seen = () => eventually(() => page.locator('li[data-device]').count()).toBeGreaterThan(0)

  it('signs in by Entra’s form, says who one is, stays signed in over a reload, and signs out', async () => {
    await page.goto(`${fleet.url}/officials/?theme=night`)
    expect(await graveFaults(page)).toEqual([])
    await press(page, 'Sign in')
    await enter('timekeeper', 'wrong')
    expect(await text('[role=alert]')).toBe('User name or password is wrong.')
    expect(await graveFaults(page)).toEqual([])
    await enter('timekeeper')
    await seen()
    expect(page.url()).toBe(`${fleet.url}/officials/?theme=night`)
    expect(await text('.person')).toBe('timekeeper timekeeper')
    await page.reload()
    await seen()
    await press(page, 'Sign out')
    await page.getByRole('button', { name: 'Sign in' }).waitFor(DEADLINE)
    expect(await page.locator('.person').count()).toBe(0)
    await press(page, 'Sign in')
    await page.locator('input[name=password]').waitFor(DEADLINE)
  })

  it('tells people without the role who may see the page, and asks the API for nothing', async () => {
    for (const [name, roles] of [
      ['commentator', 'commentator'],
      ['visitor', 'no role']
    ] as const) {
      await enterAs({})
      const asked: string[] = []
      page.on('request', request => asked.push(new URL(request.url()).pathname))
      await signIn(name)
      await eventually(() => text('main')).toContain('role timekeeper or admin')
      expect(await text('main')).toContain(`You have ${roles}:`)
      expect(asked.filter(path => path.startsWith('/api'))).toEqual([])
      expect(await graveFaults(page)).toEqual([])
    }
  })

  it('shows every device with trouble on top, and for whom it drives', async () => {
    fleet.set(troubledFleet())
    fleet.race(...raceOf({ 'car-1': 5, 'car-2': 21 }))
    await signIn()
    await eventually(order).toEqual(
      // Ordered to stop and not known to stand; lost in a run; weak; well; not let in.
      ['car-4', 'car-2', 'car-3', 'car-1', 'car-5', 'timer-1', 'car-10']
    )
    await eventually(() => text(`${row('car-2')} .driver`)).toContain('ليلى المنصوري')
    expect(await text(`${row('car-2')} .link`)).toMatch(/offline heard 7\d s ago/)
    expect(await text(`${row('car-4')} .order`)).toContain('ordered to stop, not confirmed')
    expect(await text(`${row('car-5')} .order`)).toContain('stands by order')
    expect(await text(row('car-3'))).toMatch(/12 %.*720 ms lost once.*2\.1\.0/)
    expect(await text(`${row('car-10')} .link`)).toContain('barred never heard')
    expect(await page.locator(`${row('timer-1')} button`).allInnerTexts()).toEqual([
      expect.stringContaining('Identify')
    ])
  })

  it('stops all cars by one key or press, says who has not confirmed, and releases them again', async () => {
    fleet.set(soundFleet(), [
      { deviceId: 'car-2', outcome: 'offline', detail: 'It is not connected.' }
    ])
    await signIn()
    await seen()
    await page.keyboard.press('Escape')
    await eventually(() => text('[aria-live=assertive]')).toBe(
      '1 of 2 cars confirm that they stand Not confirmed: car-2'
    )
    expect(fleet.orders).toEqual(['/fleet/stop'])
    await eventually(() => text(`${row('car-1')} .order`)).toContain('Stop confirmed.')
    expect(await text(`${row('car-2')} .order`)).toContain('Stop waits. It is not connected.')

    fleet.set(soundFleet())
    await press(page, /Stop all cars/)
    await eventually(() => text('[aria-live=assertive]')).toBe(
      '2 of 2 cars confirm that they stand'
    )
    await press(page, 'Release all 2')
    await eventually(() => text(`${row('car-2')} .order`)).toBe(
      'Order free to drive Release confirmed.'
    )
    expect(fleet.orders.slice(2).sort()).toEqual(['/fleet/car-1/release', '/fleet/car-2/release'])
  })

  it('orders one car by the keyboard alone, and says what came of it', async () => {
    fleet.set(soundFleet(), [
      { deviceId: 'timer-1', outcome: 'failed', detail: 'It does not answer.' }
    ])
    await signIn()
    await seen()
    await page.getByRole('button', { name: 'Stop car-1' }).focus()
    await page.keyboard.press('Enter')
    await eventually(() => text(`${row('car-1')} .order`)).toContain(
      'stands by order Stop confirmed.'
    )
    await page.getByRole('button', { name: 'Release car-1' }).focus()
    await page.keyboard.press('Space')
    await eventually(() => text(`${row('car-1')} .order`)).toContain(
      'free to drive Release confirmed.'
    )
    await page.getByRole('button', { name: 'Identify timer-1' }).focus()
    await page.keyboard.press('Enter')
    await eventually(() => text(`${row('timer-1')} .order`)).toContain(
      'Identify failed. It does not answer.'
    )
    expect(await page.locator('[aria-live=polite]').allInnerTexts()).toContain(
      'timer-1: Identify failed. It does not answer.'
    )
    expect(fleet.orders).toEqual([
      '/fleet/car-1/stop',
      '/fleet/car-1/release',
      '/fleet/timer-1/identify'
    ])
  })

  it('sends an emergency stop again until it is through, and says where it is not', async () => {
    await signIn()
    await seen()
    fleet.fail(503, 503)
    await press(page, /Stop all cars/)
    await eventually(() => text('[aria-live=assertive]')).toBe('Not through yet: sent again')
    await eventually(() => text('[aria-live=assertive]')).toContain('2 of 2 cars confirm')
    expect(fleet.orders).toHaveLength(3)
    fleet.fail(503, 503, 503)
    await press(page, /Stop all cars/)
    await eventually(() => text('[aria-live=assertive]')).toContain('Not stopped: press again')
  })

  it('keeps rows in their places while one points at them', async () => {
    await signIn()
    await eventually(order).toEqual(['car-1', 'car-2', 'timer-1'])
    await page.hover(row('car-1'))
    const [one, two, timer] = soundFleet()
    fleet.set([one!, { ...two!, connected: false }, timer!])
    await eventually(() => text(`${row('car-2')} .link`)).toContain('offline')
    expect(await order()).toEqual(['car-1', 'car-2', 'timer-1'])
    await page.mouse.move(10, 10)
    await eventually(order).toEqual(['car-2', 'car-1', 'timer-1'])
  })

  it('says how old the fleet is without a link, and recovers', async () => {
    await page.clock.install()
    await signIn()
    await seen()
    fleet.cut(true)
    await page.clock.runFor(POLL_MS + 200)
    await eventually(() => page.getAttribute('main', 'data-stale')).toBe('1')
    expect(await text('.strip')).toMatch(/^Reconnecting: data \d+ s old$/)
    expect(await graveFaults(page)).toEqual([])
    await page.clock.runFor(70_000)
    expect(await page.getAttribute('main', 'data-stale')).toBe('3')
    fleet.cut(false)
    await page.clock.runFor(POLL_MS + 200)
    await eventually(() => page.getAttribute('main', 'data-stale')).toBe('0')
    expect(await page.locator('.strip').count()).toBe(0)
  })

  it('renews tokens unseen, by refresh token and in a hidden frame', async () => {
    await page.clock.install()
    await signIn()
    await seen()
    for (const lost of [false, true]) {
      if (lost)
        await page.evaluate(() => {
          for (const key of Object.keys(sessionStorage))
            if (key.includes('refreshtoken')) sessionStorage.removeItem(key)
        })
      const asked = page.waitForResponse(answer =>
        new URL(answer.url()).pathname.endsWith('/token')
      )
      await page.clock.fastForward(TOKEN_MS)
      expect((await asked).status()).toBe(200)
      expect((await asked).request().postData()).toContain(
        lost ? 'authorization_code' : 'refresh_token'
      )
      await page.clock.runFor(POLL_MS)
      await eventually(() => page.getAttribute('main', 'data-stale')).toBe('0')
      expect(await page.locator('.ended').count()).toBe(0)
    }
  })

  it('keeps what is shown when the sign-in ends, and an emergency stop until one has signed in again', async () => {
    await page.clock.install()
    await signIn('timekeeper', '/officials/#fleet')
    await seen()
    await fleet.forgetSignIns()
    await page.clock.fastForward(TOKEN_MS)
    await eventually(() => page.locator('.ended').count()).toBe(1)
    expect(await page.locator('li[data-device]').count()).toBe(3)
    expect(await graveFaults(page)).toEqual([])
    await press(page, 'Identify car-1')
    await eventually(() => text(`${row('car-1')} .order`)).toContain(
      'Not sent: your sign-in has ended.'
    )
    expect(fleet.orders).toEqual([])

    await press(page, /Stop all cars/)
    await enter('timekeeper')
    await eventually(() => text('[aria-live=assertive]')).toContain('2 of 2 cars confirm')
    expect(fleet.orders).toEqual(['/fleet/stop'])
    expect(page.url()).toBe(`${fleet.url}/officials/#fleet`)
  })

  it('gives every finger 44 px, and axe nothing serious to find by any light and width', async () => {
    fleet.set(troubledFleet(), [
      { deviceId: 'car-2', outcome: 'offline', detail: 'It is not connected.' },
      { deviceId: 'car-4', outcome: 'failed', detail: 'It does not answer.' }
    ])
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark']
    ] as const) {
      await enterAs({ viewport: { width, height: 800 }, colorScheme })
      await signIn()
      await seen()
      await press(page, /Stop all cars/)
      await eventually(() => text('[aria-live=assertive]')).toContain('4 of 6')
      const sizes = await page
        .locator('button, a')
        .evaluateAll(all =>
          all.map(each => each.getBoundingClientRect()).map(box => Math.min(box.width, box.height))
        )
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      expect(await graveFaults(page)).toEqual([])
      const stop = page.getByRole('button', { name: /Stop all cars/ })
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      expect(
        await stop.evaluate(each => {
          const { x, y, bottom } = each.getBoundingClientRect()
          return (
            bottom <= innerHeight &&
            each.contains(document.elementFromPoint(x + 60, (y + bottom) / 2))
          )
        })
      ).toBe(true)
    }
  })
})
