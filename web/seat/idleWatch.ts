/** Whoever is asked has so long to answer, in ms. */
export const ANSWER_MS = 30_000

type IdleOptions = {
  /** So long without a touch or a key, in ms, and the person is asked. */
  idleMs: number
  /** Asks whether anybody is there, until the instant by the page's clock; undefined: somebody is. */
  ask(until: number | undefined): void
  /** Nobody answered. */
  gone(): void
  /** Where touches and keys are heard. */
  target: EventTarget
  now(): number
}

/** What a person does to a page. */
const SIGNS = ['pointerdown', 'keydown'] as const

/** Asks who does nothing for long whether they are still there, and says so when nobody answers. */
export function watchIdle({ idleMs, ask, gone, target, now }: IdleOptions): { close(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let seenAt = now()
  let asked = false

  const look = (): void => {
    const left = seenAt + idleMs + (asked ? ANSWER_MS : 0) - now()
    if (left > 0) {
      timer = setTimeout(look, left)
    } else if (asked) {
      close()
      gone()
    } else {
      asked = true
      ask(seenAt + idleMs + ANSWER_MS)
      look()
    }
  }

  const sign = (): void => {
    seenAt = now()
    if (!asked) return
    asked = false
    ask(undefined)
    clearTimeout(timer)
    look()
  }

  const close = (): void => {
    clearTimeout(timer)
    for (const name of SIGNS) target.removeEventListener(name, sign)
  }

  for (const name of SIGNS) target.addEventListener(name, sign, { passive: true, capture: true })
  look()
  return { close }
}
