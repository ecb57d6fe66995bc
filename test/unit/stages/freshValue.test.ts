import { describe, expect, it } from 'vitest'
import { createFreshValue } from '../../../functions/stages/freshValue.ts'

describe('a fresh value', () => {
  it('that could not be read is read again at once', async () => {
    let tries = 0
    const values = createFreshValue({ freshMs: 1_000, kept: 2, now: () => 0 }, async () => {
      tries++
      if (tries === 1) throw new Error('away')
      return tries
    })
    await expect(values.get('a')).rejects.toThrow('away')
    expect(await values.get('a')).toBe(2)
    expect(await values.get('a')).toBe(2)
  })

  it('is forgotten when more keys are asked for than are kept', async () => {
    const read: string[] = []
    const values = createFreshValue({ freshMs: 1_000, kept: 2, now: () => 0 }, async key =>
      read.push(key)
    )
    for (const key of ['a', 'b', 'c', 'b', 'a']) await values.get(key)
    expect(read).toEqual(['a', 'b', 'c', 'a'])
  })

  it('that is fresh survives the late failure of an older reading', async () => {
    const fail: ((error: Error) => void)[] = []
    let tries = 0
    const values = createFreshValue({ freshMs: 1_000, kept: 2, now: () => 0 }, () => {
      tries++
      return tries === 1
        ? new Promise<number>((_, reject) => fail.push(reject))
        : Promise.resolve(tries)
    })
    const first = values.get('a')
    values.forget('a')
    expect(await values.get('a')).toBe(2)
    fail[0]!(new Error('away'))
    await expect(first).rejects.toThrow('away')
    expect(await values.get('a')).toBe(2)
  })
})
