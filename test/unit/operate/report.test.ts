import { expect, test } from 'vitest'
import type { Head, Row } from '#contract'
import { reportPage } from '../../../infra/operate/page/document.ts'
import { packRows } from '../../../infra/operate/page/reportData.ts'

const EVIL = '</script><script>alert("1")</script>'
const row: Row = {
  bib: 7,
  rank: 1,
  tied: false,
  status: 'finished',
  value: 1_234_567,
  at: 1_000,
  gap: 0,
  interval: null,
  lapsDown: 0,
  laps: 20,
  last: null
}
const head = {
  raceId: 'ride-1',
  name: EVIL,
  event: '',
  place: EVIL,
  format: { kind: 'ride', metric: 'distance' },
  phase: 'official',
  validity: 'official',
  startsAt: 0
} as unknown as Head

const page = reportPage(
  {
    head,
    rows: [row],
    names: new Map([[7, EVIL]]),
    readings: 20,
    data: {
      seconds: 20,
      step: 1,
      riders: [{ bib: 7, name: EVIL, place: 1 }],
      power: packRows(16, [[200]]),
      rank: packRows(16, [[1]]),
      dropOuts: [{ rider: 0, from: 3, to: 9.5 }],
      lag: { at: [], p50: [], p99: [] },
      rate: { at: [], readings: [] }
    }
  },
  'body{}',
  'go()'
)

test('no name becomes a part of the page', () => {
  expect(page.match(/<script/g)).toHaveLength(2)
  expect(page.match(/<\/script>/g)).toHaveLength(2)
  expect(page).toContain('<bdi>&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)')
})

test('the page asks for nothing over the network', () => {
  expect(page).toContain(`content="default-src 'none'`)
  expect(page).not.toMatch(/(?:src|href)=/)
})

test('the classification is in the unit of its column, drop-outs in seconds', () => {
  expect(page).toContain('>Metres</th>')
  expect(page).toContain('>1,234.6</td>')
  expect(page).toContain('>6.5</td>')
})
