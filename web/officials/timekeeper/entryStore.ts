import type { Entry } from './entry.ts'

/** Each entry lies under a name of its own, so that two windows never write over each other. */
const PREFIX = 'grandstand.timing.'
/** What was sent so long ago is of use to nobody here, in ms. */
const KEPT_MS = 2 * 86_400_000

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** What a timekeeper told, kept over reloads and sign-ins. */
export function createEntryStore(storage: Storage) {
  return {
    /** All that is kept, in the order told. What cannot be read is left where it is and told to `report`. */
    load(now: number, report: (error: unknown) => void): Entry[] {
      const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
      const kept = names
        .filter(name => name.startsWith(PREFIX))
        .flatMap(name => {
          try {
            return [JSON.parse(storage.getItem(name) ?? '') as Entry]
          } catch (error) {
            report(error)
            return []
          }
        })
      const isOld = ({ state, toldAt }: Entry) => state === 'sent' && now - toldAt > KEPT_MS
      for (const { key } of kept.filter(isOld)) storage.removeItem(PREFIX + key)
      return kept.filter(entry => !isOld(entry)).sort((a, b) => a.seq - b.seq)
    },
    /** Throws where the device has no room. */
    save: (entry: Entry): void => storage.setItem(PREFIX + entry.key, JSON.stringify(entry)),
    remove: ({ key }: Entry): void => storage.removeItem(PREFIX + key)
  }
}
export type EntryStore = ReturnType<typeof createEntryStore>
