import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DIST } from '../../infra/build.ts'
import { settingsOfPages, startPages } from '../../infra/local/pages.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { type Product, startProduct } from '../pipeline/product.ts'
import { type MqttCar, openMqttCar } from '../simulators/mqttCar.ts'
import { launchChromium } from './chromium.ts'
import { buildPages, DEADLINE, textOf } from './screenPage.ts'

let product: Product
let pages: StandIn
let browser: Browser
let car: MqttCar
const off = new AbortController()
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
    log: line => problems.push(JSON.stringify(line)),
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
  const page = await (await browser.newContext()).newPage()
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (/Content Security Policy|CORS/.test(message.text())) problems.push(message.text())
  })
  await page.goto(`${pages.url}/officials/`)
  await page.getByRole('button', { name: 'Sign in' }).click(DEADLINE)
  await page.fill('input[name=userName]', account?.userName ?? '', DEADLINE)
  await page.fill('input[name=password]', account?.password ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
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
    await page.getByRole('button', { name: /^Release all/ }).click(DEADLINE)
    await eventually(() => car.isStopped()).toBe(false)
    await eventually(() => textOf(page, `${row} .order`)).toContain('free to drive')
    await page.getByRole('button', { name: 'Identify car-1' }).click()
    await eventually(() => textOf(page, `${row} .order`)).toContain('Identify confirmed.')
    await page.close()
    expect(problems).toEqual([])
  }
)

it.each([{ roles: ['commentator'] }, { roles: [] }])(
  'tells a person with the roles $roles that the fleet is not theirs',
  async ({ roles }) => {
    const page = await enter(...roles)
    await expect.poll(() => textOf(page, 'main'), DEADLINE).toContain('role timekeeper or admin')
    await page.close()
  }
)
