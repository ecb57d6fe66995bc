import type { Api } from '../api.ts'
import { openRaceFeed } from '../raceFeed.ts'
import { createRegistration, type Entry } from '../seat/registration.ts'
import { type OpenSeat, openSeat } from '../seat/seat.ts'
import type { SeatPage } from '../seat/seatPage.ts'
import { shownSeat } from '../seat/shownSeat.ts'
import { createStartGun } from '../seat/startGun.ts'
import { RIDE_EVERY_MS } from '../seat/throttle.ts'
import type { Side } from './meter.ts'
import { openPlaceFeed } from './placeFeed.ts'
import type { RideApi } from './rideApi.ts'
import type { GhostKind, RideView } from './rideView.svelte.ts'
import { openRoad } from './road.ts'

/** The list of races is read this often while it is shown, and one's best after the end until it is there, in ms. */
const LOOK_MS = 5_000
/** Of so many running races the details are read: whether they still take riders. */
const LATE_RACES = 3
/** How long a press is felt, in ms. */
const PRESS_MS = 12

type RideOptions = SeatPage & {
  view: RideView
  rideApi: RideApi
  vibrate(ms: number): void
  /** The competitor whose best rides along, where the page's link names one. */
  friend: string | undefined
}

/** Ghosts in the order in which they are offered. */
const GHOSTS: readonly GhostKind[] = ['friend', 'own', 'course']

/** All that belongs to one race while it is shown. */
type Shown = {
  seat: OpenSeat<{ seq: number }>
  road: ReturnType<typeof openRoad>
  gun: ReturnType<typeof createStartGun>
  feeds: { close(): void }[]
}

/** Leads through one ride after the other: the list, a seat, the start, the road and the finish. */
export function startRide(options: RideOptions) {
  const { view, clock, api, rideApi, seatApi, ofTab, now, random, report, friend } = options
  let shown: Shown | undefined
  const registration = createRegistration(view, options)

  const close = (): void => {
    if (!shown) return
    for (const part of [...shown.feeds, shown.gun, shown.seat]) part.close()
    shown = undefined
  }

  /** The board and the places of who has a seat. */
  const follow = ({ seat, gun, feeds }: Shown, raceId: string, bib: number): void => {
    const negotiate: Api['negotiate'] = async (_, first) => {
      const askedAt = now()
      const answer = await api.negotiate(raceId, seat.seat()?.token ?? first)
      clock.heard(askedAt, answer.now)
      return answer
    }
    feeds.push(
      openRaceFeed({
        ...{ raceId, key: seat.seat()?.token, now, random },
        api: { ...api, negotiate },
        sink: {
          ...view.sink,
          board(board) {
            view.sink.board(board)
            gun.set(view.startsAt)
          },
          seats: ({ freed }) => seat.freed(freed)
        }
      }),
      openPlaceFeed({
        ...{ api: rideApi, raceId, bib, random },
        needed: () => view.needsPages,
        held: found => view.pages(found),
        error: report
      })
    )
  }

  const readGhosts = async (competitorId: string): Promise<void> => {
    const { detail, boardId } = view
    if (!detail || boardId === undefined) return
    const { courseId } = detail.course
    const ghostOf = (who: string) => rideApi.ghost(courseId, boardId, who)
    const [ghosts, theirs, own, course] = await Promise.all([
      rideApi.ghosts(courseId, boardId),
      friend === undefined || friend === competitorId ? undefined : ghostOf(friend),
      ghostOf(competitorId),
      ghostOf('best')
    ])
    if (view.detail !== detail) return
    view.ghosts = ghosts
    view.ghostOf = {
      ...(theirs ? { friend: theirs } : {}),
      ...(own ? { own } : {}),
      ...(course ? { course } : {})
    }
    view.ghostKind = GHOSTS.find(kind => view.ghostOf[kind])
  }

  const open = async (raceId: string): Promise<void> => {
    const detail = await rideApi.detail(raceId)
    close()
    view.open(detail)
    const seat = openSeat({
      ...{ api: seatApi, raceId, clock, ofTab, now, random, everyMs: RIDE_EVERY_MS },
      ...{ lasting: options.lasting, newKey: options.newKey, page: options.page },
      sink: {
        ...shownSeat(view, report),
        held(held) {
          const isNew = view.bib === undefined
          view.seat = held
          view.bib = held.bib
          view.competitorId = held.competitorId
          view.nickname = held.nickname
          if (!isNew || !shown) return
          shown.gun.set(view.startsAt)
          follow(shown, raceId, held.bib)
          readGhosts(held.competitorId).catch(report)
        }
      }
    })
    const road = openRoad({ view, clock, keep: ofTab, seat })
    shown = { seat, road, gun: createStartGun(clock, road.start), feeds: [] }
    seat.resume()
    await registration.identify()
  }

  const readList = async (): Promise<void> => {
    const { races } = await api.races()
    view.races = races.filter(({ format }) => format.kind === 'ride')
    const running = view.races.filter(({ phase }) => phase === 'running').slice(0, LATE_RACES)
    const details = await Promise.all(running.map(({ raceId }) => rideApi.detail(raceId)))
    view.waiting = new Set(
      details.filter(({ lateJoin }) => lateJoin === 'wait').map(({ raceId }) => raceId)
    )
  }

  const readBest = async (): Promise<void> => {
    const { detail, boardId, competitorId } = view
    if (!detail || boardId === undefined || competitorId === undefined) return
    view.best = await rideApi.best(detail.course.courseId, boardId, competitorId)
  }

  /** Whoever stands at the form sees when it opens. */
  const readDetail = async (raceId: string): Promise<void> => {
    const detail = await rideApi.detail(raceId)
    if (view.stage === 'join' && view.detail?.raceId === raceId) view.detail = detail
  }

  /** What nobody pushes. */
  const look = async (): Promise<void> => {
    try {
      if (view.stage === 'races') await readList()
      else if (view.stage === 'join' && view.detail) await readDetail(view.detail.raceId)
      else if (view.phase === 'official' && !view.best) await readBest()
    } catch (error) {
      view.sink.error(error)
    }
    setTimeout(look, LOOK_MS)
  }
  look()

  return {
    /** Shows a race, or the list. */
    show(raceId: string | undefined): void {
      options.address(raceId)
      if (raceId !== undefined) {
        open(raceId).catch(report)
        return
      }
      close()
      view.open(undefined)
      readList().catch(report)
    },
    join: (entry: Entry): Promise<void> => registration.join(shown?.seat, entry),
    signIn: registration.signIn,
    push(side: Side): void {
      if (shown?.road.push(side)) options.vibrate(PRESS_MS)
    },
    /** The next of the ghosts that there are, or none. */
    changeGhost(): void {
      const kinds = [...GHOSTS.filter(kind => view.ghostOf[kind]), undefined]
      view.ghostKind = kinds[(kinds.indexOf(view.ghostKind) + 1) % kinds.length]
    },
    leave(): void {
      shown?.seat.leave()
    },
    /** Time goes on. */
    beat(): void {
      shown?.road.beat()
      view.tick()
    },
    /** The page is looked at again: clocks stood still, and leases may be due. */
    resume(): void {
      clock.probe()
      shown?.seat.renew()
    }
  }
}
export type Ride = ReturnType<typeof startRide>
