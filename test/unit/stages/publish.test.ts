import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { type Board, Frame, type SeatItem } from '#contract'
import { apply, boardOf } from '#race/delta'
import {
  createPublish,
  createTellFreed,
  type StandingsChange
} from '../../../functions/stages/publish.ts'
import { boardOfRiders } from '../../stories/boards.ts'
import { GUN } from '../../stories/races.ts'

function group() {
  const sent: [string, Frame][] = []
  const state = { away: false, now: GUN }
  const later: { at: number; task: () => Promise<void> }[] = []
  const publish = createPublish({
    async send(raceId, frame) {
      if (state.away) throw new Error('away')
      sent.push([raceId, structuredClone(frame)])
    },
    later: (ms, task) => later.push({ at: state.now + ms, task }),
    now: () => state.now
  })
  /** Lets time pass, and does what is due meanwhile. */
  const pass = async (ms: number) => {
    state.now += ms
    for (const each of later.splice(0)) {
      if (each.at > state.now) later.push(each)
      else await each.task()
    }
  }
  return { sent, state, publish, pass, kinds: () => sent.map(([, { type }]) => type) }
}

const namesAt = (version: number, raceId = 'evening-race'): StandingsChange => ({
  kind: 'directory',
  directory: { raceId, version, entries: [] }
})

const headAt = (version: number, riders = 5): StandingsChange => ({
  kind: 'head',
  head: boardOfRiders(version, riders).head
})
const boardAt = (version: number, riders = 5): Board => boardOf(boardOfRiders(version, riders).head)

describe('a changed board', () => {
  it('is sent whole at first and as differences from then on', async () => {
    const { sent, publish, kinds } = group()
    for (const version of [1, 2, 5]) await publish([headAt(version)])
    expect(kinds()).toEqual(['snapshot', 'delta', 'delta'])
    let screen: Board | undefined
    for (const [, frame] of sent) {
      if (frame.type === 'directory' || frame.type === 'seats') continue
      const applied = apply(screen, frame)
      if (typeof applied === 'string') throw new Error(applied)
      screen = applied
    }
    expect(screen).toEqual(boardAt(5))
  })

  it('is sent once for each race and batch, by its newest version', async () => {
    const { sent, publish } = group()
    const night: StandingsChange = {
      kind: 'head',
      head: { ...boardOfRiders(3, 2).head, raceId: 'night-race' }
    }
    await publish([headAt(1), night, headAt(2), headAt(3)])
    expect(
      sent.map(([raceId, frame]) => [raceId, frame.type === 'snapshot' && frame.board.version])
    ).toEqual([
      ['evening-race', 3],
      ['night-race', 3]
    ])
  })

  it('is not sent again when the feed repeats it or brings an older one', async () => {
    const { publish, kinds } = group()
    await publish([headAt(4)])
    await publish([headAt(4)])
    await publish([headAt(3)])
    expect(kinds()).toEqual(['snapshot'])
  })

  it('that could not be sent rejects the batch and is sent when the feed brings it again', async () => {
    const { sent, state, publish, kinds } = group()
    await publish([headAt(1)])
    state.away = true
    await expect(publish([headAt(2)])).rejects.toThrow('away')
    state.away = false
    await publish([headAt(2)])
    expect(kinds()).toEqual(['snapshot', 'delta'])
    expect(sent[1]![1]).toMatchObject({ base: 1, version: 2 })
  })

  it('tells who is racing from when the run begins until it ends', async () => {
    const { sent, publish } = group()
    const counts = { since: 1, laps: 0, last: null, best: null, resets: 0, allowedResets: null }
    const before = { ...counts, pausedAt: null, pausedMs: 0, runMs: null }
    const run = { runId: 'r', bib: 3, deviceId: 'car-3', ...before }
    const versions = [[], [run], [{ ...run, laps: 1, best: 9 }], []]
    for (const [i, racing] of versions.entries()) {
      const { head } = boardOfRiders(i + 1, 5)
      await publish([{ kind: 'head', head: { ...head, racing } }])
    }
    const told = sent.map(([, frame]) => v.parse(Frame, JSON.parse(JSON.stringify(frame))))
    expect(told.map(frame => frame.type === 'delta' && frame.head.racing)).toEqual([
      false,
      ...versions.slice(1)
    ])
  })

  it('carries no bookkeeping of pages', async () => {
    expect(boardAt(1)).not.toHaveProperty('rankPages')
    expect(boardAt(1)).not.toHaveProperty('bibPages')
  })

  it('is sent whole again for a race that was forgotten over many others', async () => {
    const { publish, kinds } = group()
    await publish([headAt(1)])
    for (let i = 0; i < 64; i++) {
      await publish([{ kind: 'head', head: { ...boardOfRiders(1, 1).head, raceId: `race-${i}` } }])
    }
    await publish([headAt(2)])
    expect(kinds().at(-1)).toBe('snapshot')
  })
})

describe('changed names', () => {
  it('are told by their version alone', async () => {
    const { sent, publish } = group()
    const entries = [{ bib: 1, name: 'Mina', country: '', class: '' }]
    await publish([
      { kind: 'directory', directory: { raceId: 'evening-race', version: 7, entries } }
    ])
    expect(sent).toEqual([
      ['evening-race', { type: 'directory', raceId: 'evening-race', version: 7 }]
    ])
  })

  it('are told once for each race and batch', async () => {
    const { sent, publish } = group()
    await publish([7, 8, 9].map(version => namesAt(version)))
    expect(sent).toEqual([
      ['evening-race', { type: 'directory', raceId: 'evening-race', version: 9 }]
    ])
  })

  const told = (sent: [string, Frame][]) =>
    sent.map(([raceId, frame]) => [raceId, frame.type === 'directory' && frame.version])

  it('are told at once and then once a second and race at most, the last ones always', async () => {
    const { sent, publish, pass } = group()
    for (let version = 1; version <= 15; version++) {
      await publish([namesAt(version)])
      await pass(100)
    }
    await publish([namesAt(1, 'night-race')])
    expect(told(sent)).toEqual([
      ['evening-race', 1],
      ['evening-race', 10],
      ['night-race', 1]
    ])
    await pass(1_000)
    expect(told(sent).at(-1)).toEqual(['evening-race', 15])
    await pass(1_000)
    await publish([namesAt(16)])
    expect(told(sent).at(-1)).toEqual(['evening-race', 16])
    await pass(5_000)
    expect(sent).toHaveLength(5)
  })

  it('are not told again when the feed repeats them or brings older ones', async () => {
    const { sent, publish, pass } = group()
    for (const version of [4, 4, 3]) {
      await publish([namesAt(version)])
      await pass(2_000)
    }
    expect(told(sent)).toEqual([['evening-race', 4]])
  })

  it('that could not be told reject the batch, and are told when the feed brings them again', async () => {
    const { sent, state, publish } = group()
    state.away = true
    await expect(publish([namesAt(4)])).rejects.toThrow('away')
    state.away = false
    await publish([namesAt(4)])
    expect(told(sent)).toEqual([['evening-race', 4]])
  })

  it('do not hold up the board', async () => {
    const { publish, kinds } = group()
    await publish([namesAt(1)])
    await publish([namesAt(2), headAt(1)])
    expect(kinds()).toEqual(['directory', 'snapshot'])
  })
})

describe('freed seats', () => {
  const seat = (bib: number, changes: Partial<SeatItem> = {}): SeatItem => {
    const ids = { id: `seat-${bib}`, raceId: 'evening-race', kind: 'seat' as const, bib }
    return { ...ids, competitorId: `rider-${bib}`, class: '', heldUntil: GUN, ...changes }
  }
  const idle = { freedAt: GUN, why: 'idle' } as const

  it('are told once for each race and batch, and seats that are held are not', async () => {
    const sent: [string, Frame][] = []
    const tell = createTellFreed({ send: async (...told) => void sent.push(told) })
    const night = { raceId: 'night-race' }
    await tell([
      seat(1, idle),
      seat(2),
      seat(3, { ...idle, why: 'left' }),
      seat(4, { ...idle, ...night })
    ])
    await tell([seat(5)])
    expect(sent.map(([raceId]) => raceId)).toEqual(['evening-race', 'night-race'])
    expect(sent.map(([, frame]) => v.parse(Frame, frame))).toMatchObject([
      {
        type: 'seats',
        freed: [
          { bib: 1, why: 'idle' },
          { bib: 3, why: 'left' }
        ]
      },
      { type: 'seats', raceId: 'night-race', freed: [{ bib: 4, why: 'idle' }] }
    ])
  })

  it('that could not be told reject the batch', async () => {
    const tell = createTellFreed({ send: () => Promise.reject(new Error('away')) })
    await expect(tell([seat(1, idle)])).rejects.toThrow('away')
  })
})
