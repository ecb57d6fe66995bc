import type { Directory } from '#contract'

/** After an answer that is behind, or none, names are asked for again so soon, in ms; then twice as late, up to the second. */
const AGAIN_MS = 500
const AGAIN_MAX_MS = 4_000

type NamesOptions = {
  read(): Promise<Directory>
  names(directory: Directory): void
  error(error: unknown): void
}

/** Keeps a race's names: reads them when they have changed, and again while a cache is behind. */
export function openNamesFeed({ read, names, error }: NamesOptions) {
  /** The version that is held, and the one that there is. */
  let held = 0
  let wanted = 0
  let vain = 0
  let asking = false
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const ask = async (): Promise<void> => {
    clearTimeout(timer)
    asking = true
    try {
      const directory = await read()
      if (closed) return
      if (directory.version > held) {
        held = directory.version
        names(directory)
      }
    } catch (failure) {
      error(failure)
    }
    asking = false
    if (closed || held >= wanted) return
    timer = setTimeout(ask, Math.min(AGAIN_MAX_MS, AGAIN_MS * 2 ** vain))
    vain += 1
  }

  return {
    /** The directory has this version now. */
    changed(version: number): void {
      if (version <= wanted) return
      wanted = version
      vain = 0
      if (!asking && held < wanted) ask()
    },
    close(): void {
      closed = true
      clearTimeout(timer)
    }
  }
}
