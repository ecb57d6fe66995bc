import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { filesIn } from '../../infra/filesIn.ts'

const BUILDER = join(import.meta.dirname, 'fixtures/builder.ts')
/** azd asks for a build for each service at once. */
const BUILDERS = 4
/** What every making of the pages prints of one of them. */
const MADE = /screen: \S+ kB of script gzipped/g

let dist: string
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'grandstand-dist-'))
})
afterAll(() => rm(dist, { recursive: true }))

/** Builds in several processes at once; resolves with how often something was made. */
async function buildAtOnce(...args: string[]): Promise<number> {
  const outputs = await Promise.all(
    Array.from({ length: BUILDERS }, async () => {
      const child = spawn(process.execPath, [BUILDER, dist, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        // The runner's own mode would give a development build.
        env: { ...process.env, NODE_ENV: 'production' }
      })
      const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
      expect(code).toBe(0)
      return output
    })
  )
  return outputs.join('').match(MADE)?.length ?? 0
}

/** The built folders' files with what is in them. */
async function snapshot(): Promise<Map<string, string>> {
  const files = (await filesIn(dist)).filter(file => !file.startsWith('.'))
  return new Map(
    await Promise.all(
      files.map(async file => [file, await readFile(join(dist, file), 'base64')] as const)
    )
  )
}

test('of several builds at once one builds all, and the others find it done', async () => {
  expect(await buildAtOnce()).toBe(1)
  const files = [...(await snapshot()).keys()]
  for (const app of Object.keys(topology.apps)) {
    const built = files.filter(file => file.startsWith(`${app}/`))
    expect(built).toEqual(['host.json', 'index.cjs', 'package.json'].map(name => `${app}/${name}`))
  }
  expect(files).toContain('web/screen/index.html')
})

test('while builds replace what is built, a reader finds every file of it, whole', async () => {
  const before = await snapshot()
  // Without a file to wait for, the reader below would never let the builds' end be heard.
  expect(before.size).toBeGreaterThan(0)
  let building = true
  const built = buildAtOnce('anew').finally(() => {
    building = false
  })
  let reads = 0
  const wrong = new Set<string>()
  for (; building; reads++) {
    for (const [file, content] of before) {
      const found = await readFile(join(dist, file), 'base64').catch(() => 'missing')
      if (found !== content) wrong.add(file)
    }
  }
  expect(await built).toBeGreaterThan(0)
  expect(reads).toBeGreaterThan(0)
  expect([...wrong]).toEqual([])
  expect([...(await snapshot()).keys()]).toEqual([...before.keys()])
})
