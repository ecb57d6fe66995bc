import type { GameReading } from '#contract'
import { createGame, type GameStatus, statusOf, step } from '../../web/arcade/game.ts'
import { createThrottle, GAME_EVERY_MS } from '../../web/seat/throttle.ts'
import type { FieldAccount } from './account.ts'
import { type FieldOptions, type Seated, seatField } from './field.ts'
import { pause } from './pause.ts'
import { createPilot } from './pilot.ts'
import { createRandom } from './random.ts'

/** Events a second of a game at its own pace, about. */
export const NATURAL_EVENTS = 53
/** All games are played on so often, in ms. */
const FRAME_MS = 33
/** From the end of a game to the player's next one, ms. */
const AGAIN_MS = 1_500
/** Whoever has made more events than asked for plays on a little slower, whoever has made less a little faster. */
const PACE = { ahead: 0.8, behind: 1.2 }
/** Readings count games so far, from 0. */
const TRIAL_MAX = 255
/** Keeps the randomness of one day apart from that of the others. */
const DAYS_APART = 2 ** 24

export type SessionOptions = FieldOptions<GameReading> & {
  players: number
  /** Changes of each player's game a second. */
  eventsPerSecond?: number
}

/** What players have sent, and what the throttle made of it. */
export type PlayAccount = FieldAccount<GameReading> & {
  /** Changes of all games, and statuses that the throttle let through. */
  raw: number
  kept: number
  /** Players, and those whose last status was acknowledged. */
  played: number
  lastArrived: number
}

type Player = {
  play(ms: number): void
  flush(): void
  /** Whether the game as it stood last was acknowledged. */
  hasArrived(): boolean
}

/**
 * Plays one session of the score game through the gateway, one game after the other until the end: what changes goes
 * through the page's throttle, whose last value is flushed when a game or the session ends.
 */
export async function playSession(options: SessionOptions): Promise<PlayAccount> {
  const { startsAt, endsAt, now } = options
  const players = new Map<number, Player>()
  const counts = { raw: 0, kept: 0 }

  const playerOf = (seated: Seated<GameReading>): Player => {
    const known = players.get(seated.number)
    if (known) return known
    const player = createPlayer(options, seated, counts)
    players.set(seated.number, player)
    return player
  }
  const account = await seatField<GameReading>(
    { ...options, size: options.players },
    async (field, signal) => {
      await pause(startsAt - now(), signal)
      for (let at = startsAt; at < endsAt && !signal.aborted; ) {
        await pause(FRAME_MS, signal)
        const next = Math.min(endsAt, now())
        for (const seated of field) if (seated) playerOf(seated).play(next - at)
        at = next
      }
      for (const player of players.values()) player.flush()
    }
  )
  const arrived = [...players.values()].filter(player => player.hasArrived())
  return { ...account, ...counts, played: players.size, lastArrived: arrived.length }
}

/** One player's games. */
function createPlayer(
  options: SessionOptions,
  { number, account, put }: Seated<GameReading>,
  counts: { raw: number; kept: number }
): Player {
  const { seed, day = 1, startsAt, endsAt, now, eventsPerSecond = NATURAL_EVENTS } = options
  const random = createRandom(~seed, number + DAYS_APART * day)
  const pilot = createPilot(random)
  const newGame = () => createGame(Math.floor(random() * 2 ** 32))
  const speed = eventsPerSecond / NATURAL_EVENTS
  let game = newGame()
  let trial = 0
  let againAt = 0
  let raw = 0
  let lived = 0

  const throttle = createThrottle<GameStatus & { t: number }>(
    GAME_EVERY_MS,
    status => {
      counts.kept++
      put(seq => ({ seq, ...status, t: status.t + account.skewMs }), now())
    },
    now
  )
  /** A status is of the session, whenever the frame came. */
  const offer = () => {
    const t = Math.max(startsAt, Math.min(Math.floor(now()), endsAt))
    throttle.offer({ t, ...statusOf(game, trial) })
  }

  return {
    play(ms) {
      lived += ms
      if (game.over) {
        if (trial === TRIAL_MAX || now() < againAt) return
        trial++
        game = newGame()
        offer()
      }
      const pace = raw * 1_000 > eventsPerSecond * lived ? PACE.ahead : PACE.behind
      const events = step(game, ms * speed * pace, pilot(game))
      if (events.length === 0) return
      raw += events.length
      counts.raw += events.length
      offer()
      if (!game.over) return
      throttle.flush()
      againAt = now() + AGAIN_MS
    },
    flush: throttle.flush,
    hasArrived() {
      const last = statusOf(game, trial)
      const keys = Object.keys(last) as (keyof GameStatus)[]
      return account.acknowledged.some(reading => keys.every(key => reading[key] === last[key]))
    }
  }
}
