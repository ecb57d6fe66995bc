import type { Correction } from '#contract/office'
import { correctionOf, DEEDS, type Deed, type Draft, judgedBy, type Subject } from './deeds.ts'
import { type Fault, faultsOf, isStatus, reasonOf } from './trouble.ts'
import { shortIn } from './who.ts'

/** Two decisions on one subject: the one that is there, and the one that was asked for. */
export type Conflict = { there: string; asked: string }

export type DecisionOptions = {
  send(correction: Correction, key: string): Promise<unknown>
  /** How many decisions on a lap (by its id), a competitor's status or held score there are, as far as this page has seen. */
  revisionOf(subject: Subject, judged: ReturnType<typeof judgedBy>): number
  /** Brings what is shown up to date: what else was decided is seen then. */
  refresh(): Promise<void>
  newKey(): string
}

const EMPTY: Draft = {
  time: '',
  runId: '',
  lapNumber: '',
  at: '',
  otherBib: '',
  bibs: [],
  reason: ''
}

/** A decision from its form to its place in the ledger. */
export class DecisionView {
  deed = $state<Deed>()
  subject = $state.raw<Subject>()
  draft = $state<Draft>({ ...EMPTY })
  isSending = $state(false)
  faults = $state.raw<readonly Fault[]>([])
  /** Why it was refused as a whole. */
  refusal = $state<string>()
  conflict = $state.raw<Conflict>()
  /** What was done last, for assistive technology and for the eye. */
  done = $state('')

  readonly #options: DecisionOptions
  #revision = 0
  #sent: { text: string; key: string } | undefined

  constructor(options: DecisionOptions) {
    this.#options = options
  }

  /** Opens the form of a decision; some of it may be filled in. */
  open(deed: Deed, subject: Subject, draft: Partial<Draft> = {}): void {
    this.deed = deed
    this.subject = subject
    this.draft = { ...EMPTY, ...draft }
    this.#revision = this.#options.revisionOf(subject, judgedBy(deed))
    this.#clear()
    this.done = ''
  }

  close(): void {
    this.deed = undefined
    this.subject = undefined
    this.#clear()
  }

  /** Sends what is filled in. The same again goes under the same key, so that it counts once. */
  async send(): Promise<void> {
    const { deed, subject } = this
    if (!deed || !subject || this.isSending) return
    const asked = correctionOf(deed, subject, $state.snapshot(this.draft), this.#revision)
    if ('faults' in asked) {
      this.faults = asked.faults
      return
    }
    this.isSending = true
    this.#clear()
    try {
      await this.#options.send(asked.correction, this.#keyOf(asked.correction))
      this.#sent = undefined
      this.done = `${DEEDS[deed].title}: recorded.`
      this.close()
      await this.#options.refresh()
    } catch (error) {
      await this.#refused(error)
    }
    this.isSending = false
  }

  /** Decides as asked although it was decided otherwise meanwhile. */
  async insist(): Promise<void> {
    const { deed, subject } = this
    if (!deed || !subject) return
    this.#revision = this.#options.revisionOf(subject, judgedBy(deed))
    await this.send()
  }

  faultOf = (pointer: string): string | undefined =>
    this.faults.find(fault => fault.pointer === pointer)?.detail

  async #refused(error: unknown): Promise<void> {
    const faults = faultsOf(error)
    const there = faults.find(({ pointer }) => pointer === '/revision')
    if (!isStatus(error, 409) || !there) {
      this.faults = faults
      this.refusal = shortIn(reasonOf(error))
      return
    }
    const asked = faults.find(fault => fault !== there)?.detail ?? ''
    this.conflict = { there: shortIn(there.detail), asked: shortIn(asked) }
    await this.#options.refresh()
  }

  #keyOf(correction: Correction): string {
    const text = JSON.stringify(correction)
    if (this.#sent?.text !== text) this.#sent = { text, key: this.#options.newKey() }
    return this.#sent.key
  }

  #clear(): void {
    this.faults = []
    this.refusal = undefined
    this.conflict = undefined
  }
}
