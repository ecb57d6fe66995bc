import type { Competitor, Format, Head, Race } from '#contract'
import { createFreeIdle } from '../../functions/stages/freeSeats.ts'
import { Refused } from '../../functions/stages/problem.ts'
import { createSeatQueue } from '../../functions/stages/seatQueue.ts'
import { createSeats, type SeatPorts } from '../../functions/stages/seats.ts'
import { boardOfRiders } from './boards.ts'
import { aRace, DISTANCE, FLAG, GUN } from './races.ts'
import { aSeatBook } from './seatBook.ts'

/** How long its race holds a seat, in ms, and when its riders come. */
export const IDLE_MS = 120_000
export const NOW = GUN - 30_000

type Token = Parameters<SeatPorts['sign']>[0]

/** A race with a desk for its riders; what `state` says may be changed on the way. */
export function aSeatDesk(changes: Partial<Race> = {}, format: Format = DISTANCE) {
  const open = { lateJoin: 'join', idleMs: IDLE_MS, registration: { kind: 'open' } } as const
  const race = aRace(format, { capacity: 3, ...open, ...changes })
  const state = {
    phase: 'open' as Head['phase'] | null,
    endsAt: FLAG as number | null,
    now: NOW,
    ids: 0,
    next: undefined as string | undefined
  }
  const { book, seats } = aSeatBook()
  const faces = new Map<string, Competitor>()
  const tokens: Token[] = []
  const now = () => state.now
  const freeIdle = createFreeIdle({ book, now })
  const ports: SeatPorts = {
    readRace: async raceId => (raceId === race.raceId ? race : undefined),
    async readHead() {
      const { phase, endsAt } = state
      return phase === null
        ? undefined
        : { ...boardOfRiders(1, 1).head, format: race.format, phase, endsAt }
    },
    book,
    queue: createSeatQueue({ book, freeIdle, wait: async () => {}, random: () => 0, now }),
    nextRace: async () => state.next,
    async createCompetitor(face) {
      if (!faces.has(face.id)) faces.set(face.id, face)
    },
    nameOf: async (raceId, bib) => faces.get(`${raceId}.${bib}`)?.name ?? '',
    competitorOfPass: async pass => /^pass of (.+)$/.exec(pass)?.[1],
    async sign(token) {
      tokens.push(token)
      return `token-${tokens.length}`
    },
    newId: () => `rider-${++state.ids}`,
    now
  }
  const seated = createSeats(ports)
  const person = async (): Promise<never> => {
    throw new Refused('unauthorized', 'nobody signed in')
  }
  const take = (request: Parameters<typeof seated.take>[1], caller = {}) =>
    seated.take(race.raceId, request, { person, ...caller })
  return {
    ...seated,
    take,
    state,
    seats,
    faces: () => [...faces.values()],
    tokens,
    ports,
    freeIdle
  }
}
