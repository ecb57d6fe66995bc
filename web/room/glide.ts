/** Where a row is, in px. */
type Spot = { left: number; top: number }

/** Where each competitor's row is. */
export const spotsOf = (body: HTMLTableSectionElement): Map<string, Spot> =>
  new Map(
    [...body.rows].map(row => [row.dataset.bib ?? '', { left: row.offsetLeft, top: row.offsetTop }])
  )

/**
 * Shows how rows came to their places: within a column they glide and the places stay; into another column they fade,
 * as two hundred rows that cross the screen would be a dance. No time where no motion is wanted.
 */
export function glide(body: HTMLTableSectionElement, before: Map<string, Spot>): void {
  const style = getComputedStyle(body)
  const duration = Number.parseFloat(style.getPropertyValue('--move'))
  if (!(duration > 0)) return
  const timing = { duration, easing: style.getPropertyValue('--ease-move') }
  for (const row of body.rows) {
    const from = before.get(row.dataset.bib ?? '')
    if (!from) continue
    const way = from.top - row.offsetTop
    if (from.left !== row.offsetLeft) {
      row.animate({ opacity: [0, 1] }, duration)
    } else if (way !== 0) {
      row.animate({ transform: [`translateY(${way}px)`, 'none'] }, timing)
      row.cells[0]?.animate({ transform: [`translateY(${-way}px)`, 'none'] }, timing)
    }
  }
}
