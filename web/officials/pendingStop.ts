/** An emergency stop that waits for a sign-in is still meant for so long, in ms. */
const MEANT_MS = 120_000
const KEY = 'grandstand.stopAll'

/** Remembers, over the way to the authority and back, that all cars shall stop. */
export const keepPendingStop = (storage: Pick<Storage, 'setItem'>, now: number): void =>
  storage.setItem(KEY, String(now))

/** Whether all cars shall still stop; says so once. */
export function takePendingStop(
  storage: Pick<Storage, 'getItem' | 'removeItem'>,
  now: number
): boolean {
  const at = storage.getItem(KEY)
  storage.removeItem(KEY)
  return at !== null && now - Number(at) < MEANT_MS
}
