import { describe, expect, it } from 'vitest'
import type { Competitor, Directory } from '#contract'
import { createNames } from '../../../functions/stages/names.ts'

const competitor = (name: string, bib: number, ...races: string[]): Competitor => ({
  id: `rider-${bib}`,
  competitorId: `rider-${bib}`,
  name,
  country: 'NLD',
  class: '',
  entries: races.map(raceId => ({ raceId, bib }))
})

const withdrawn = (one: Competitor): Competitor => ({
  ...one,
  entries: one.entries.map(entry => ({ ...entry, withdrawn: true }))
})

/** Directories by race; before each write `meanwhile` may let another writer in. */
function shelf(meanwhile: (() => void)[] = []) {
  const stored = new Map<string, { directory: Directory; etag: string }>()
  let writes = 0
  const put = (directory: Directory) => {
    writes++
    stored.set(directory.raceId, { directory: structuredClone(directory), etag: `e${writes}` })
  }
  const names = createNames({
    readDirectory: async raceId => stored.get(raceId),
    async writeDirectory(directory, etag) {
      meanwhile.shift()?.()
      if ((stored.get(directory.raceId)?.etag ?? null) !== etag) return false
      put(directory)
      return true
    }
  })
  const read = (raceId: string) =>
    stored.get(raceId)?.directory.entries.map(({ bib, name }) => `${bib} ${name}`)
  return { names, put, read, stored, writes: () => writes }
}

describe('names', () => {
  it('come into the directory of each race that a competitor stands in, by bib', async () => {
    const { names, read } = shelf()
    await names([competitor('Mina', 2, 'red', 'blue'), competitor('Ole', 1, 'red')])
    expect(read('red')).toEqual(['1 Ole', '2 Mina'])
    expect(read('blue')).toEqual(['2 Mina'])
  })

  it('that changed replace the old, and repeating a batch writes nothing', async () => {
    const { names, read, stored, writes } = shelf()
    await names([competitor('Mina', 2, 'red'), competitor('Ole', 1, 'red', 'blue')])
    await names([competitor('Erased', 2, 'red')])
    const before = writes()
    await names([competitor('Erased', 2, 'red'), competitor('Ole', 1, 'red', 'blue')])
    expect(writes()).toBe(before)
    expect(read('red')).toEqual(['1 Ole', '2 Erased'])
    expect(stored.get('red')!.directory.version).toBe(2)
  })

  it('of who was withdrawn leave the directory of that race alone, and come back with a new entry', async () => {
    const { names, read, stored } = shelf()
    const mina = competitor('Mina', 2, 'red', 'blue')
    const [red, blue] = mina.entries
    await names([mina, competitor('Ole', 1, 'red')])
    await names([{ ...mina, entries: [{ ...red!, withdrawn: true }, blue!] }])
    expect(read('red')).toEqual(['1 Ole'])
    expect(read('blue')).toEqual(['2 Mina'])
    expect(stored.get('red')!.directory.version).toBe(2)
    await names([mina])
    expect(read('red')).toEqual(['1 Ole', '2 Mina'])
  })

  it('of who was erased leave the directory of every race, and nothing stands in their place', async () => {
    const { names, read } = shelf()
    const mina = competitor('Mina', 2, 'red', 'blue')
    await names([mina, competitor('Ole', 1, 'red')])
    await names([{ ...mina, name: '', country: '', erased: true, ttl: 60 }])
    expect(read('red')).toEqual(['1 Ole'])
    expect(read('blue')).toEqual([])
  })

  it('of who was withdrawn before they were ever there write nothing', async () => {
    const { names, read, writes } = shelf()
    await names([withdrawn(competitor('Mina', 2, 'red'))])
    expect(read('red')).toBeUndefined()
    await names([competitor('Ole', 1, 'red')])
    await names([withdrawn(competitor('Mina', 2, 'red'))])
    expect(read('red')).toEqual(['1 Ole'])
    expect(writes()).toBe(1)
  })

  it('of the last who is withdrawn leave an empty directory', async () => {
    const { names, read } = shelf()
    await names([competitor('Mina', 2, 'red')])
    await names([withdrawn(competitor('Mina', 2, 'red'))])
    expect(read('red')).toEqual([])
  })

  it('of who is withdrawn leave a directory that another writer changes meanwhile', async () => {
    const mina = { bib: 2, name: 'Mina', country: 'NLD', class: '' }
    const ada = { bib: 5, name: 'Ada', country: '', class: '' }
    const meanwhile = [() => put({ raceId: 'red', version: 8, entries: [mina, ada] })]
    const { names, put, read, stored } = shelf(meanwhile)
    put({ raceId: 'red', version: 7, entries: [mina] })
    await names([withdrawn(competitor('Mina', 2, 'red'))])
    expect(read('red')).toEqual(['5 Ada'])
    expect(stored.get('red')!.directory.version).toBe(9)
  })

  it('of who is withdrawn need no more writing when another writer took them out meanwhile', async () => {
    const mina = { bib: 2, name: 'Mina', country: 'NLD', class: '' }
    const meanwhile = [() => put({ raceId: 'red', version: 8, entries: [] })]
    const { names, put, stored } = shelf(meanwhile)
    put({ raceId: 'red', version: 7, entries: [mina] })
    await names([withdrawn(competitor('Mina', 2, 'red'))])
    expect(stored.get('red')!.directory).toEqual({ raceId: 'red', version: 8, entries: [] })
  })

  it('of another writer are kept when both write at once', async () => {
    const theirs: Directory = {
      raceId: 'red',
      version: 1,
      entries: [{ bib: 5, name: 'Ada', country: '', class: '' }]
    }
    const meanwhile = [() => put(theirs)]
    const { names, put, read } = shelf(meanwhile)
    await names([competitor('Mina', 2, 'red')])
    expect(read('red')).toEqual(['2 Mina', '5 Ada'])
  })

  it('are tried again with the batch when the directory changes faster than it can be written', async () => {
    const restless = Array.from(
      { length: 9 },
      (_, version) => () => put({ raceId: 'red', version, entries: [] })
    )
    const { names, put } = shelf(restless)
    await expect(names([competitor('Mina', 2, 'red')])).rejects.toThrow('faster')
  })
})
