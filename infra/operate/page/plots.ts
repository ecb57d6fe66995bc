import uPlot from 'uplot'
import { type Packed, type ReportData, unpackRow } from './reportData.ts'

/** Riders that one plot can show and still be read. */
const SHOWN_MAX = 8
/** Riders shown when the page opens. */
const PRESET = 5
const HEIGHT = 280
/** Distances of the ticks that a reader may expect, in s and in places. */
const SECONDS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200]
const PLACES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]
/** Height of the marks of drop-outs at a plot's foot, in px. */
const MARK = 4

const find = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E
const data = JSON.parse(find('data').textContent ?? '{}') as ReportData
const style = getComputedStyle(document.documentElement)
const token = (name: string) => style.getPropertyValue(name).trim()
const colours = Array.from({ length: SHOWN_MAX }, (_, i) => token(`--line-${i + 1}`))
const columns = Math.ceil(data.seconds / data.step)
const times = Array.from({ length: columns }, (_, i) => i * data.step)

/** Index of a rider to its colour's. */
const shown = new Map<number, number>()
const plots: uPlot[] = []
const ridersPlots: (() => void)[] = []

const clock = (seconds: number) => {
  const sign = seconds < 0 ? '−' : ''
  const whole = Math.abs(seconds)
  return `${sign}${Math.floor(whole / 60)}:${String(Math.floor(whole % 60)).padStart(2, '0')}`
}

function axis(label: string): uPlot.Axis {
  return {
    label,
    labelSize: 20,
    stroke: token('--text-2'),
    font: '13px system-ui, sans-serif',
    labelFont: '13px system-ui, sans-serif',
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
    size: 56
  }
}

const timeAxis = (): uPlot.Axis => ({
  ...axis('time since the start'),
  size: 40,
  incrs: SECONDS,
  values: (_, splits) => splits.map(clock)
})

function plot(
  id: string,
  label: string,
  series: uPlot.Series[],
  rows: uPlot.AlignedData,
  more: Partial<uPlot.Options> = {}
): uPlot {
  const place = find(id)
  const made = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: series.length <= SHOWN_MAX, live: true },
      cursor: { y: false },
      series: [{ label: 'time', value: (_, x) => (x === null ? '' : clock(x)) }, ...series],
      axes: [timeAxis(), axis(label)],
      ...more,
      scales: { x: { time: false }, ...more.scales }
    },
    rows,
    place
  )
  plots.push(made)
  return made
}

const nameOf = (rider: number) => {
  const { bib, name } = data.riders[rider]!
  return name ? `${bib} ${name}` : `${bib}`
}

/** A plot of the shown riders, made anew whenever another one is chosen. */
function plotRiders(id: string, label: string, packed: Packed, more: Partial<uPlot.Options> = {}) {
  let made: uPlot | undefined
  ridersPlots.push(() => {
    if (made) {
      plots.splice(plots.indexOf(made), 1)
      made.destroy()
    }
    const chosen = [...shown]
    const rows = chosen.map(([rider]) => unpackRow(packed, rider, columns))
    const series = chosen.map(([rider, colour]) => ({
      label: nameOf(rider),
      stroke: colours[colour] ?? '',
      width: 2,
      points: { show: false }
    }))
    made = plot(id, label, series, [times, ...rows], { ...more, hooks: { draw: [mark] } })
  })
}

/** Marks the shown riders' drop-outs at the plot's foot, each in its rider's colour. */
function mark(made: uPlot): void {
  const { ctx, bbox } = made
  const height = MARK * devicePixelRatio
  ctx.save()
  for (const { rider, from, to } of data.dropOuts) {
    const colour = shown.get(rider)
    if (colour === undefined) continue
    const left = made.valToPos(from, 'x', true)
    ctx.fillStyle = colours[colour] ?? ''
    const row = [...shown.keys()].indexOf(rider) + 1
    const top = bbox.top + bbox.height - row * height
    ctx.fillRect(left, top, made.valToPos(to, 'x', true) - left, height - devicePixelRatio)
  }
  ctx.restore()
}

function choose(): void {
  const list = find<HTMLUListElement>('riders')
  const search = find<HTMLInputElement>('search')
  const told = find('told')
  const boxes = data.riders.map((rider, index) => {
    const box = document.createElement('input')
    box.type = 'checkbox'
    const name = document.createElement('bdi')
    name.textContent = rider.name
    const label = document.createElement('label')
    const place = document.createElement('b')
    place.textContent = rider.place === null ? '–' : String(rider.place)
    label.append(box, place, ` ${rider.bib} `, name)
    const item = document.createElement('li')
    item.append(label)
    list.append(item)
    box.addEventListener('change', () => {
      if (box.checked) show(index)
      else shown.delete(index)
      draw()
    })
    return { box, item, text: `${rider.bib} ${rider.name}`.toLowerCase() }
  })
  const show = (index: number) => {
    const taken = new Set(shown.values())
    const free = colours.findIndex((_, colour) => !taken.has(colour))
    if (free >= 0) shown.set(index, free)
  }
  const draw = () => {
    boxes.forEach(({ box, item }, index) => {
      const colour = shown.get(index)
      box.checked = colour !== undefined
      box.disabled = !box.checked && shown.size >= SHOWN_MAX
      item.style.setProperty('--swatch', colour === undefined ? 'transparent' : colours[colour]!)
    })
    told.textContent = `By place, with bib and name. ${shown.size} of at most ${SHOWN_MAX} are shown.`
    for (const again of ridersPlots) again()
  }
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase()
    for (const { item, text } of boxes) item.hidden = !text.includes(wanted)
  })
  for (let index = 0; index < Math.min(PRESET, data.riders.length); index++) show(index)
  draw()
}

const { lag, rate, power, score, rank } = data
if (power) plotRiders('power', 'W', power)
if (score) plotRiders('score', 'points', score)
// The first is on top.
plotRiders('rank', 'place', rank, {
  scales: { y: { dir: -1 } },
  axes: [timeAxis(), { ...axis('place'), incrs: PLACES }]
})
choose()
const line = (label: string, name: string) => ({ label, stroke: token(name), width: 2 })
plot(
  'lag',
  'ms',
  [line('half arrive within', '--line-1'), line('99 of 100 within', '--line-3')],
  [lag.at, lag.p50, lag.p99]
)
plot(
  'rate',
  'readings',
  [{ ...line('readings in the second', '--line-1'), fill: token('--fill') }],
  [rate.at, rate.readings]
)
addEventListener('resize', () => {
  for (const made of plots)
    made.setSize({ width: made.root.parentElement!.clientWidth, height: HEIGHT })
})
