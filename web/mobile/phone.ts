import { RaceList } from '#contract/standings'
import type { Call } from '../call.ts'
import { currentOf, isFinal, isLive } from '../currentRace.ts'
import type { Settings } from '../settings.ts'
import { createAnswers } from './answers.ts'
import { readChoices } from './choices.ts'
import { openPhoneFeed } from './phoneFeed.ts'
import type { PhoneView } from './phoneView.svelte.ts'
import { startPolling } from './poll.ts'

const LIST = '/races'

type PhoneOptions = {
  settings: Pick<Settings, 'apiBase' | 'race' | 'format'>
  view: PhoneView
  call: Call
  page: Document
  link: EventTarget
  now(): number
  random(): number
}

/** Shows the race of the page's address, or the current one until the person picks another. */
export function startPhone(options: PhoneOptions) {
  const { settings, view, call, page, link, now, random } = options
  const lists = createAnswers(settings.apiBase, call, now)
  let picked = settings.race
  let fresh = false
  let feed: ReturnType<typeof openPhoneFeed> | undefined

  const open = (raceId: string): void => {
    feed?.close()
    view.open(raceId, readChoices(raceId))
    feed = openPhoneFeed({
      // Tags are remembered for what is held, which begins anew with each race.
      answers: createAnswers(settings.apiBase, call, now),
      raceId,
      sink: view.sink,
      wanted: () => view.wanted(),
      planned: () => view.phase === 'scheduled',
      absent: look,
      page,
      link,
      now,
      random
    })
  }

  /** Another race than the one shown: what was kept may be out of date, and a final yields to a race under way. */
  const follow = (list: RaceList): void => {
    view.races = list.races
    const { format } = settings
    const candidate = currentOf(list.races.filter(race => !format || race.format.kind === format))
    if (picked !== undefined || !candidate || candidate.raceId === view.raceId) return
    const over = view.phase !== undefined && isFinal(view.phase) && isLive(candidate.phase)
    if (view.raceId === undefined || !fresh || over) open(candidate.raceId)
  }

  const look = async (): Promise<'again' | 'done'> => {
    const list = await lists.ask(LIST, RaceList)
    if (list !== 'same') follow(list)
    fresh = true
    if (view.raceId !== undefined) return 'done'
    view.sink.confirmed(now())
    return 'again'
  }

  const start = async (): Promise<void> => {
    if (picked !== undefined) open(picked)
    const kept = await lists.kept(LIST, RaceList).catch(() => undefined)
    if (kept) follow(kept.body)
    startPolling({ ask: look, failed: view.sink.failed, page, link, random })
  }
  start()

  return {
    /** Shows this race until another one is picked. */
    pick(raceId: string): void {
      picked = raceId
      if (raceId !== view.raceId) open(raceId)
    },
    /** The races as they are now, for who wants to pick one: what is shown stays. */
    lookAgain(): void {
      picked ??= view.raceId
      look().catch(view.sink.failed)
    },
    /** Reads what is shown now and was not before. */
    want(): void {
      feed?.want()
    }
  }
}
