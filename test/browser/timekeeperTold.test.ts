import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { timeTrial } from './boards.ts'
import { launchChromium } from './chromium.ts'
import { soundFleet } from './fleets.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { startPlayedTrack } from './playedTrack.ts'
import { buildPages, graveFaults } from './screenPage.ts'
import { PEOPLE, TIMEKEEPER, timekeeperAt } from './timekeeperPage.ts'

/** Longer than a token holds, in ms. */
const TOKEN_MS = 3_700_000

describe('what a timekeeper tells', { timeout: 60_000 }, () => {
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
    page = await newOfficial(browser, problems)
  })
  afterEach(async () => {
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.context().close()
    expect(problems).toEqual([])
  })

  const { eventually, text, state, signIn, start, laps, told, drive } = timekeeperAt(
    () => page,
    () => track
  )

  it('takes times by a clock that nobody sets', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await drive(4_000)
    await page.evaluate(() => {
      const { now } = Date
      Date.now = () => now() + 3_600_000
    })
    await drive(3_000)
    await page.keyboard.press('Space')
    await eventually(() => told('laps')).toHaveLength(1)
    expect(Number(told('laps')[0]?.lapMs)).toBeLessThan(60_000)
    expect(Number(told('laps')[0]?.at) - Number(told('runs')[0]?.at)).toBeLessThan(60_000)
  })

  it('undoes the last capture and reset for 10 s, and then no more', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await drive(6_000)
    await page.keyboard.press('Space')
    await eventually(() => told('laps')).toHaveLength(1)
    await drive(1_000)
    expect(await text('.undo')).toMatch(/Undo capture of lap 1/)
    await page.keyboard.press('z')
    await eventually(() => told('retractions')).toHaveLength(1)
    const [lap] = track.got.filter(({ path }) => path.endsWith('/laps'))
    const run = told('runs')[0]?.runId
    expect(told('retractions')).toEqual([{ of: `hand.${run}.${lap?.key}` }])
    expect(await text('.capture')).toContain('Lap 1')
    await page.keyboard.press('r')
    await drive(11_000)
    expect(await text('.undo')).toMatch(/^Undo Z/)
    await page.keyboard.press('z')
    await drive(1_000)
    expect(told('retractions')).toHaveLength(1)
  })

  it('keeps the end of a run back for as long as it can be undone', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await drive(4_000)
    await page.keyboard.press('e')
    await eventually(state).toBe('review')
    await drive(3_000)
    await page.keyboard.press('z')
    await eventually(state).toBe('running')
    await drive(3_000)
    await page.keyboard.press('e')
    expect(told('events')).toEqual([])
    await drive(11_000)
    await eventually(() => told('events').map(({ kind }) => kind)).toEqual(['end'])
    expect(await state()).toBe('review')
  })

  it('lets laps be judged and discarded before the run is submitted', async () => {
    await page.clock.install()
    await signIn()
    await start()
    for (const _ of [1, 2]) {
      await drive(7_000)
      await page.keyboard.press('Space')
    }
    await page.keyboard.press('e')
    await eventually(state).toBe('review')
    await press(page, /Does not count\s+lap 1/)
    await page.getByLabel('Why lap 1 does not count').fill('cut the corner')
    await page.keyboard.press('Enter')
    await press(page, /Discard\s+lap 2/)
    await press(page, 'Submit run')
    await eventually(() => told('events').map(({ kind }) => kind)).toEqual(['end', 'submit'])
    expect(told('retractions')).toHaveLength(2)
    const [first, , again] = told('laps')
    expect(again).toEqual({ ...first, valid: false, reason: 'cut the corner' })
  })

  it('loses nothing over a minute without a link and a reload: each lap arrives once, in order, right and late', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await eventually(() => told('runs')).toHaveLength(1)
    track.cut(true)
    for (const ms of [8_000, 8_500]) {
      await drive(ms)
      await page.keyboard.press('Space')
    }
    await eventually(() => text('.state')).toMatch(/^Offline, 2 queued/)
    expect(await text('tr[data-lap="2"]')).toContain('queued')
    expect(await graveFaults(page)).toEqual([])
    await page.reload()
    await eventually(state).toBe('running')
    expect(await text('h1')).toBe('Jude “Apex” Adeyemi')
    expect(await laps()).toHaveLength(2)
    await drive(9_000)
    await page.keyboard.press('Space')
    await drive(40_000)
    expect(told('laps')).toEqual([])
    const shown = await laps()
    track.cut(false)
    await drive(16_000)
    await eventually(() => told('laps')).toHaveLength(3)
    expect(told('laps').map(({ lap }) => lap)).toEqual([1, 2, 3])
    const told3 = told('laps')
    expect(told3.map(({ lapMs }) => (Number(lapMs) / 1000).toFixed(3))).toEqual(
      shown.toReversed().map(line => /\d+\.\d{3}/.exec(line)?.[0])
    )
    for (const [index, { at, lapMs }] of told3.entries()) {
      const before = index === 0 ? told('runs')[0]?.at : told3[index - 1]?.at
      expect(Math.abs(Number(at) - Number(before) - Number(lapMs))).toBeLessThan(250)
    }
    expect(new Set(track.got.map(({ key }) => key)).size).toBe(track.got.length)
    await eventually(() => text('tr[data-lap="1"]')).toMatch(/sent late \d+ s/)
    expect(await text('tr[data-lap="3"]')).toMatch(/sent late \d+ s/)
  })

  it('goes by the rules of the race without a link, from the first run on', async () => {
    track.rule({ runMs: 20_000, allowedResets: 2 })
    await page.clock.install()
    await signIn()
    track.cut(true)
    await page.reload()
    await start()
    expect(await text('.clock small')).toBe('time left')
    await page.keyboard.press('r')
    expect(await page.locator('.pips').getAttribute('aria-label')).toBe('1 of 2 used')
    await drive(22_000)
    await eventually(() => text('.clock small')).toBe('over: this lap may finish')
    expect(track.got).toEqual([])
  })

  it('waits for a sign-in that has ended in the middle of a run, and then sends all of it', async () => {
    await page.clock.install()
    await signIn()
    await start()
    await eventually(() => told('runs')).toHaveLength(1)
    await track.forgetSignIns()
    track.pass(TOKEN_MS)
    await page.clock.fastForward(TOKEN_MS)
    await page.keyboard.press('Space')
    await drive(3_000)
    await eventually(() => text('.state')).toMatch(/^Sign in to send, 1 queued/)
    expect(told('laps')).toEqual([])
    await drive(7_000)
    await page.keyboard.press('Space')
    await page.locator('.state').getByRole('button', { name: 'Sign in' }).click()
    await enterPassword(page, TIMEKEEPER)
    await eventually(() => told('laps').map(({ lap }) => lap)).toEqual([1, 2])
    await eventually(state).toBe('running')
  })

  it('keeps what is refused in sight until a person settles it, and holds nothing back for it', async () => {
    await page.clock.install()
    await signIn()
    await start()
    track.fail(/laps$/, 409, 'Run is competitor 16’s, not 13’s.')
    for (const _ of [1, 2]) {
      await drive(7_000)
      await page.keyboard.press('Space')
    }
    await eventually(() => told('laps').map(({ lap }) => lap)).toEqual([2])
    expect(await text('[data-refused=lap]')).toContain('Run is competitor 16’s, not 13’s.')
    expect(await text('tr[data-lap="1"]')).toContain('refused')
    await page.reload()
    await press(page, 'Send again')
    await eventually(() => told('laps').map(({ lap }) => lap)).toEqual([2, 1])
    await eventually(() => page.locator('[data-refused]').count()).toBe(0)
  })

  it('sends nothing of a run whose beginning is refused, until that is sent again or cancelled', async () => {
    await page.clock.install()
    await signIn()
    track.fail(/runs$/, 409, 'car-1 is driven by competitor 16.')
    await start()
    await drive(7_000)
    await page.keyboard.press('Space')
    await eventually(() => text('[data-refused=run]')).toContain('car-1 is driven')
    expect(told('laps')).toEqual([])
    await press(page, 'Send again')
    await eventually(() => told('laps')).toHaveLength(1)
    expect(track.got.map(({ path }) => path.split('/').at(-1))).toEqual(['runs', 'laps'])
  })

  it('has a choice of classes for walk-ups where the race has some', async () => {
    track.rule({ classes: ['PRO', 'AM'] })
    await signIn()
    const choice = page.getByLabel('Class')
    await eventually(() => choice.locator('option').allInnerTexts()).toEqual(['none', 'PRO', 'AM'])
    await page.fill('input[name=competitor]', 'Zoë Quick')
    await choice.selectOption('AM')
    await press(page, 'Register')
    await eventually(() => told('entries')).toEqual([{ name: 'Zoë Quick', class: 'AM' }])
    await eventually(() => choice.inputValue()).toBe('')
    await page.fill('input[name=competitor]', 'Åsa Slow')
    await press(page, 'Register')
    await eventually(() => told('entries').at(-1)).toEqual({ name: 'Åsa Slow' })
  })

  it('proposes the result with what is still open', async () => {
    track.race({ phase: 'provisional' })
    track.question([
      {
        ...{ kind: 'held', bib: 21, runId: 'run-1', of: ['lap-1'] },
        detail: 'Lap 1 of 0.900 is held: it is below the shortest lap.'
      }
    ])
    await signIn()
    await eventually(() => text('[aria-label="Open matters"]')).toContain('with 1 matter open')
    expect(await text('[aria-label="Open matters"] li')).toContain('ليلى المنصوري')
    track.fail(/proposal$/, 409, 'Race final is running.')
    await press(page, 'Propose result')
    await eventually(() => text('[aria-label="Open matters"] [role=alert]')).toBe(
      'Race final is running.'
    )
    await press(page, 'Propose result')
    await eventually(() => text('[aria-label="Open matters"] [role=status]')).toContain('Proposed.')
  })
})
