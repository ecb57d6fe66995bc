import { IN_API_MS } from './corrections.ts'
import type { LookupFigures, RunFigures } from './lookups.ts'

/** Most requests of one page that the apps may get in a second. */
const APP_MAX = 5
/** Boards a second below which the race did not move and nothing was measured. */
const BOARDS_MIN = 0.8

/** Prints the counts of each stage and says whether they hold: 0 they do, 1 they do not, 2 the run is void. */
export function judgeLookups({ runs, corrections, sameness }: LookupFigures): 0 | 1 | 2 {
  console.log(
    'Front Door is a model of a cache; phones are requests on one schedule, without sockets of their own.'
  )
  console.table(Object.fromEntries(runs.map(run => [nameOf(run), requestsOf(run)])))
  console.table(Object.fromEntries(runs.map(run => [nameOf(run), readsOf(run)])))
  for (const [name, { late, ...seen }] of Object.entries(corrections)) {
    console.log(`${name}: ms after the acknowledgement, and looks of a phone; ${late} looks late`)
    console.table(seen)
  }
  console.log(
    `${sameness.shared} answers came from both processes, ${sameness.unlike.length} of them unlike`
  )
  const sure = runs.filter(({ of }) => of.singleFlight)
  console.log(
    `Each edge asks once a second and page, so beyond ${APP_MAX} edges the apps get more than ${APP_MAX}, however many phones.`
  )
  const said = [
    ...sure.flatMap(run => faultsOf(run).map(fault => `${nameOf(run)}: ${fault}`)),
    ...growth(sure),
    ...sameness.unlike.map(key => `two processes gave ${key} with different bytes`),
    sameness.shared === 0 && 'no answer came from both processes',
    ...Object.entries(corrections).flatMap(([name, { edge, late }]) => [
      edge.max > IN_API_MS && `${name}: in the API after ${edge.max} ms`,
      late > 0 && `${name}: ${late} looks were late`
    ])
  ].filter(sentence => sentence !== false)
  const isStill = sure.some(({ versions, crowd }) => versions < BOARDS_MIN * crowd.seconds)
  if (isStill) said.push(`void: the race published less than ${BOARDS_MIN} boards a second`)
  for (const sentence of said) console.log(`FAILED: ${sentence}`)
  if (isStill) return 2
  return said.length ? 1 : 0
}

const nameOf = ({ of }: RunFigures): string =>
  `${of.phones} in ${of.withinS} s, ${of.edges} edge${of.edges > 1 ? 's' : ''}` +
  (of.singleFlight ? '' : ', each miss asks') +
  (of.roams ? ', roaming' : '')

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10
const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)

function requestsOf({ crowd, edge, gateway, app }: RunFigures) {
  return {
    phones: crowd.requests,
    'fresh / 304': `${crowd.fresh} / ${crowd.same}`,
    'hit / waited / missed': `${edge.hits} / ${edge.joined} / ${edge.misses}`,
    'gateway 304 / 429': `${gateway[304] ?? 0} / ${gateway[429] ?? 0}`,
    app: app.requests,
    'page a second': app.busiest.count,
    'MB to phones / edges': `${megabytes(edge.sent)} / ${megabytes(edge.received)}`,
    'back / behind': `${crowd.backward} / ${crowd.behind}`,
    'slipped p99 ms': crowd.lagMs.p99
  }
}

function readsOf({ store, versions, crowd }: RunFigures) {
  const all = (of: 'heads' | 'directories' | 'pages' | 'again' | 'charge' | 'bytes') =>
    sum(store.map(one => one[of]))
  return {
    boards: versions,
    seconds: Math.round(crowd.seconds * 10) / 10,
    heads: all('heads'),
    names: all('directories'),
    pages: all('pages'),
    again: all('again'),
    'other reads': sum(store.flatMap(({ others }) => Object.values(others))),
    queries: sum(store.flatMap(({ queries }) => Object.values(queries))),
    'RU a second': Math.round(all('charge') / crowd.seconds),
    MB: megabytes(all('bytes'))
  }
}

/** What a run with a cache that asks once breaks, whatever the number of phones. */
function faultsOf({ of, crowd, app, store, versions }: RunFigures): string[] {
  // One more than the seconds: the first read comes at once.
  const turns = Math.ceil(crowd.seconds) + 1
  const faults = [
    crowd.refused > 0 && `${crowd.refused} requests of phones were refused`,
    crowd.backward > 0 && `${crowd.backward} answers were older than the one before`,
    of.edges <= APP_MAX &&
      app.busiest.count > APP_MAX &&
      `${app.busiest.page} ${app.busiest.count} times in a second`,
    app.most.count > of.edges * turns && `${app.most.page} more than once a second and edge`,
    ...store.flatMap(({ heads, directories, pages, again, others }, i) => [
      heads > turns && `process ${i + 1} read the head ${heads} times in ${turns - 1} s`,
      directories > turns && `process ${i + 1} read the names ${directories} times`,
      again > 0 && `process ${i + 1} read ${again} pages that it had read`,
      pages > app.standingsPages * (versions + 1) && `process ${i + 1} read ${pages} pages`,
      sum(Object.values(others)) > 0 && `process ${i + 1} read ${Object.keys(others)}`
    ])
  ]
  return faults.filter(fault => fault !== false)
}

/** Store reads a second of ten times the phones: no more than the small crowd's and one window's. */
function growth(runs: RunFigures[]): string[] {
  const reads = ({ store }: RunFigures) =>
    sum(store.map(({ heads, directories, pages }) => heads + directories + pages))
  return runs.flatMap(small =>
    runs
      .filter(({ of }) => of.phones > small.of.phones && !of.roams)
      .filter(({ of }) => of.edges === small.of.edges && of.withinS === small.of.withinS)
      .filter(large => {
        const window = (small.app.standingsPages + 2) * small.store.length
        const rate = (run: RunFigures, more = 0) => (reads(run) + more) / run.crowd.seconds
        return rate(large) > rate(small, window)
      })
      .map(
        large => `${nameOf(large)}: ${reads(large)} store reads, ${reads(small)} of the small crowd`
      )
  )
}
