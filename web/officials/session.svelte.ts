import { rolesIn } from './tokenRoles.ts'

/** The person has to sign in: nothing that the page knows gives a token any more. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded'
}

type Person = { name: string; userName: string }
type Token = { text: string /** Ms since 1970. */; expiresAt: number }

/** Who signs people in and keeps their tokens. */
export type Authority = {
  /** Why the last sign-in came to nothing. */
  refusal: string | undefined
  person(): Person | undefined
  /** A token that holds, renewed unseen where it must be; `fresh` renews in any case. Throws `SignInNeeded`. */
  token(fresh: boolean): Promise<Token>
  /** Both leave the page. */
  signIn(): Promise<void>
  signOut(): Promise<void>
}

/** Whoever has to sign in is not asked of the authority again for so long, in ms: pages ask every few seconds. */
const AGAIN_MS = 60_000

/** Who is at the page, what they may do, and for how long. */
export class Session {
  readonly person: Person | undefined
  readonly refusal: string | undefined
  /** Undefined until a token says them. Only for showing: the API decides by itself. */
  roles = $state.raw<readonly string[]>()
  /** Set once nothing renews the token any more: when the last one ends, ms since 1970. */
  endsAt = $state<number>()

  readonly #authority: Authority
  readonly #now: () => number
  #last: Token | undefined
  #neededAt = Number.NEGATIVE_INFINITY

  constructor(authority: Authority, now: () => number) {
    this.#authority = authority
    this.#now = now
    this.person = authority.person()
    this.refusal = authority.refusal
  }

  /** A token for the API: the last one for as long as it holds, where none can be had anew. Throws `SignInNeeded`. */
  async token(fresh = false): Promise<string> {
    try {
      if (this.#now() - this.#neededAt < AGAIN_MS) throw new SignInNeeded()
      this.#last = await this.#authority.token(fresh)
      this.roles = rolesIn(this.#last.text)
      this.endsAt = undefined
      return this.#last.text
    } catch (error) {
      if (error instanceof SignInNeeded) this.#need()
      if (fresh || !this.#last || this.#last.expiresAt <= this.#now()) throw error
      return this.#last.text
    }
  }

  #need(): void {
    this.endsAt = this.#last?.expiresAt ?? 0
    if (this.#now() - this.#neededAt >= AGAIN_MS) this.#neededAt = this.#now()
  }

  /** Whether the person has one of the roles; undefined until that is known. */
  mayBe(roles: readonly string[]): boolean | undefined {
    return this.roles && roles.some(role => this.roles?.includes(role))
  }

  signIn = (): Promise<void> => this.#authority.signIn()
  signOut = (): Promise<void> => this.#authority.signOut()
}
