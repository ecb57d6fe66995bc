import * as v from 'valibot'
import { Bib } from '#contract/ids'

const Choices = v.object({
  /** The bib that the phone's owner wears in this race. */
  me: v.optional(Bib),
  followed: v.array(Bib)
})
/** What a person has chosen in one race. */
export type Choices = v.InferOutput<typeof Choices>

const keyOf = (raceId: string): string => `grandstand.${raceId}`

/** The choices kept on this phone; none where nothing is kept or what is kept cannot be read. */
export function readChoices(raceId: string): Choices {
  try {
    return v.parse(Choices, JSON.parse(localStorage.getItem(keyOf(raceId)) ?? ''))
  } catch {
    return { followed: [] }
  }
}

/** Keeps the choices; a full or forbidden storage only forgets them. */
export function keepChoices(raceId: string, choices: Choices): void {
  try {
    localStorage.setItem(keyOf(raceId), JSON.stringify(choices))
  } catch {
    return
  }
}
