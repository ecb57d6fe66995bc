import type { Motion } from '../raceView.svelte.ts'

/** Rows from this place on change when the page turns. */
const PINNED = 3

/** Where each competitor's row is, in px from the table's top. */
export const topsOf = (body: HTMLTableSectionElement): Map<string, number> =>
  new Map([...body.rows].map(row => [row.dataset.bib ?? '', row.offsetTop]))

const durationOf = (style: CSSStyleDeclaration, name: string): number => {
  const value = style.getPropertyValue(name)
  return Number.parseFloat(value) * (value.trim().endsWith('ms') ? 1 : 1_000)
}

/** Shows how the rows came to their places: people move, places stay. Durations are the design's, zero where no motion is wanted. */
export function play(
  body: HTMLTableSectionElement,
  before: Map<string, number>,
  motion: Motion
): void {
  const style = getComputedStyle(body)
  const move = durationOf(style, '--move')
  const fade = durationOf(style, '--page-fade')
  for (const [index, row] of [...body.rows].entries()) {
    const top = before.get(row.dataset.bib ?? '')
    if (motion === 'page' && fade > 0 && index >= PINNED) {
      for (const cell of row.cells) cell.animate({ opacity: [0, 1] }, fade)
    } else if (motion === 'move' && move > 0 && top !== undefined && top !== row.offsetTop) {
      const transform = [`translateY(${top - row.offsetTop}px)`, 'none']
      const easing = style.getPropertyValue('--ease-move')
      for (const cell of row.querySelectorAll('td')) {
        cell.animate({ transform }, { duration: move, easing })
      }
    }
  }
}
