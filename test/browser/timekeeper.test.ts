import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { soundFleet } from './fleets.ts'
import { newOfficial, press } from './officialsPage.ts'
import { startPlayedTrack } from './playedTrack.ts'
import { buildPages, graveFaults } from './screenPage.ts'
import { PEOPLE, timekeeperAt } from './timekeeperPage.ts'

/** Smallest measure of what is pressed while timing, and of everything else, in px. */
const TIMING_PX = 98
const TARGET_PX = 44

describe('the timekeeper’s page', { timeout: 60_000 }, () => {
  let track: Awaited<ReturnType<typeof startPlayedTrack>>
  let browser: Browser
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    track = await startPlayedTrack(await buildPages())
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await track?.close()
  })
  beforeEach(async () => {
    problems = []
    track.reset(timeTrial('final', Date.now()), PEOPLE, soundFleet())
    await enterAs({ viewport: { width: 1280, height: 800 } })
  })
  afterEach(async () => {
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.context().close()
    expect(problems).toEqual([])
  })

  const enterAs = async (options: BrowserContextOptions) => {
    await page?.context().close()
    page = await newOfficial(browser, problems, options)
  }
  const { eventually, text, state, signIn, choose, start, laps, told, drive } = timekeeperAt(
    () => page,
    () => track
  )

  it('times a run from the queue to its submission by the keyboard alone', async () => {
    await page.clock.install()
    await signIn()
    await page.getByRole('searchbox').fill('jude')
    await eventually(() => page.getByRole('radio').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.getByLabel('Car').selectOption('car-1')
    await page.getByLabel('Lap timer').selectOption('timer-1')
    await page.getByLabel('Driven by somebody else').check()
    await page.locator('h1').click()
    await page.keyboard.press('s')
    await eventually(state).toBe('running')
    expect(await text('h1')).toBe('Jude “Apex” Adeyemi')
    await drive(8_204)
    await page.keyboard.press('Space')
    const first = await text('tr[data-lap="1"]')
    await drive(3_000)
    await page.keyboard.press('r')
    await drive(5_000)
    await page.keyboard.press('Space')
    await drive(2_000)
    await page.keyboard.press('f')
    await drive(1_000)
    await page.keyboard.press('p')
    await drive(4_000)
    await page.keyboard.press('p')
    await page.keyboard.press('e')
    await eventually(state).toBe('review')
    await press(page, 'Submit run')
    await eventually(state).toBe('ended')
    await eventually(() => text('[data-state] [role=status]')).toContain(
      'All of it is with the server'
    )

    expect(told('runs')).toMatchObject([
      { bib: 13, deviceId: 'car-1', sensorId: 'timer-1', proxy: true }
    ])
    expect(told('laps')).toMatchObject([
      { bib: 13, lap: 1, valid: true },
      { lap: 2, valid: true },
      { lap: 3, valid: false, reason: 'not finished' }
    ])
    expect(told('events').map(({ kind }) => kind)).toEqual([
      'reset',
      'pause',
      'resume',
      'end',
      'submit'
    ])
    const [begin] = told('runs')
    const at = told('laps').map(lap => Number(lap.at) - Number(begin?.at))
    const ms = told('laps').map(({ lapMs }) => Number(lapMs))
    expect(ms[0]).toBeGreaterThanOrEqual(8_204)
    expect(first).toContain(`1 ${(Number(ms[0]) / 1000).toFixed(3)} no resets by hand`)
    // Each lap begins where the one before it ended.
    for (const [index, end] of at.entries())
      expect(Math.abs(end - ms.slice(0, index + 1).reduce((sum, lap) => sum + lap))).toBeLessThan(
        50
      )
    await press(page, 'Next racer')
    await eventually(state).toBe('idle')
  })

  it('shows a capture in the frame of the key down, whatever has the focus, and once', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await drive(5_000)
    await page.getByRole('button', { name: /Car reset/ }).focus()
    const shown = await page.evaluate(() => {
      const press = new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true })
      document.activeElement?.dispatchEvent(press)
      return new Promise<number>(resolve =>
        queueMicrotask(() => resolve(document.querySelectorAll('tr[data-lap]').length))
      )
    })
    expect(shown).toBe(1)
    await page.keyboard.press('Space')
    expect(await laps()).toHaveLength(1)
    expect(await page.locator('main [aria-live=polite]').allInnerTexts()).toContain(
      'Pressed twice: counted once'
    )
    await drive(5_000)
    await page.locator('.capture').click({ position: { x: 40, y: 300 } })
    expect(await laps()).toHaveLength(2)
    await drive(5_000)
    await page.locator('.capture').focus()
    await page.keyboard.press('Enter')
    expect(await laps()).toHaveLength(3)
    expect(told('events')).toEqual([])
  })

  it('counts resets in pips and says from which on the lap is not valid', async () => {
    await page.clock.install()
    await signIn()
    await start()
    expect(await text('.actions')).toContain('4th reset makes the lap not valid')
    for (const used of [1, 2, 3]) {
      await page.keyboard.press('r')
      expect(await page.locator('.pips').getAttribute('aria-label')).toBe(`${used} of 3 used`)
    }
    await page.keyboard.press('r')
    expect(await text('.actions')).toContain('This lap is not valid: 4 of 3 resets')
    await drive(5_000)
    await page.keyboard.press('Space')
    expect(await text('tr[data-lap="1"]')).toContain('not valid resets: 4 of 3 allowed')
  })

  it('counts down to the end of the run’s time and lets the lap that is driven then be finished', async () => {
    track.rule({ runMs: 20_000 })
    await page.clock.install()
    await signIn()
    await start()
    expect(await text('.clock small')).toBe('time left')
    await drive(22_000)
    await eventually(() => text('.clock small')).toBe('over: this lap may finish')
    await page.keyboard.press('Space')
    expect(await laps()).toHaveLength(1)
    expect(await text('.capture')).toContain('Time is over')
    await drive(2_000)
    await page.keyboard.press('Space')
    expect(await laps()).toHaveLength(1)
  })

  it('shows what the server and the machines say of each lap side by side', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await drive(8_000)
    await page.keyboard.press('Space')
    await eventually(() => told('laps')).toHaveLength(1)
    const at = Number(told('laps')[0]?.at)
    const common = { lap: 1, at: at - 100, recordedAt: at }
    track.time({ ...common, lapId: 't', source: 'telemetry', ms: 8_150, state: 'counts' })
    track.time({
      ...{ ...common, lapId: 's', source: 'sensor', ms: 8_160, state: 'superseded' },
      why: 'the car’s positions time this run'
    })
    track.time({
      ...{ ...common, lapId: 'h', source: 'telemetry', lap: 2, at: at + 900, ms: 900 },
      ...{ state: 'held', why: 'below the shortest lap of 6500 ms' }
    })
    await drive(3_000)
    await eventually(laps).toHaveLength(4)
    const all = (await laps()).join('; ')
    expect(all).toContain('8.150 no resets car’s positions')
    expect(all).toContain('8.160 does not stand the car’s positions time this run lap timer')
    expect(all).toContain('0.900 held for review below the shortest lap of 6500 ms')
  })

  it('lets nobody start who has had all runs', async () => {
    track.rule({ maxRuns: 1 })
    await signIn()
    await start()
    await page.keyboard.press('e')
    await press(page, 'Submit run')
    await press(page, 'Next racer')
    await choose('Jude')
    await eventually(() => text('#hindrance')).toBe('Has had 1 of 1 runs')
    await page.getByRole('button', { name: /Start run/ }).click({ force: true })
    expect(await state()).toBe('idle')
  })

  it('times a run that somebody else began, too', async () => {
    track.begin({ runId: 'run-7', bib: 16, at: Date.now() - 20_000 })
    await signIn()
    await press(page, /Kai Nakamura-Lindholm on the track/)
    await eventually(state).toBe('running')
    expect(await text('h1')).toBe('Kai Nakamura-Lindholm')
    await page.keyboard.press('Space')
    await eventually(() => told('laps')).toHaveLength(1)
    expect(Number(told('laps')[0]?.lapMs)).toBeGreaterThanOrEqual(20_000)
  })

  it('registers a walk-up, and forgets how to reach the person once that is sent', async () => {
    await signIn()
    const fill = (name: string, value: string) => page.fill(`input[name=${name}]`, value)
    await fill('competitor', 'Zoë Quick')
    await fill('country', 'gbr')
    await fill('group', 'C')
    await fill('mail', 'zoe@quick.example')
    track.fail(/entries$/, 503)
    await press(page, 'Register')
    await eventually(() => text('[aria-label="Register a walk-up"] [role=alert]')).not.toBe('')
    await press(page, 'Register')
    await eventually(() => text('h1')).toBe('Zoë Quick')
    expect(told('entries')).toEqual([
      { name: 'Zoë Quick', country: 'GBR', class: 'C', contact: { email: 'zoe@quick.example' } }
    ])
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }])
    )
    expect(kept).not.toContain('quick.example')
    expect(await page.inputValue('input[name=mail]')).toBe('')
  })

  it.each([
    [1280, 800, 'light'],
    [1024, 768, 'dark'],
    [390, 844, 'light'],
    [390, 844, 'dark']
  ] as const)(
    'has room for fingers and nothing for axe at %i × %i, %s',
    async (width, height, colorScheme) => {
      await enterAs({ viewport: { width, height }, colorScheme })
      await signIn()
      const look = async (least = TARGET_PX) => {
        const sizes = await page
          .locator('main button, main select, main input:not([type=checkbox], [type=search])')
          .evaluateAll(all =>
            all
              .map(each => each.getBoundingClientRect())
              .map(box => Math.min(box.width, box.height))
          )
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(least)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        expect(await graveFaults(page)).toEqual([])
      }
      await look()
      await start('ليلى')
      await page.keyboard.press('r')
      await page.keyboard.press('Space')
      await look(TIMING_PX)
      const capture = await page.locator('.capture').boundingBox()
      expect((capture?.width ?? 0) * (capture?.height ?? 0)).toBeGreaterThan((width * height) / 3.2)
      track.cut(true)
      await eventually(() => text('.state')).toMatch(/^Offline/)
      await look(TIMING_PX)
      await page.keyboard.press('e')
      await eventually(state).toBe('review')
      await look()
      track.cut(false)
      await press(page, 'Submit run')
      await eventually(state).toBe('ended')
      await look()
    }
  )
})
