import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appPackage, pagesPackage } from '../../../infra/package.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'grandstand-package-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function put(files: Record<string, string>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true })
    await writeFile(join(dir, file), content)
  }
}

const APP = {
  'host.json': '{"version":"2.0","extensionBundle":{"id":"x","version":"[4.32.0, 5.0.0)"}}',
  'index.cjs': 'require("node:fs")',
  'package.json': '{"main":"index.cjs"}'
}
const PAGES = { 'index.html': '<p>', 'screen/index.html': '<p>', 'assets/screen-1.js': '1' }

test('a sound app and sound pages are listed with their sizes', async () => {
  await put(APP)
  const app = await appPackage(dir)
  expect(app.wrong).toEqual([])
  expect(app.files.map(({ name, bytes }) => [name, bytes])).toEqual(
    Object.entries(APP).map(([name, content]) => [name, content.length])
  )
  await rm(dir, { recursive: true })
  await put(PAGES)
  expect(await pagesPackage(dir)).toMatchObject({ wrong: [], files: { length: 3 } })
})

test.each([
  'node_modules/valibot/index.js',
  '.env',
  'local.settings.json',
  'index.cjs.map',
  'functions/apps/public.ts'
])('an app with %s is refused', async file => {
  await put({ ...APP, [file]: '' })
  const { wrong } = await appPackage(dir)
  expect(wrong).toEqual([`${dir} holds ${file}, which is no part of an app.`])
})

test.each([
  ['without a bundle', { 'index.cjs': undefined }, 'has no index.cjs'],
  ['too large', { 'index.cjs': 'x'.repeat(3_000_001) }, 'has 3000001 bytes'],
  ['without extensions', { 'host.json': '{"version":"2.0"}' }, 'names no extensionBundle'],
  ['that starts with another file', { 'package.json': '{"main":"a.js"}' }, 'has the main a.js']
])('an app %s is refused', async (_, change, sentence) => {
  const files = Object.entries({ ...APP, ...change }).filter(([, content]) => content !== undefined)
  await put(Object.fromEntries(files) as Record<string, string>)
  const { wrong } = await appPackage(dir)
  expect(wrong).toEqual([expect.stringContaining(sentence)])
})

test.each(['assets/screen-1.js.map', '.env', 'screen/main.ts'])(
  'pages with %s are refused',
  async file => {
    await put({ ...PAGES, [file]: '' })
    const { wrong } = await pagesPackage(dir)
    expect(wrong).toEqual([`${dir} holds ${file}, which is no part of the pages.`])
  }
)

test('pages without a start page are refused: Static Web Apps would', async () => {
  await put({ 'screen/index.html': '<p>' })
  expect((await pagesPackage(dir)).wrong).toEqual([`${dir} has no index.html.`])
})
