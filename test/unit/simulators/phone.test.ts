import { expect, test } from 'vitest'
import { type Ask, createPhone, noPhoneCounts } from '../../simulators/phone.ts'

const RACE = '/races/a'

/** A race of 400 in bib order at a version, as the API answers, and what was asked for. */
function anApi() {
  const api = { version: 1, changed: [0, 1, 2, 3], pageVersion: undefined as number | undefined }
  const versions = [1, 1, 1, 1]
  const asked: string[] = []
  const bodyOf = (path: string) => {
    const { version } = api
    if (path === '/races') return { races: [], continuation: null }
    if (path === `${RACE}/standings`) {
      for (const page of api.changed) versions[page] = version
      const rankPages = versions.map(of => ({ version: of, slot: 0 }))
      return {
        version,
        rankPages,
        bibPages: [{ version, slot: 0 }],
        lapPages: [],
        top: [],
        competitors: 400
      }
    }
    const page = Number(path.split('/').at(-1))
    if (path.includes('/ranks/')) {
      const rows = Array.from({ length: 100 }, (_, i) => ({ bib: page * 100 + i + 1 }))
      return { version: api.pageVersion ?? versions[page], page, rows }
    }
    const rank = Array.from({ length: 400 }, (_, i) => i + 1)
    return { version: api.pageVersion ?? version, rank, value: rank.map(place => place * 10) }
  }
  const ask: Ask = (path, etag) => {
    asked.push(path)
    const tag = `"${path}-${api.version}"`
    return etag === tag
      ? { status: 304, etag, body: undefined }
      : { status: 200, etag: tag, body: bodyOf(path) }
  }
  const look = async (phone: ReturnType<typeof createPhone>) => {
    asked.length = 0
    await phone.look(ask)
    return [...asked]
  }
  return { api, ask, look }
}

const aPhone = (bib = 250) => {
  const counts = noPhoneCounts()
  return { counts, phone: createPhone({ raceId: 'a', bib, counts }) }
}

test('a first look asks for the races, the head, the names, its bib page and the places around its own', async () => {
  const { look } = anApi()
  const { phone } = aPhone()
  const ranks = `${RACE}/standings/ranks`
  const bibs = `${RACE}/standings/bibs/0`
  const first = ['/races', `${RACE}/standings`, `${RACE}/competitors`, bibs]
  expect(await look(phone)).toEqual([...first, `${ranks}/2`])
  expect(phone.own()).toEqual({ rank: 250, value: 2_500 })
  expect(await look(aPhone(99).phone)).toEqual([...first, `${ranks}/0`, `${ranks}/1`])
})

test('a later look asks by tag for the head alone where nothing changed, and else for what the head says has', async () => {
  const { api, look } = anApi()
  const { phone, counts } = aPhone()
  await look(phone)
  expect(await look(phone)).toEqual([`${RACE}/standings`])
  expect(counts).toMatchObject({ same: 1, backward: 0 })
  Object.assign(api, { version: 2, changed: [0] })
  expect(await look(phone)).toEqual([`${RACE}/standings`, `${RACE}/standings/bibs/0`])
})

test('answers that go back and pages older than their head are counted', async () => {
  const { api, look } = anApi()
  const { phone, counts } = aPhone()
  api.version = 5
  await look(phone)
  Object.assign(api, { version: 6, pageVersion: 5 })
  await look(phone)
  // The page by bib, and the one by rank that it leads to all the same.
  expect(counts).toMatchObject({ behind: 2, backward: 0 })
  api.version = 4
  await look(phone)
  expect(counts.backward).toBe(1)
})

test('a refused answer leaves what was known', async () => {
  const { look } = anApi()
  const { phone, counts } = aPhone()
  await look(phone)
  const known = phone.own()
  await phone.look(() => ({ status: 503, etag: undefined, body: undefined }))
  expect(phone.own()).toEqual(known)
  expect(counts.refused).toBe(1)
})
