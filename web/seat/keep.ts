/** A place for texts that outlive a reload: a browser's storage, or a test's. */
export type Keep = {
  read(name: string): string | undefined
  /** Undefined forgets it. */
  write(name: string, text: string | undefined): void
}

/** A browser's storage; one that is full or forbidden only forgets. */
export const keepIn = (open: () => Storage): Keep => ({
  read(name) {
    try {
      return open().getItem(name) ?? undefined
    } catch {
      return undefined
    }
  },
  write(name, text) {
    try {
      if (text === undefined) open().removeItem(name)
      else open().setItem(name, text)
    } catch {
      return
    }
  }
})

/** Of this person, over all races. */
export const lasting: Keep = keepIn(() => localStorage)
/** Of this tab, over reloads: another tab has another session, whose sequence numbers are its own. */
export const ofTab: Keep = keepIn(() => sessionStorage)
