import type { DeadLetter } from '#contract'
import type { ArchivedEvent } from './archivedEvent.ts'

/** What of an event is to be sent again, and whose dead letters it settles. */
export type Found<L> = { event: ArchivedEvent; letters: L[] }

/** `{race}.{bib}-{session}-{seq}-{reason}`, and `partition-{n}-{sequence}-{reason}`. */
const READING = /^(\d+)-(\d+)$/
const WHOLE = /^partition-(\d+)$/

/**
 * Finds what dead letters are about among archived events. A letter is given once, at its first event: repetitions of a
 * rider's own, and what was sent again before, are further ones. Letters of devices are not looked for: a device's word
 * for itself is IoT Hub's to give.
 */
export function createSearch<L extends Pick<DeadLetter, 'id' | 'source' | 'reason'>>(letters: L[]) {
  const wanted = new Map<string, L>()
  const ofDevices: L[] = []
  for (const letter of letters) {
    const key = keyOf(letter)
    if (key) wanted.set(key, letter)
    else ofDevices.push(letter)
  }
  const take = (key: string): L[] => {
    const letter = wanted.get(key)
    wanted.delete(key)
    return letter ? [letter] : []
  }
  return {
    ofDevices,
    /** Letters whose event has not come by. */
    missing: (): L[] => [...wanted.values()],
    /** What of this event was looked for: of many readings those alone, as the others count already. */
    match(event: ArchivedEvent): Found<L> | undefined {
      const whole = take(`partition-${event.partition} ${event.sequence}`)
      if (whole.length) return { event, letters: whole }
      const { race, bib, session } = event.properties
      if (race === undefined || !wanted.size) return undefined
      const found: L[] = []
      const readings = readingsOf(event.body).filter(reading => {
        const own = take(`${race}.${bib} ${session}-${reading.seq}`)
        found.push(...own)
        return own.length > 0
      })
      if (!found.length) return undefined
      return { event: { ...event, body: Buffer.from(JSON.stringify(readings)) }, letters: found }
    }
  }
}

function keyOf({ id, source, reason }: Pick<DeadLetter, 'id' | 'source' | 'reason'>) {
  const place = id.slice(source.length + 1, -reason.length - 1)
  const isOurs = WHOLE.test(source) ? /^\d+$/.test(place) : READING.test(place)
  // Only a rider's source has a dot: ids have none.
  return isOurs && (WHOLE.test(source) || source.includes('.')) ? `${source} ${place}` : undefined
}

function readingsOf(body: Buffer): { seq?: unknown }[] {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    return [parsed].flat().filter(each => typeof each === 'object' && each !== null)
  } catch {
    return []
  }
}
