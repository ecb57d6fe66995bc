import type { Progress } from './simulation.ts'

const BAR_CHARS = 30
/** A terminal's line is drawn again so often at most, ms; elsewhere a line is written this often. */
const REDRAW_MS = 200
const LINE_MS = 15_000

/** A progress bar: one line that is redrawn on a terminal, plain lines now and then elsewhere. */
export function createProgressBar(
  out: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean },
  now: () => number
) {
  let drawnAt = Number.NEGATIVE_INFINITY
  const draw = ({ share, seated, of, acknowledged }: Progress) => {
    const full = Math.round(BAR_CHARS * share)
    const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARS - full)
    const counts = `seats ${seated} of ${of}, ${acknowledged} readings acknowledged`
    const line = `${bar} ${Math.round(100 * share)} % · ${counts}`
    out.write(out.isTTY ? `\r${line}\x1b[K` : `${line}\n`)
  }
  return {
    show(progress: Progress): void {
      if (now() - drawnAt < (out.isTTY ? REDRAW_MS : LINE_MS)) return
      drawnAt = now()
      draw(progress)
    },
    /** Leaves the line as it is. */
    end(): void {
      if (out.isTTY && drawnAt > Number.NEGATIVE_INFINITY) out.write('\n')
    }
  }
}
