import type { Format, Row } from '#contract'
import type { RaceReport } from '../raceReport.ts'
import { SILENT_MS } from '../readingSeries.ts'

/** No figure needs more than these, and no request leaves the page. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string | number): string =>
  String(text).replace(/[&<>"]/g, char => ENTITIES[char] ?? char)
const named = (name: string) => `<bdi>${escaped(name)}</bdi>`
const number = (n: number) => n.toLocaleString('en')

/** The report as one page that needs nothing else. */
export function reportPage(report: RaceReport, style: string, script: string): string {
  const { head, data, readings } = report
  const { step, power, score } = data
  const points =
    step === 1
      ? 'One point is one second.'
      : `One point is ${step} s, as there are many riders: power is the mean, place and score are those at its end.`
  const start = new Date(head.startsAt ?? 0).toISOString().replace('T', ' ').slice(0, 19)
  // A name must not end the script's element.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(head.name)} – report</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(head.name)}</h1>
<p>${escaped([head.event, head.place, head.raceId].filter(Boolean).join(', '))}. Started ${start} UTC; ${head.phase}.</p>
<dl class="facts">
${fact(number(data.riders.length), score ? 'players' : 'riders')}
${fact(`${Math.floor(data.seconds / 60)}:${String(data.seconds % 60).padStart(2, '0')}`, 'racing time')}
${fact(number(readings), 'readings')}
${fact(number(data.dropOuts.length), 'drop-outs')}
</dl>
<section class="chosen">
<div>
${power ? plot('power', 'Power', `${points} A coloured mark at the foot is a drop-out.`) : ''}
${score ? plot('score', 'Score', `${points} A coloured mark at the foot is a drop-out.`) : ''}
${plot('rank', 'Position', 'By value alone at each point; the classification below has the race\u2019s own rules.')}
</div>
<aside class="chooser">
<label for="search">${score ? 'Players' : 'Riders'} shown</label>
<input id="search" type="search" placeholder="Bib or name" autocomplete="off">
<ul id="riders"></ul>
<p id="told" role="status"></p>
</aside>
</section>
${plot('lag', 'Lag', 'From measuring, by the rider\u2019s clock, to the hub; each point is 10 s. A clock that is ahead makes it less than nothing.')}
${plot('rate', 'Readings per second', 'As the hub got them: a backlog is a peak.')}
${dropOuts(report)}
${classification(report)}
<script type="application/json" id="data">${json}</script>
<script>${script}</script>
</body>
</html>
`
}

const fact = (figure: string, what: string) => `<div><dt>${what}</dt><dd>${figure}</dd></div>`

const plot = (id: string, title: string, said: string) =>
  `<section><h2>${title}</h2><p>${said}</p><div class="plot" id="${id}"></div></section>`

function table(heads: string[], rows: string[][]): string {
  const isNumber = (i: number) => (heads[i]?.startsWith('#') ? ' class="number"' : '')
  const head = heads.map((name, i) => `<th${isNumber(i)} scope="col">${name.replace('#', '')}</th>`)
  const body = rows.map(
    cells => `<tr>${cells.map((cell, i) => `<td${isNumber(i)}>${cell}</td>`).join('')}</tr>`
  )
  return `<div class="table" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

function dropOuts({ head, data }: RaceReport): string {
  const title = '<h2>Drop-outs</h2>'
  if (!data.dropOuts.length) return `${title}<p>Nobody was silent for long.</p>`
  const longest = data.dropOuts.toSorted((a, b) => b.to - b.from - (a.to - a.from))
  const rows = longest.map(({ rider, from, to }) => {
    const { bib, name } = data.riders[rider] ?? { bib: 0, name: '' }
    return [String(bib), named(name), from.toFixed(1), to.toFixed(1), (to - from).toFixed(1)]
  })
  return `${title}<p>Where no reading was measured for more than ${SILENT_MS[head.format.kind === 'game' ? 'game' : 'ride'] / 1_000} s, the longest first; in seconds since the start.</p>${table(['#Bib', 'Name', '#From', '#To', '#Seconds'], rows)}`
}

function classification({ head, rows, names }: RaceReport): string {
  const lines = rows.map(row => [
    row.rank === null ? '–' : String(row.rank),
    String(row.bib),
    named(names.get(row.bib) ?? ''),
    row.value === null ? '–' : valueText(head.format, row.value),
    String(row.laps),
    row.held ? `${row.status}, held` : row.status,
    ...(row.game ? [String(row.game.level), String(row.game.lives), String(row.game.shots)] : [])
  ])
  const game = rows.some(row => row.game) ? ['#Level', '#Lives', '#Shots'] : []
  const heads = [
    '#Place',
    '#Bib',
    'Name',
    `#${unitOf(head.format)}`,
    '#Readings',
    'Status',
    ...game
  ]
  return `<h2>Classification</h2><p>${head.validity === 'official' ? 'Official' : 'Provisional'}, as stored.</p>${table(heads, lines)}`
}

const unitOf = (format: Format): string =>
  format.kind === 'ride'
    ? { distance: 'Metres', work: 'Kilojoules', output: 'Output' }[format.metric]
    : 'Points'

/** A row's value in the unit of its column. */
function valueText(format: Format, value: Row['value'] & number): string {
  if (format.kind !== 'ride') return number(value)
  const [per, digits] = { distance: [1_000, 1], work: [1_000, 1], output: [100, 2] }[
    format.metric
  ] as [number, number]
  return (value / per).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits
  })
}
