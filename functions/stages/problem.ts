import { PROBLEM_BASE, type Problem, type ProblemKind } from '#contract'

/** Status and title of each kind of refusal. */
const KINDS: Record<ProblemKind, { status: number; title: string }> = {
  'bad-parameter': { status: 400, title: 'A parameter is not valid' },
  'bad-body': { status: 400, title: 'The body is not valid' },
  unauthorized: { status: 401, title: 'Sign in or bring a token' },
  'session-closed': { status: 401, title: 'The session has ended' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'In conflict with the present state' },
  'race-full': { status: 409, title: 'The race is full' },
  'race-not-open': { status: 409, title: 'The race is not open' },
  'name-taken': { status: 409, title: 'Somebody in the race has this name' },
  'name-refused': { status: 422, title: 'The name is not one to be shown' },
  'code-wrong': { status: 403, title: 'The access code is missing or wrong' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'key-reused': { status: 422, title: 'The key is of another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available at the moment' }
}

/** A refusal on its way to the caller: thrown by a stage, rendered as RFC 9457 in one place. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: Problem

  /** `detail` tells the caller what to do; `errors` name the parts that are wrong, `next` the race to join instead. */
  constructor(
    kind: ProblemKind,
    detail: string,
    errors?: Problem['errors'],
    next?: Problem['next']
  ) {
    super(detail)
    this.problem = {
      type: `${PROBLEM_BASE}${kind}`,
      ...KINDS[kind],
      detail,
      ...(errors ? { errors } : {}),
      ...(next ? { next } : {})
    }
  }
}
