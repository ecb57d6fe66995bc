import * as v from 'valibot'
import {
  type Actor,
  type Competitor,
  type Directory,
  type Fact,
  type FactOf,
  type Head,
  type Person,
  type Race,
  type RaceDetail,
  Race as RaceSchema,
  type Row
} from '#contract'
import { boardAt } from '#race/boardAt'
import { latest, stateOf } from '#race/ledgerState'
import { validityOf } from '#race/phase'
import { directory } from './boards.ts'

const MINUTE = 60_000
/** When the race that is under way opened, ms before now. */
const OPENED_MS = 40 * MINUTE

const timer: Actor = { kind: 'app', app: 'aggregate' }

/** A race whose laps a person and machines time. */
export const theFinal = (): Race =>
  v.parse(RaceSchema, {
    id: 'final',
    raceId: 'final',
    name: 'Nordic Cup, Final',
    place: 'Malmö',
    format: { kind: 'fastestLap' },
    course: { courseId: 'hall', name: 'Hall' },
    capacity: 40,
    minLapMs: 6_500,
    timedBy: 'sensor',
    attended: true,
    timetable: { backlogMs: 1_000 }
  })

/** A game that an official started, of which one score waits to be judged. */
export const theGame = (): Race =>
  v.parse(RaceSchema, {
    id: 'arcade',
    raceId: 'arcade',
    name: 'Arcade night',
    format: { kind: 'game', limits: { shotPoints: 100, shotMs: 200 } },
    course: { courseId: 'arcade', name: 'Arcade' },
    capacity: 200,
    attended: true,
    timetable: { durationMs: 30 * MINUTE }
  })

const SCORES: Record<number, number> = { 1: 5_400, 2: 4_100, 3: 0 }

/** Laps in ms by bib; 33 and 11 are equal at best, and one of 29 is beyond reason. */
const LAPS: Record<number, readonly number[]> = {
  21: [7_530, 7_412],
  8: [7_529, 7_640],
  33: [7_902, 7_731, 8_120],
  11: [8_204, 7_731],
  29: [7_846, 5_902],
  5: [8_018, 7_802]
}

/** Everything that is stored of races and people, as the product's stages ask for it. */
export class PlayedLedger {
  readonly races = new Map<string, Race>()
  facts: Fact[] = []
  readonly competitors = new Map<string, Competitor>()
  readonly people = new Map<string, Person>()
  readonly #official: Actor

  /** `official` is the timekeeper of what is told at first. */
  constructor(official: Actor) {
    this.#official = official
    this.reset()
  }

  /** The final under way, with 6 competitors and no decision yet. */
  reset(): void {
    this.facts = []
    this.races.clear()
    this.competitors.clear()
    this.people.clear()
    const race = theFinal()
    this.races.set(race.raceId, race)
    const opened = Date.now() - OPENED_MS
    const tell = (fact: object, at: number, actor = this.#official) =>
      this.facts.push({ raceId: 'final', at, recordedAt: at, actor, ...fact } as Fact)
    tell({ id: 'schedule', kind: 'schedule' }, opened - MINUTE)
    tell({ id: 'open', kind: 'open', race }, opened)
    const game = theGame()
    this.races.set(game.raceId, game)
    const began = Date.now() - 10 * MINUTE
    tell({ id: 'open', kind: 'open', race: game, raceId: 'arcade' }, began - MINUTE)
    tell({ id: 'start', kind: 'start', raceId: 'arcade' }, began)
    for (const bib of Object.keys(SCORES).map(Number)) {
      const competitorId = `p-${bib}`
      const face = { name: `Player ${bib}`, country: '', class: '' }
      const entries = [{ raceId: 'arcade', bib }]
      this.competitors.set(competitorId, { id: competitorId, competitorId, ...face, entries })
    }
    const names = directory('final').entries
    let at = opened + MINUTE
    for (const bib of Object.keys(LAPS).map(Number)) {
      const competitorId = `c-${bib}`
      const face = names.find(entry => entry.bib === bib)!
      const entries = [{ raceId: 'final', bib }]
      this.competitors.set(competitorId, { ...face, id: competitorId, competitorId, entries })
      tell({ id: `enter.${bib}`, kind: 'enter', bib, competitorId }, at)
    }
    this.people.set('c-33', {
      ...{ id: 'c-33', competitorId: 'c-33', ttl: 1 },
      ...{ email: 'turbo@example.org', phone: '+44 20 7946 0000' }
    })
    at += MINUTE
    tell({ id: 'start', kind: 'start' }, at)
    for (const [bib, laps] of Object.entries(LAPS).map(
      ([bib, laps]) => [Number(bib), laps] as const
    )) {
      const runId = `run-${bib}`
      at += MINUTE
      tell({ id: `run.${runId}`, kind: 'run', runId, bib, sensorId: 'timer-1' }, at)
      laps.forEach((lapMs, index) => {
        at += lapMs
        const lap = {
          kind: 'lap',
          runId,
          bib,
          lap: index + 1,
          lapMs,
          source: 'sensor',
          valid: true
        }
        tell({ id: `${runId}.${index + 1}`, ...lap }, at, timer)
      })
      at += 1_000
      tell({ id: `end.${runId}`, kind: 'runEnd', runId }, at)
      tell({ id: `submit.${runId}`, kind: 'submit', runId }, at)
    }
  }

  /** Adds facts as if somebody else had written them just now. */
  tell(...facts: object[]): void {
    const at = Date.now()
    const stamp = { raceId: 'final', at, recordedAt: at, actor: this.#official }
    this.facts.push(...facts.map(fact => ({ ...stamp, ...fact }) as Fact))
  }

  readonly readFacts = async (raceId: string) => this.facts.filter(fact => fact.raceId === raceId)
  readonly readFact = async (raceId: string, id: string) =>
    this.facts.find(fact => fact.raceId === raceId && fact.id === id)
  readonly appendFact = async (fact: Fact) => {
    if (await this.readFact(fact.raceId, fact.id)) return false
    this.facts.push(fact)
    return true
  }
  readonly readEntries = async (raceId: string) =>
    (await this.readFacts(raceId)).filter((fact): fact is FactOf<'enter'> => fact.kind === 'enter')
  readonly readRace = async (raceId: string) => this.races.get(raceId)
  readonly createRace = async (race: Race) => {
    if (this.races.has(race.raceId)) return false
    this.races.set(race.raceId, race)
    return true
  }
  readonly readRaceForWrite = async (raceId: string) => {
    const race = this.races.get(raceId)
    return race && { race, etag: '' }
  }
  readonly replaceRace = async (race: Race) => {
    this.races.set(race.raceId, race)
    return true
  }
  readonly readFacesForWrite = async (id: string) => {
    const competitor = this.competitors.get(id)
    return competitor ? [{ competitor, etag: '' }] : []
  }
  readonly readCompetitor = async (id: string) => this.competitors.get(id)
  readonly readCompetitorForWrite = async (id: string) => {
    const competitor = this.competitors.get(id)
    return competitor && { competitor, etag: '' }
  }
  readonly replaceCompetitor = async (competitor: Competitor) => {
    this.competitors.set(competitor.id, competitor)
    return true
  }
  readonly createCompetitor = async (competitor: Competitor) => {
    if (!this.competitors.has(competitor.id)) this.competitors.set(competitor.id, competitor)
  }
  readonly createPerson = async (person: Person) => {
    if (!this.people.has(person.id)) this.people.set(person.id, person)
  }
  readonly readPerson = async (id: string) => this.people.get(id)
  readonly deletePerson = async (id: string) => this.people.delete(id)

  readonly readDirectory = async (raceId: string): Promise<Directory> => ({
    raceId,
    version: this.facts.length,
    entries: [...this.competitors.values()].flatMap(({ entries, erased, ...face }) =>
      entries
        .filter(entry => entry.raceId === raceId && !entry.withdrawn && !erased)
        .map(({ bib }) => ({ bib, name: face.name, country: face.country, class: face.class }))
    )
  })

  /** All rows as the ledger has them now. */
  rowsOf(raceId: string): Row[] {
    if (raceId === 'arcade') return this.#scores()
    const facts = this.facts.filter(fact => fact.raceId === raceId)
    const ledger = stateOf(facts, latest(facts, Date.now()))
    return typeof ledger === 'string' ? [] : boardAt(ledger, Date.now()).rows
  }

  /** The board of the game: number 3 has sent more than it can give. */
  #scores(): Row[] {
    const judged = this.facts.some(({ kind }) => kind === 'judge')
    return Object.entries(SCORES).map(([bib, value], index) => ({
      ...{ bib: Number(bib), rank: index + 1, tied: false, status: 'running', value, at: 1_000 },
      ...{ gap: index === 0 ? null : 5_400 - value, interval: null, laps: 9, last: null },
      ...{ lapsDown: 0, game: { level: 2, lives: 3, shots: 60 } },
      ...(bib === '3' && !judged ? { held: 99_999 } : {})
    }))
  }

  readonly readHead = async (raceId: string): Promise<Head | undefined> => {
    const race = this.races.get(raceId)
    const facts = await this.readFacts(raceId)
    if (!race) return undefined
    if (raceId === 'arcade') return this.#gameHead(race)
    const ledger = stateOf(facts, latest(facts, Date.now()))
    const state = typeof ledger === 'string' ? undefined : ledger.state
    const isAborted = facts.some(({ kind }) => kind === 'abort')
    const phase = state?.phase ?? (isAborted ? 'aborted' : 'scheduled')
    const review = typeof ledger === 'string' ? [] : boardAt(ledger, Date.now()).review
    const contested = review.some(({ kind }) => kind === 'held' || kind === 'protest')
    const { name, place, format, event, sponsor } = race
    const rows = this.rowsOf(raceId)
    return {
      ...{ raceId, name, place, format, event, sponsor, phase },
      validity: validityOf(phase, contested),
      startsAt: state?.startsAt ?? race.timetable.startsAt ?? null,
      endsAt: state?.endsAt ?? null,
      phaseEndsAt: state?.phaseEndsAt ?? null,
      competitors: rows.length,
      ...{ version: this.facts.length, folded: this.facts.length, window: 0 },
      closedAt: Date.now(),
      ...{ top: rows.slice(0, 20), field: null, racing: [], records: [] },
      ...{ rankPages: [{ version: 1, slot: 0 }], bibPages: [], lapPages: [] }
    }
  }

  /** The game runs until the end that it was moved to last. */
  #gameHead(race: Race): Head {
    const own = this.facts.filter(fact => fact.raceId === race.raceId)
    const startsAt = own.find(({ kind }) => kind === 'start')?.at ?? 0
    const moved = own.findLast((fact): fact is FactOf<'extend'> => fact.kind === 'extend')
    const isAborted = own.some(({ kind }) => kind === 'abort')
    const endsAt = moved?.endsAt ?? startsAt + (race.timetable.durationMs ?? 0)
    const { raceId, name, place, format, event, sponsor } = race
    const rows = this.#scores()
    return {
      ...{ raceId, name, place, format, event, sponsor, validity: 'provisional' },
      ...{ phase: isAborted ? 'aborted' : 'running', startsAt, endsAt, phaseEndsAt: endsAt },
      ...{ competitors: rows.length, version: own.length, folded: 900, window: 599 },
      ...{ closedAt: Date.now(), top: rows, field: null, racing: [], records: [] },
      ...{ rankPages: [{ version: 1, slot: 0 }], bibPages: [], lapPages: [] }
    }
  }

  /** What everybody may read of a race. */
  async detailOf(raceId: string): Promise<RaceDetail | undefined> {
    const head = await this.readHead(raceId)
    const race = this.races.get(raceId)
    return head && race && { ...race, ...head, registration: race.registration.kind }
  }
}
