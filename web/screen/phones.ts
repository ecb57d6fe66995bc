/** Where phones find a race: the whole address for the QR code, and one that a person can read and type. */
export type PhonesAddress = { address: string; shown: string }

/** The scheme says nothing to a reader, and browsers add it. */
const SCHEME = /^https?:\/\//

/**
 * `wanted` where it is not empty, else the phones' page of the installation that `page` (this screen's address) belongs
 * to. The one to type leads to the current race: no id has to be typed.
 */
export function phonesOf(wanted: string, page: string, raceId: string | undefined): PhonesAddress {
  if (wanted) {
    const address = /^[a-z]+:/.test(wanted) ? wanted : `https://${wanted}`
    return { address, shown: wanted.replace(SCHEME, '') }
  }
  const phones = new URL('../mobile/', page)
  const shown = phones.href.replace(SCHEME, '')
  if (raceId !== undefined) phones.searchParams.set('race', raceId)
  return { address: phones.href, shown }
}
