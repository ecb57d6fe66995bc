import { createHash, timingSafeEqual } from 'node:crypto'
import { stableId } from '../stableId.ts'

/** Somebody of the directory, with the roles that were given to them at the API. */
export type Person = { userName: string; name: string; password: string; roles: string[] }

/** The person's object id in the directory. */
export const objectIdOf = ({ userName }: Pick<Person, 'userName'>): string =>
  stableId(`person:${userName}`)

/** Who signs in so; undefined where name or password is wrong. Names are told apart regardless of case, as in Entra ID. */
export const personOf = (
  people: readonly Person[],
  userName: string,
  password: string
): Person | undefined =>
  people.find(
    person =>
      person.userName.toLowerCase() === userName.trim().toLowerCase() &&
      timingSafeEqual(digest(person.password), digest(password))
  )

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
