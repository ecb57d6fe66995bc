import type { RaceDetail } from '#contract'
import type { Authority } from '../officials/session.svelte.ts'
import { type Refusal, refusalOf, type SeatWords } from './refusal.ts'
import type { OpenSeat } from './seat.ts'
import type { SeatPage } from './seatPage.ts'

/** What somebody fills in to join. */
export type Entry = { nickname: string; country?: string; class?: string; code?: string }

/** What a page shows of somebody who registers. */
type RegistrationView = {
  readonly words: SeatWords
  detail: RaceDetail | undefined
  /** Who is signed in, where the race asks for that. */
  person: string | undefined
  refusal: Refusal | undefined
  joining: boolean
}

/** Takes people through registration: who they are, where the race asks, and the seat. */
export function createRegistration(
  view: RegistrationView,
  { account, report }: Pick<SeatPage, 'account' | 'report'>
) {
  let authority: Authority | undefined
  return {
    /** Finds out who is there, where the race that is shown wants to know. */
    async identify(): Promise<void> {
      if (view.detail?.registration !== 'account') return
      authority ??= await account()
      view.person = authority.person()?.name
      if (authority.refusal === undefined) return
      view.refusal = { text: view.words.say('signInFailed'), field: undefined, next: undefined }
    },
    async join(seat: Pick<OpenSeat<never>, 'join'> | undefined, entry: Entry): Promise<void> {
      view.refusal = undefined
      view.joining = true
      try {
        const isAsked = view.detail?.registration === 'account'
        const token = isAsked ? await authority?.token(false) : undefined
        await seat?.join(entry, token?.text)
      } catch (error) {
        view.refusal = refusalOf(error, view.words)
      }
      view.joining = false
    },
    signIn(): void {
      authority?.signIn().catch(report)
    }
  }
}
