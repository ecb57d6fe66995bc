import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DIST } from '../../infra/build.ts'
import { settingsOfPages, startPages } from '../../infra/local/pages.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { type Product, startProduct } from '../pipeline/product.ts'
import { type MqttCar, openMqttCar } from '../simulators/mqttCar.ts'
import { launchChromium } from './chromium.ts'
import { enterPassword, newOfficial, press } from './officialsPage.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

let product: Product
let pages: StandIn
let browser: Browser
let car: MqttCar
const off = new AbortController()
/** What the car wrote into its log. */
const shown: object[] = []
const problems: string[] = []

beforeAll(async () => {
  await buildPages()
  product = await startProduct()
  const { cloud, endpoints } = product
  pages = await startPages({
    dir: join(DIST, 'web'),
    port: cloud.plan.ports.screen,
    ...settingsOfPages(cloud)
  })
  const link = endpoints.iotHub.devices.find(({ deviceId }) => deviceId === 'car-1')
  car = await openMqttCar(link ?? expect.fail('there is no car-1'), {
    caFile: endpoints.caFile,
    log: line => shown.push(line),
    signal: off.signal
  })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  off.abort()
  await pages?.close()
  await product?.close()
})

/** Signs in with the account that has exactly these roles. */
async function enter(...roles: string[]): Promise<Page> {
  const account = product.endpoints.people.find(person => person.roles.join() === roles.join())
  const page = await newOfficial(browser, problems)
  await page.goto(`${pages.url}/officials/`)
  await press(page, 'Sign in')
  await enterPassword(page, account ?? expect.fail(`nobody has the roles ${roles}`))
  return page
}

it.each([{ roles: ['timekeeper'] }, { roles: ['admin'] }])(
  'lets a person with the roles $roles stop and release a car through the whole product',
  async ({ roles }) => {
    const page = await enter(...roles)
    const row = 'li[data-device="car-1"]'
    const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, DEADLINE)
    await eventually(() => textOf(page, `${row} .link`)).toContain('connected')
    await page.keyboard.press('Escape')
    await eventually(() => car.isStopped()).toBe(true)
    await eventually(() => textOf(page, `${row} .order`)).toContain('Stop confirmed.')
    await eventually(() => textOf(page, `${row} .order`)).toContain('stands by order')
    await press(page, /^Release all/)
    await eventually(() => car.isStopped()).toBe(false)
    await eventually(() => textOf(page, `${row} .order`)).toContain('free to drive')
    await press(page, 'Identify car-1')
    await eventually(() => textOf(page, `${row} .order`)).toContain('Identify confirmed.')
    expect(shown.at(-1)).toEqual({ event: 'identify', deviceId: 'car-1' })
    await page.context().close()
    expect(problems).toEqual([])
  }
)

it.each([{ roles: ['commentator'] }, { roles: [] }])(
  'tells a person with the roles $roles that the fleet is not theirs',
  async ({ roles }) => {
    const page = await enter(...roles)
    await expect.poll(() => textOf(page, 'main'), DEADLINE).toContain('role timekeeper or admin')
    await page.context().close()
  }
)
