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
  return { names, put, read, stored }
}

describe('names', () => {
  it('come into the directory of each race that a competitor stands in, by bib', async () => {
    const { names, read } = shelf()
    await names([competitor('Mina', 2, 'red', 'blue'), competitor('Ole', 1, 'red')])
    expect(read('red')).toEqual(['1 Ole', '2 Mina'])
    expect(read('blue')).toEqual(['2 Mina'])
  })

  it('that changed replace the old, and repeating a batch adds none', async () => {
    const { names, read, stored } = shelf()
    await names([competitor('Mina', 2, 'red')])
    await names([competitor('Erased', 2, 'red')])
    await names([competitor('Erased', 2, 'red')])
    expect(read('red')).toEqual(['2 Erased'])
    expect(stored.get('red')!.directory.version).toBeGreaterThanOrEqual(2)
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
