import type { LiveFigures } from './live.ts'

/** A riders' schedule that slips further, in ms at the 99th percentile, measures itself. */
const LAG_MAX_MS = 25
/** From a window's close to the page, in ms at the 99th percentile: in fields up to 200, and beyond. */
const CLOSE_TO_PAGE_MS = { small: 500, large: 1_000 }
const SMALL_FIELD = 200

/** Prints a ride's figures and says whether they hold: 0 they do, 1 they do not, 2 the run is void. */
export function judge(figures: LiveFigures): 0 | 1 | 2 {
  const { readings, latencies, windows, usage, entityBytes } = figures
  const { seatless, refused, ...counts } = readings
  console.table({ readings: counts })
  console.table(latencies)
  for (const by of ['group', 'name'] as const) {
    const rows = [...Map.groupBy(usage, part => part[by])].map(([name, parts]) => {
      const sum = (of: 'cpu' | 'rss') => parts.reduce((total, part) => total + part[of], 0)
      return [name, { 'CPU s': Number(sum('cpu').toFixed(2)), 'RSS MB': Math.round(sum('rss')) }]
    })
    console.table(Object.fromEntries(rows))
  }
  const { closes, secondsRaced, slowest } = windows
  console.table(slowest)
  console.log(`${closes} closes in ${secondsRaced} s raced, entity ${entityBytes} bytes`)

  const { unanswered, lost, double, wrong, riders } = readings
  const target = CLOSE_TO_PAGE_MS[riders <= SMALL_FIELD ? 'small' : 'large']
  const untaken = Object.keys({ ...seatless, ...refused }).length + unanswered > 0
  const said = [
    untaken && 'not every rider and reading was taken',
    lost + double + wrong > 0 && 'the final is not what was acknowledged',
    latencies.scheduleLag.p99 > LAG_MAX_MS && `void: the riders slipped over ${LAG_MAX_MS} ms`,
    !(latencies.closeToPage.p99 <= target) && `close to page is over ${target} ms at p99`
  ]
  for (const sentence of said) if (sentence) console.log(`FAILED: ${sentence}`)
  const [missing, miscounted, slipped, slow] = said
  if (missing || miscounted) return 1
  if (slipped) return 2
  return slow ? 1 : 0
}
