import type { Board } from '#contract'
import { valueText } from '../../web/result.ts'
import { createWords } from '../../web/words.ts'
import { LANGUAGE, type Paint } from './screen.ts'
import type { Received } from './socket.ts'
import { spreadOf } from './spread.ts'

const WINDOW_MS = 1_000
/** Closes of which each leg is told, the slowest first. */
const SLOWEST = 5

/**
 * When a page first showed each board or a later one, by version; boards that changed no value are left out.
 * Boards are told apart by all their values as the page writes them.
 */
function shownAt(boards: readonly Board[], paints: readonly Paint[]): Map<number, number> {
  const words = createWords(LANGUAGE)
  const keyOf = (rows: string[]) => rows.toSorted().join()
  const keys = boards.map(({ top, format }) =>
    keyOf(top.map(row => `${row.bib} ${valueText(row.value, format, words)}`))
  )
  const changed = boards.flatMap(({ version }, i) =>
    keys[i] === keys[i - 1] ? [] : [{ version, key: keys[i] }]
  )
  const shown = new Map(changed.map(({ version }) => [version, Number.POSITIVE_INFINITY]))
  let next = 0
  for (const { at, rows } of paints) {
    const found = changed.findIndex((board, i) => i >= next && board.key === keyOf(rows))
    for (; next <= found; next++) shown.set(changed[next]!.version, at)
  }
  return shown
}

/** Latencies in ms from the race to the socket client and the painted pages, over every close; never shown is infinite. */
export function delaysOf(startsAt: number, received: Received[], pages: Paint[][]) {
  const boards = received.map(({ board }) => board)
  const shown = pages.map(paints => shownAt(boards, paints))
  const toSocket: number[] = []
  const toPage: number[] = []
  const fromEnd: number[] = []
  const fromReading: number[] = []
  const legs: { window: number; endToClose: number; closeToSocket: number; closeToPage: number }[] =
    []
  for (const [i, { at, board }] of received.entries()) {
    const before = boards[i - 1]
    if (!before || board.window <= before.window) continue
    toSocket.push(at - board.closedAt)
    const known = new Map(before.top.map(row => [row.bib, row.value]))
    const fresh = board.top.filter(row => row.at !== null && row.value !== known.get(row.bib))
    for (const page of shown) {
      const painted = page.get(board.version)
      if (painted === undefined) continue
      const since = painted - startsAt
      toPage.push(painted - board.closedAt)
      legs.push({
        window: board.window,
        endToClose: board.closedAt - startsAt - (board.window + 1) * WINDOW_MS,
        closeToSocket: at - board.closedAt,
        closeToPage: painted - board.closedAt
      })
      fromReading.push(...fresh.map(row => since - row.at!))
      for (let window = before.window + 1; window <= board.window; window++) {
        fromEnd.push(since - (window + 1) * WINDOW_MS)
      }
    }
  }
  return {
    closes: toSocket.length,
    slowest: legs.sort((a, b) => b.closeToPage - a.closeToPage).slice(0, SLOWEST),
    latencies: {
      dueToPage: spreadOf(fromReading),
      closeToSocket: spreadOf(toSocket),
      closeToPage: spreadOf(toPage),
      windowEndToPage: spreadOf(fromEnd)
    }
  }
}
