import * as v from 'valibot'
import type { Board } from '#contract'
import { RaceDetail } from '#contract/standings'
import type { GameReading } from '#contract/telemetry'
import type { Api } from '../api.ts'
import type { Call } from '../call.ts'
import { openRaceFeed } from '../raceFeed.ts'
import type { HeldSeat } from '../seat/heldSeat.ts'
import { createRegistration, type Entry } from '../seat/registration.ts'
import { type OpenSeat, openSeat } from '../seat/seat.ts'
import type { SeatPage } from '../seat/seatPage.ts'
import { shownSeat } from '../seat/shownSeat.ts'
import { createStartGun } from '../seat/startGun.ts'
import { createThrottle, GAME_EVERY_MS } from '../seat/throttle.ts'
import type { ArcadeView } from './arcadeView.svelte.ts'
import type { Game, GameStatus } from './game.ts'
import { keepGame, keptGame } from './keptGame.ts'
import { Play } from './play.svelte.ts'
import { openTopFeed } from './topFeed.ts'

/** The list of sessions is read this often while it is shown, in ms. */
const LOOK_MS = 5_000
/** The game is remembered this often while it is played, in ms. */
const KEEP_MS = 1_000

type ArcadeOptions = SeatPage & { view: ArcadeView; call: Call }

/** All that belongs to one session while it is shown. */
type Shown = {
  seat: OpenSeat<GameReading>
  gun: ReturnType<typeof createStartGun>
  feed: { close(): void }
}

/** Leads a player through one session after the other: the list, a seat, the start, the games and the result. */
export function startArcade(options: ArcadeOptions) {
  const { view, clock, api, call, seatApi, ofTab, now, random, report } = options
  let shown: Shown | undefined
  const registration = createRegistration(view, options)
  /** Writes down the game that is played now. */
  let remember = (): void => undefined

  const close = (): void => {
    if (!shown) return
    for (const part of [shown.feed, shown.gun, shown.seat]) part.close()
    shown = undefined
  }

  const isOpen = (): boolean =>
    view.started &&
    view.phase !== 'aborted' &&
    view.seat !== undefined &&
    (view.endsAt === null || clock.now() < view.endsAt)

  /** By the server's clock, within the session. */
  const instant = (): number =>
    Math.max(view.startsAt ?? 0, Math.min(Math.round(clock.now()), view.endsAt ?? Number.MAX_VALUE))

  const begin = (seat: OpenSeat<GameReading>, raceId: string, { session }: HeldSeat): Play => {
    const keep = createThrottle<{ game: Game; trial: number }>(
      KEEP_MS,
      kept => keepGame(ofTab, raceId, { session, ...kept }),
      now
    )
    remember = keep.flush
    return new Play({
      from: keptGame(ofTab, raceId, session),
      single: view.single,
      isOpen,
      changed(status: GameStatus, game) {
        seat.offer({ t: instant(), ...status })
        keep.offer({ game, trial: status.trial })
      },
      over() {
        seat.flush()
        keep.flush()
      },
      seed: () => Math.floor(random() * 2 ** 32)
    })
  }

  /** The board: by the seat's own socket once there is a seat, and by polling before. */
  const follow = (raceId: string, seat: OpenSeat<GameReading>, gun: Shown['gun']) => {
    const top = openTopFeed({
      ...{ call, now, error: report },
      bib: () => view.bib,
      show(rows, below) {
        view.top = rows
        view.below = below
      }
    })
    const negotiate: Api['negotiate'] = async (_, first) => {
      const askedAt = now()
      const answer = await api.negotiate(raceId, seat.seat()?.token ?? first)
      clock.heard(askedAt, answer.now)
      return answer
    }
    return openRaceFeed({
      ...{ raceId, key: seat.seat()?.token, now, random },
      api: { ...api, negotiate },
      sink: {
        ...view.sink,
        board(board: Board) {
          view.board = board
          view.sink.alive('data')
          gun.set(view.startsAt)
          top.offer(board)
        },
        seats: ({ freed }) => seat.freed(freed)
      }
    })
  }

  const open = async (raceId: string): Promise<void> => {
    const detail = v.parse(RaceDetail, await (await call(`/races/${raceId}`)).json())
    close()
    view.open(detail)
    const seat = openSeat<GameReading>({
      ...{ api: seatApi, raceId, clock, ofTab, now, random, everyMs: GAME_EVERY_MS },
      ...{ lasting: options.lasting, newKey: options.newKey, page: options.page },
      sink: {
        ...shownSeat(view, report),
        held(held) {
          const isNew = view.bib === undefined
          view.seat = held
          view.bib = held.bib
          if (!isNew || !shown) return
          view.play = begin(seat, raceId, held)
          shown.feed.close()
          shown.feed = follow(raceId, seat, shown.gun)
          shown.gun.set(view.startsAt)
        }
      }
    })
    const gun = createStartGun(clock, () => {
      view.tick()
      view.started = true
    })
    shown = { seat, gun, feed: follow(raceId, seat, gun) }
    seat.resume()
    await registration.identify()
  }

  const look = async (): Promise<void> => {
    try {
      if (view.stage === 'sessions') {
        const { races } = await api.races()
        view.sessions = races.filter(({ format }) => format.kind === 'game')
      }
    } catch (error) {
      report(error)
    }
    setTimeout(look, LOOK_MS)
  }
  look()

  return {
    /** Shows a session, or the list. */
    show(raceId: string | undefined): void {
      options.address(raceId)
      if (raceId !== undefined) {
        open(raceId).catch(report)
        return
      }
      close()
      view.open(undefined)
    },
    join: (entry: Entry): Promise<void> => registration.join(shown?.seat, entry),
    signIn: registration.signIn,
    leave(): void {
      shown?.seat.leave()
    },
    /** Time goes on. */
    beat(): void {
      const wasOver = view.isOver
      view.tick()
      // The last state of a game that the end cut short is not to wait either.
      if (view.isOver && !wasOver) shown?.seat.flush()
    },
    /** The page is looked at again, or not any more. */
    visible(isVisible: boolean): void {
      if (!isVisible) {
        view.play?.pause(true)
        shown?.seat.flush()
        remember()
        return
      }
      clock.probe()
      shown?.seat.renew()
    }
  }
}
export type Arcade = ReturnType<typeof startArcade>
