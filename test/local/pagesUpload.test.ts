import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { uploadPages } from '../../infra/deploy/upload.ts'
import { type Azurite, startAzurite } from './fixtures/azurite.ts'

let storage: Azurite
let container: ContainerClient
let dir: string

beforeAll(async () => {
  storage = await startAzurite()
})
afterAll(() => storage.close())

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'grandstand-pages-'))
  const service = BlobServiceClient.fromConnectionString(storage.connectionString)
  container = service.getContainerClient('$web')
  await container.deleteIfExists()
  await container.create()
})
afterEach(() => rm(dir, { recursive: true }))

async function folder(files: Record<string, string>): Promise<void> {
  await rm(dir, { recursive: true })
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true })
    await writeFile(join(dir, file), content)
  }
}

const FIRST = {
  'index.html': 'start',
  'config.json': '{"apiBase":"https://one"}',
  'staticwebapp.config.json': '{}',
  'screen/index.html': '<script src="../assets/screen-1.js"></script>',
  'assets/screen-1.js': 'one',
  'assets/mark-1.svg': '<svg/>',
  'assets/font-1.woff2': 'font'
}

async function held(): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of container.listBlobsFlat()) names.push(name)
  return names.sort()
}

test('the container holds what the folder does, but not what another host reads', async () => {
  await folder(FIRST)
  await uploadPages(container, dir)
  const { 'staticwebapp.config.json': _, ...pages } = FIRST
  expect(await held()).toEqual(Object.keys(pages).sort())
  for (const [file, content] of Object.entries(pages))
    expect(String(await container.getBlobClient(file).downloadToBuffer())).toBe(content)
})

test('files come with their type, and only those named by their content are kept by caches', async () => {
  await folder(FIRST)
  await uploadPages(container, dir)
  const headers = async (file: string) => {
    const { contentType, cacheControl } = await container.getBlobClient(file).getProperties()
    return [contentType, cacheControl]
  }
  const forever = 'public, max-age=31536000, immutable'
  expect(await headers('index.html')).toEqual(['text/html; charset=utf-8', 'no-cache'])
  expect(await headers('config.json')).toEqual(['application/json', 'no-cache'])
  expect(await headers('assets/screen-1.js')).toEqual(['text/javascript; charset=utf-8', forever])
  expect(await headers('assets/mark-1.svg')).toEqual(['image/svg+xml', forever])
  expect(await headers('assets/font-1.woff2')).toEqual(['font/woff2', forever])
})

test('pages follow what they refer to, and what is gone goes last', async () => {
  await folder(FIRST)
  await uploadPages(container, dir)
  // The account's log comes late: what was answered after this is the second upload.
  await container.getBlobClient('between').exists()
  await folder({
    'index.html': 'start',
    'config.json': '{"apiBase":"https://two"}',
    'screen/index.html': '<script src="../assets/screen-2.js"></script>',
    'assets/screen-2.js': 'two'
  })
  await uploadPages(container, dir)
  expect(await held()).toEqual([
    'assets/screen-2.js',
    'config.json',
    'index.html',
    'screen/index.html'
  ])
  const writes = await vi.waitFor(() => {
    const between = storage.answered.findLastIndex(request => request.includes('/between'))
    expect(between).toBeGreaterThan(-1)
    const found = storage.answered.slice(between).flatMap(request => {
      const [, method, file] = /^(PUT|DELETE) .*\/\$web\/([^?]+)/.exec(request) ?? []
      return method ? [`${method} ${file}`] : []
    })
    expect(found).toHaveLength(7)
    return found
  })
  const stages = [writes.slice(0, 2), writes.slice(2, 4), writes.slice(4)]
  expect(stages.map(stage => stage.sort())).toEqual([
    ['PUT assets/screen-2.js', 'PUT config.json'],
    ['PUT index.html', 'PUT screen/index.html'],
    ['DELETE assets/font-1.woff2', 'DELETE assets/mark-1.svg', 'DELETE assets/screen-1.js']
  ])
})

test('a folder with a file of no known type changes nothing', async () => {
  await folder(FIRST)
  await uploadPages(container, dir)
  await folder({ 'index.html': 'new', '.env': 'SECRET=1' })
  await expect(uploadPages(container, dir)).rejects.toThrow('.env in')
  expect(await held()).toContain('assets/screen-1.js')
  expect(String(await container.getBlobClient('index.html').downloadToBuffer())).toBe('start')
})
