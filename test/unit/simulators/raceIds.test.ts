import { afterEach, describe, expect, it } from 'vitest'
import { listRaces, nextRaceId } from '../../simulators/raceIds.ts'
import { startGateway } from './gateway.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const opened: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

describe('the ids of races', () => {
  it('count from one each day, above those that exist', () => {
    expect(nextRaceId('ride', noon, [])).toBe('ride-20261121-1')
    const known = ['ride-20261121-9', 'ride-20261121-12', 'ride-20261120-40', 'ride-20261121-x']
    expect(nextRaceId('ride', noon, known)).toBe('ride-20261121-13')
    expect(nextRaceId('time-trial', noon, known)).toBe('time-trial-20261121-1')
  })

  it('are read from all pages of the list', async () => {
    const race = (raceId: string) => ({
      raceId,
      name: raceId,
      place: '',
      format: { kind: 'game' },
      phase: 'open',
      validity: 'provisional',
      startsAt: null,
      endsAt: null,
      competitors: 0
    })
    const gateway = await startGateway(({ path }) => {
      const first = path === '/races'
      const races = [race(first ? 'ride-2' : 'ride-1')]
      return { status: 200, body: { races, continuation: first ? 'p+2' : null } }
    })
    opened.push(gateway.close)
    const ids = (await listRaces(gateway.url)).map(({ raceId }) => raceId)
    expect(ids).toEqual(['ride-2', 'ride-1'])
    expect(gateway.arrivals.map(({ path }) => path)).toEqual([
      '/races',
      '/races?continuation=p%2B2'
    ])
  })

  it('are not guessed where the list has no answer', async () => {
    const gateway = await startGateway(() => ({ status: 503 }))
    opened.push(gateway.close)
    await expect(listRaces(gateway.url)).rejects.toThrow('503')
  })
})
