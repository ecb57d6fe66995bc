import { type PhonesAddress, phonesOf } from '../screen/phones.ts'

/** Where people play: `wanted` where it is not empty, else the game's page of the installation that `page` belongs to. */
export function playersOf(wanted: string, page: string, raceId: string | undefined): PhonesAddress {
  if (wanted) return phonesOf(wanted, page, raceId)
  const players = new URL('../arcade/', page)
  const { shown } = phonesOf(players.href, page, raceId)
  if (raceId !== undefined) players.searchParams.set('race', raceId)
  return { address: players.href, shown }
}
