import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import topology from '#topology' with { type: 'json' }
import { buildAll, DIST } from './build.ts'
import { coldImportMs } from './coldImport.ts'
import { contentTypeOf } from './deploy/contentTypes.ts'
import { filesIn } from './filesIn.ts'

/** Largest bundle of an app, in bytes: beyond it cold starts are felt. */
const BUNDLE_MAX_BYTES = 3_000_000
/** All that an app consists of: no packages to install, no settings, no maps. */
const APP_FILES = ['host.json', 'index.cjs', 'package.json']

/** What azd uploads for one service; sizes in bytes, `zipped` as in the archive. */
export type Package = {
  files: { name: string; bytes: number; zipped: number }[]
  /** What must not be uploaded so, a sentence each. */
  wrong: string[]
}

/** Reads the folder that azd uploads for the app. */
export async function appPackage(dir: string): Promise<Package> {
  const files = await sizesIn(dir)
  const names = files.map(({ name }) => name)
  const bundle = files.find(({ name }) => name === 'index.cjs')
  const wrong = [
    ...APP_FILES.filter(name => !names.includes(name)).map(name => `${dir} has no ${name}.`),
    ...names
      .filter(name => !APP_FILES.includes(name))
      .map(name => `${dir} holds ${name}, which is no part of an app.`)
  ]
  if (bundle && bundle.bytes > BUNDLE_MAX_BYTES)
    wrong.push(`${dir}/index.cjs has ${bundle.bytes} bytes, more than ${BUNDLE_MAX_BYTES}.`)
  if (names.includes('host.json') && !(await readJson(join(dir, 'host.json'))).extensionBundle)
    wrong.push(`${dir}/host.json names no extensionBundle: Azure would know no trigger but HTTP.`)
  if (names.includes('package.json')) {
    const { main } = await readJson(join(dir, 'package.json'))
    if (main !== 'index.cjs') wrong.push(`${dir}/package.json has the main ${main}, not index.cjs.`)
  }
  return { files, wrong }
}

/** Reads the folder of the pages: only what browsers ask for by its type. */
export async function pagesPackage(dir: string): Promise<Package> {
  const files = await sizesIn(dir)
  const wrong = files.flatMap(({ name }) =>
    contentTypeOf(name) ? [] : [`${dir} holds ${name}, which is no part of the pages.`]
  )
  // Static Web Apps refuses a folder without it.
  if (!files.some(({ name }) => name === 'index.html')) wrong.push(`${dir} has no index.html.`)
  return { files, wrong }
}

async function sizesIn(dir: string): Promise<Package['files']> {
  return Promise.all(
    (await filesIn(dir)).map(async name => {
      const content = await readFile(join(dir, name))
      return { name, bytes: content.length, zipped: deflateRawSync(content).length }
    })
  )
}

const readJson = async (file: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(file, 'utf8'))

const kilobytes = (sizes: number[]) =>
  Number((sizes.reduce((sum, size) => sum + size, 0) / 1000).toFixed(1))

async function packageAll(): Promise<string[]> {
  await buildAll()
  const rows: Record<string, object> = {}
  const wrong: string[] = []
  for (const service of [...Object.keys(topology.apps), 'web']) {
    const dir = join(DIST, service)
    const isApp = service !== 'web'
    const made = await (isApp ? appPackage(dir) : pagesPackage(dir))
    const bundle = made.files.filter(({ name }) => name === 'index.cjs')
    wrong.push(...made.wrong)
    rows[service] = {
      files: made.files.length,
      ...(isApp && { 'kB bundle': kilobytes(bundle.map(({ bytes }) => bytes)) }),
      'kB total': kilobytes(made.files.map(({ bytes }) => bytes)),
      'kB zipped': kilobytes(made.files.map(({ zipped }) => zipped)),
      ...(bundle.length > 0 && {
        'cold import ms': Math.round(coldImportMs(resolve(dir, 'index.cjs')))
      })
    }
  }
  console.table(rows)
  return wrong
}

if (import.meta.main) {
  const wrong = await packageAll()
  for (const sentence of wrong) console.error(sentence)
  process.exitCode = wrong.length ? 1 : 0
}
