/** How a trial of a game stood when it had its score: level, lives and shots packed by `packGame`; `at` in ms since the start. */
export type Stand = { trial: number; detail: number; at: number }

/** Adds how a trial stood to those that came to the same score, one of each trial, in any order; returns the best of them. */
export function tie(stands: Stand[], heard: Stand): Stand {
  const own = stands.findIndex(({ trial }) => trial === heard.trial)
  if (own < 0) stands.push(heard)
  else if (isNewer(heard, stands[own]!)) stands[own] = heard
  return bestOf(stands)
}

const isNewer = (stand: Stand, known: Stand): boolean =>
  stand.at > known.at || (stand.at === known.at && stand.detail > known.detail)

/** The best of stands with the same score: most lives, then fewest shots. There is one at least. */
export const bestOf = (stands: Stand[]): Stand =>
  stands.reduce((best, stand) => (stand.detail > best.detail ? stand : best))
