import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DIST } from '../../infra/build.ts'
import { settingsOfPages, startPages } from '../../infra/local/pages.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { boardOf, type Product, startProduct } from '../pipeline/product.ts'
import { launchChromium } from './chromium.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

const RACE = 'walk-up-trial'

let product: Product
let pages: StandIn
let browser: Browser
const problems: string[] = []

beforeAll(async () => {
  await buildPages()
  product = await startProduct()
  const { cloud, office } = product
  pages = await startPages({
    dir: join(DIST, 'web'),
    port: cloud.plan.ports.screen,
    ...settingsOfPages(cloud)
  })
  await office.openTimeTrial({
    id: RACE,
    raceId: RACE,
    name: 'Walk-up trial',
    format: { kind: 'fastestLap' },
    course: { courseId: 'hall', name: 'Hall' },
    capacity: 10,
    runMs: 60_000,
    allowedResets: 3,
    timetable: { backlogMs: 1_000 },
    attended: true
  })
  await office.start(RACE)
  await boardOf(product, RACE, ({ phase }) => phase === 'running')
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
  await product?.close()
})

it('takes a walk-up from registration to a proposed result through the whole product', async () => {
  const { people } = product.endpoints
  const account = people.find(person => person.roles.join() === 'timekeeper')
  const page = await newOfficial(browser, problems)
  const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
  const state = () => page.getAttribute('[data-state]', 'data-state', DEADLINE)
  await page.goto(`${pages.url}/officials/#timekeeper`)
  await press(page, 'Sign in')
  await enterPassword(page, account ?? expect.fail('nobody is a timekeeper'))
  await eventually(() => textOf(page, '.racers')).toContain('Nobody is on the start list')
  await page.fill('input[name=competitor]', 'Zoë Quick')
  await page.fill('input[name=mail]', 'zoe@quick.example')
  await press(page, 'Register')
  await eventually(() => textOf(page, '.start h1')).toMatch(/Zoë Quick|Number 1/)
  await press(page, /Start run/)
  await eventually(state).toBe('running')
  await eventually(() => textOf(page, 'h1')).toBe('Zoë Quick')
  await eventually(() => textOf(page, '.actions')).toContain('4th reset')
  await page.keyboard.press('Space')
  await page.keyboard.press('r')
  await page.waitForTimeout(400)
  await page.keyboard.press('Space')
  await eventually(() => page.locator('tr[data-delivery=there]').count()).toBe(2)
  await page.keyboard.press('z')
  await eventually(() => textOf(page, 'tr[data-lap="2"]')).toContain('taken back')
  await page.keyboard.press('e')
  await press(page, 'Submit run')
  await eventually(() => textOf(page, '.done')).toContain('All of it is with the server')
  const board = await boardOf(product, RACE, ({ top }) => top[0]?.laps === 1)
  expect(board.top[0]).toMatchObject({ bib: 1, rank: 1 })

  await product.office.close(RACE)
  await boardOf(product, RACE, ({ phase }) => phase === 'provisional')
  await press(page, 'Next racer')
  await press(page, 'Propose result')
  await eventually(() => textOf(page, '[aria-label="Open matters"] [role=status]')).toContain(
    'Proposed.'
  )
  await page.context().close()
  expect(problems).toEqual([])
})
