import { expect, test } from 'vitest'
import { createEdge, noEdgeCounts, type OriginAnswer } from '../../bench/lookups/edge.ts'

const TARGET = '/races/a/standings'

/** An edge before an origin whose present version and max-age can be set, and which answers when told to. */
function aStory({ singleFlight = true, maxAgeMs = 1_000 } = {}) {
  const clock = { now: 0 }
  const asked: (string | undefined)[] = []
  const origin = { version: 1, status: 200, held: undefined as Promise<void> | undefined }
  const counts = noEdgeCounts()
  const edge = createEdge({
    async origin(target, etag): Promise<OriginAnswer> {
      asked.push(etag)
      const { version, status } = origin
      await origin.held
      const said = { etag: `"head-${version}"`, maxAgeMs: status === 200 ? maxAgeMs : 0 }
      if (etag === said.etag) return { ...said, status: 304, body: undefined, bytes: 0, zipped: 0 }
      return { ...said, status, body: { target, version }, bytes: 100, zipped: 40 }
    },
    now: () => clock.now,
    singleFlight,
    counts
  })
  const get = async (target = TARGET, etag?: string) => edge.get(target, etag)
  return { clock, asked, origin, counts, get }
}

test('an answer is given out until its max-age has passed and asked for again then', async () => {
  const { clock, asked, origin, counts, get } = aStory()
  await get()
  origin.version = 2
  clock.now = 999
  expect((await get()).body).toEqual({ target: TARGET, version: 1 })
  expect(asked).toHaveLength(1)
  clock.now = 1_000
  expect((await get()).body).toEqual({ target: TARGET, version: 2 })
  expect(counts).toMatchObject({ requests: 3, hits: 1, misses: 2, filled: 2, sent: 120 })
})

test('an old answer is asked for by its tag, and a 304 makes it good for another max-age', async () => {
  const { clock, asked, counts, get } = aStory()
  await get()
  clock.now = 1_500
  expect(await get()).toMatchObject({ status: 200, body: { version: 1 } })
  clock.now = 2_499
  await get()
  expect(asked).toEqual([undefined, '"head-1"'])
  expect(counts).toMatchObject({ renewed: 1, hits: 1, received: 100 })
})

test('who holds the tag gets 304 without a body, weak or strong; who holds another gets the body', async () => {
  const { counts, get } = aStory()
  await get()
  for (const held of ['"head-1"', 'W/"head-1"']) {
    expect(await get(TARGET, held)).toEqual({ status: 304, etag: '"head-1"', body: undefined })
  }
  expect((await get(TARGET, '"head-0"')).status).toBe(200)
  expect(counts).toMatchObject({ notModified: 2, sent: 80 })
})

test('the key is path and query, and nothing that a phone holds', async () => {
  const { asked, get } = aStory()
  await get(TARGET, '"head-1"')
  await get(TARGET, '"head-9"')
  expect(asked).toHaveLength(1)
  await get(`${TARGET}?limit=1`)
  await get('/races/b/standings')
  expect(asked).toHaveLength(3)
})

test.each([
  { singleFlight: true, toOrigin: 1, waited: 9 },
  { singleFlight: false, toOrigin: 10, waited: 0 }
])('ten at once ask the origin $toOrigin times with single flight $singleFlight', async story => {
  const { asked, origin, counts, get } = aStory({ singleFlight: story.singleFlight })
  const release = Promise.withResolvers<void>()
  origin.held = release.promise
  const all = Promise.all(Array.from({ length: 10 }, () => get()))
  release.resolve()
  expect((await all).map(({ status }) => status)).toEqual(new Array(10).fill(200))
  expect(asked).toHaveLength(story.toOrigin)
  expect(counts).toMatchObject({ misses: story.toOrigin, joined: story.waited, hits: 0 })
})

test('what is no success or names no max-age is not kept', async () => {
  const refused = aStory()
  refused.origin.status = 503
  await refused.get()
  await refused.get()
  expect(refused.asked).toHaveLength(2)
  const unkept = aStory({ maxAgeMs: 0 })
  await unkept.get()
  await unkept.get()
  expect(unkept.counts).toMatchObject({ hits: 0, misses: 2, unkept: 2 })
})
