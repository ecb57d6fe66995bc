import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesIn } from '../../../infra/filesIn.ts'
import { bringUpToDate } from '../../../infra/upToDate.ts'

let dir: string
let dist: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'grandstand-dist-'))
  dist = join(dir, 'dist')
  await mkdir(join(dir, 'sources/deep'), { recursive: true })
  await writeFile(join(dir, 'sources/deep/a.ts'), 'one')
  await writeFile(join(dir, 'host.json'), '{}')
})
afterEach(() => rm(dir, { recursive: true }))

let made = 0
/** Makes one folder that holds these files; each holds its own name and how often something was made. */
const bring = (...files: string[]) =>
  bringUpToDate(dist, [join(dir, 'sources'), join(dir, 'host.json')], async into => {
    made++
    for (const file of files) {
      await mkdir(join(into, file, '..'), { recursive: true })
      await writeFile(join(into, file), `${file} ${made}`)
    }
  })
const built = async () => (await filesIn(dist)).filter(file => !file.startsWith('.'))

test('nothing is made while no source has changed, and a hook may add to what is built', async () => {
  await bring('web/index.html')
  await writeFile(join(dist, 'web/config.json'), '{}')
  const first = made
  await bring('web/index.html')
  expect(made).toBe(first)
  expect(await built()).toEqual(['web/config.json', 'web/index.html'])
})

test.each([
  ['content', () => writeFile(join(dir, 'sources/deep/a.ts'), 'two')],
  ['name', () => writeFile(join(dir, 'sources/deep/b.ts'), '')],
  ['file beside the folders', () => writeFile(join(dir, 'host.json'), '{"version":"2.0"}')]
])('another %s of a source makes all anew', async (_, change) => {
  await bring('app/index.cjs')
  await change()
  await bring('app/index.cjs')
  expect(await readFile(join(dist, 'app/index.cjs'), 'utf8')).toBe(`app/index.cjs ${made}`)
})

test('what is no longer made goes, files and folders', async () => {
  await bring('app/index.cjs', 'web/assets/old.js', 'web/index.html', 'gone/index.cjs')
  await writeFile(join(dir, 'sources/deep/a.ts'), 'two')
  await bring('app/index.cjs', 'web/assets/new.js', 'web/index.html')
  expect(await built()).toEqual(['app/index.cjs', 'web/assets/new.js', 'web/index.html'])
})

test('what cannot be made leaves the last build as it is, and is tried again', async () => {
  await bring('app/index.cjs')
  const before = await readFile(join(dist, 'app/index.cjs'), 'utf8')
  await writeFile(join(dir, 'sources/deep/a.ts'), 'broken')
  const broken = () =>
    bringUpToDate(dist, [join(dir, 'sources'), join(dir, 'host.json')], async into => {
      await mkdir(join(into, 'app'), { recursive: true })
      await writeFile(join(into, 'app/index.cjs'), 'half')
      throw new Error('does not compile')
    })
  await expect(broken()).rejects.toThrow('does not compile')
  expect(await readFile(join(dist, 'app/index.cjs'), 'utf8')).toBe(before)
  await expect(broken()).rejects.toThrow('does not compile')
  await bring('app/index.cjs')
  expect(await readFile(join(dist, 'app/index.cjs'), 'utf8')).toBe(`app/index.cjs ${made}`)
})
