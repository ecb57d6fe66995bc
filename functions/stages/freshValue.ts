/** Values by key, each read at most once in a while, by one reader at a time however many ask. */
export type FreshValue<T> = {
  get(key: string): Promise<T>
  /** Makes the next `get` read again. */
  forget(key: string): void
}

/** `freshMs` is the age to which a value is given out; `kept` the number of keys remembered. A failed read is not remembered. */
export function createFreshValue<T>(
  { freshMs, kept, now }: { freshMs: number; kept: number; now: () => number },
  read: (key: string) => Promise<T>
): FreshValue<T> {
  const known = new Map<string, { at: number; value: Promise<T> }>()
  return {
    get(key) {
      const held = known.get(key)
      if (held && now() - held.at < freshMs) return held.value
      const entry = { at: now(), value: read(key) }
      known.delete(key)
      known.set(key, entry)
      entry.value.catch(() => {
        if (known.get(key) === entry) known.delete(key)
      })
      if (known.size > kept) known.delete(known.keys().next().value!)
      return entry.value
    },
    forget(key) {
      known.delete(key)
    }
  }
}
