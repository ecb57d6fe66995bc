import { setTimeout as pause } from 'node:timers/promises'
import type { BibPage } from '#contract'
import { waitMs } from '../../../web/mobile/poll.ts'
import { eventually, type Product } from '../../pipeline/product.ts'
import { type Ask, createPhone, noPhoneCounts, type Phone } from '../../simulators/phone.ts'
import { createRandom } from '../../simulators/random.ts'
import { spreadOf } from '../spread.ts'

const RACE = 'corrections'
const REPETITIONS = 5
/** Phones that follow each of the two competitors of a repetition. */
const FOLLOWERS = 20
const LAP_MS = 20_000
/** How often API and edge are looked at, in ms. */
const LOOK_MS = 20
/** The API must have a change this long after its acknowledgement, in ms. */
export const IN_API_MS = 3_000
/** What has not come by then never will, in ms. */
const GIVE_UP_MS = 20_000

type Own = ReturnType<Phone['own']>
/** When a change was seen, in ms after its acknowledgement. */
type Seen = { api: number; edge: number; phones: { ms: number; looks: number; late: number }[] }

/**
 * Corrects laps and disqualifies competitors of a time trial, both by an official's facts, and watches for either at the
 * API, at the edge and on phones that poll there. `late` are looks that began `IN_API_MS` after the acknowledgement and did
 * not show the change.
 */
export async function measureCorrections(product: Product, edge: Ask) {
  const { office } = product
  await enterAll(product)
  await eventually('the time trial', async () => {
    const page = await pageOf(product)
    return page?.value.filter(value => value !== null).length === 2 * REPETITIONS || undefined
  })
  const seen = { corrected: [] as Seen[], disqualified: [] as Seen[] }
  for (let i = 0; i < REPETITIONS; i++) {
    const [slow, gone] = [2 * i + 1, 2 * i + 2]
    const lapMs = LAP_MS + 5_000 + i
    const correct = () =>
      office.record({ id: `correct.${slow}`, raceId: RACE, kind: 'correct', ...lapOf(slow), lapMs })
    const disqualify = () =>
      office.record({
        id: `status.${gone}`,
        raceId: RACE,
        kind: 'status',
        bib: gone,
        status: 'dsq'
      })
    const [corrected, disqualified] = await Promise.all([
      watch(product, edge, slow, correct, own => own?.value === lapMs),
      watch(product, edge, gone, disqualify, own => own?.rank === null)
    ])
    seen.corrected.push(corrected)
    seen.disqualified.push(disqualified)
  }
  return { corrected: summary(seen.corrected), disqualified: summary(seen.disqualified) }
}

const lapOf = (bib: number) => ({ lapId: `lap.${bib}`, valid: true })

async function enterAll({ office }: Product): Promise<void> {
  await office.openTimeTrial({
    id: RACE,
    raceId: RACE,
    name: 'Corrections',
    format: { kind: 'fastestLap' },
    course: { courseId: 'hall', name: 'Hall' },
    capacity: 2 * REPETITIONS,
    timetable: {},
    attended: true
  })
  await office.start(RACE)
  for (let bib = 1; bib <= 2 * REPETITIONS; bib++) {
    const face = { competitorId: `driver-${bib}`, name: `Driver ${bib}`, country: '', class: '' }
    await office.enter(RACE, bib, face)
    const runId = `${RACE}-${bib}`
    const lap = { runId, bib, lap: 1, lapMs: LAP_MS + bib, source: 'hand', valid: true } as const
    await office.record({ id: `lap.${bib}`, raceId: RACE, kind: 'lap', ...lap, by: 'timekeeper' })
  }
}

async function watch(
  product: Product,
  edge: Ask,
  bib: number,
  change: () => Promise<void>,
  shows: (own: Own) => boolean
): Promise<Seen> {
  const random = createRandom(bib)
  const counts = noPhoneCounts()
  const phones = Array.from({ length: FOLLOWERS }, () => createPhone({ raceId: RACE, bib, counts }))
  await Promise.all(phones.map(phone => phone.look(edge)))
  const acknowledged = change().then(() => performance.now())
  const after = async () => performance.now() - (await acknowledged)
  const within = { withinMs: GIVE_UP_MS, everyMs: LOOK_MS }
  const at = async (what: string, own: () => Promise<Own>) => {
    await eventually(`${what} to show it`, async () => shows(await own()) || undefined, within)
    return after()
  }
  const follow = async (phone: Phone) => {
    await pause(random() * waitMs(0, 0, random()))
    let [looks, late] = [0, 0]
    for (;;) {
      const began = performance.now()
      const acked = await Promise.race([acknowledged, pause(0)])
      await phone.look(edge)
      if (acked) looks++
      if (shows(phone.own())) return { ms: await after(), looks, late }
      if (acked && began > acked + IN_API_MS) late++
      if (acked && began > acked + GIVE_UP_MS) throw new Error(`a phone never showed ${bib}`)
      await pause(waitMs(0, 0, random()))
    }
  }
  const other = createPhone({ raceId: RACE, bib, counts: noPhoneCounts() })
  const [api, seenAtEdge, ...followed] = await Promise.all([
    at('the API', async () => ownOf(await pageOf(product), bib)),
    at('the edge', async () => {
      await other.look(edge)
      return other.own()
    }),
    ...phones.map(follow)
  ])
  return { api, edge: seenAtEdge, phones: followed as Seen['phones'] }
}

async function pageOf(product: Product): Promise<BibPage | undefined> {
  const answer = await product.get(`/races/${RACE}/standings/bibs/0`)
  return answer.ok ? ((await answer.json()) as BibPage) : undefined
}

const ownOf = (page: BibPage | undefined, bib: number): Own =>
  page && { rank: page.rank[bib - 1] ?? null, value: page.value[bib - 1] ?? null }

function summary(seen: Seen[]) {
  const phones = seen.flatMap(one => one.phones)
  return {
    api: spreadOf(seen.map(one => one.api)),
    edge: spreadOf(seen.map(one => one.edge)),
    phone: spreadOf(phones.map(({ ms }) => ms)),
    looks: spreadOf(phones.map(({ looks }) => looks)),
    late: phones.reduce((sum, { late }) => sum + late, 0)
  }
}
