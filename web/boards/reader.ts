import type * as v from 'valibot'
import type { Answers } from '../mobile/answers.ts'

/** Reads documents by their tags and holds the last answer of each. */
export type Read = <const S extends v.GenericSchema>(
  path: string,
  schema: S
) => Promise<v.InferOutput<S>>

export function createRead(answers: Pick<Answers, 'ask'>): Read {
  const held = new Map<string, unknown>()
  return async <const S extends v.GenericSchema>(path: string, schema: S) => {
    const answer = await answers.ask(path, schema)
    // `same` is said of what was given out before, which was read by the same schema.
    if (answer === 'same') return held.get(path) as v.InferOutput<S>
    held.set(path, answer)
    return answer
  }
}
