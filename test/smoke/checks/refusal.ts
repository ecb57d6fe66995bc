import type { ProblemKind } from '#contract'
import type { DoorRace } from '../doorRace.ts'
import type { Call } from '../http.ts'

/** A request that must be refused, and how. */
export type Refusal = { status: number; kind?: ProblemKind } & Call
/** What refusals are tried with: a running race, tokens that hold, and the server's time in ms since 1970. */
type Scene = DoorRace & { admin: string; timekeeper: string; t: number }
/** The requests that an operation must refuse. */
export type Refusals = (scene: Scene) => Promise<Refusal[]> | Refusal[]
