import { mount } from 'svelte'
import { createApi } from '../api.ts'
import { dress } from '../dress.ts'
import { followRace } from '../follow.ts'
import { RaceView } from '../raceView.svelte.ts'
import { readSettings, type Settings } from '../settings.ts'
import { createWords } from '../words.ts'
import { keepAwake, shiftPixels } from './display.ts'
import Screen from './Screen.svelte'

/** Clocks run at ten pictures a second. */
const TICK_MS = 100
/** A screen that starts before its server tries again after this long, in ms. */
const RETRY_MS = 5_000

const report = (error: unknown): void => console.warn(error)

function show(settings: Settings): void {
  const words = createWords(settings.lang)
  dress(settings, words)
  const view = new RaceView({
    words,
    rows: settings.rows,
    now: Date.now,
    still: matchMedia('(prefers-reduced-motion: reduce)').matches,
    report
  })
  mount(Screen, { target: document.body, props: { view, settings } })
  setInterval(() => view.tick(), TICK_MS)
  followRace({
    api: createApi(settings.apiBase),
    race: settings.race,
    format: settings.format,
    key: settings.key,
    sink: view.sink,
    now: Date.now,
    random: Math.random
  })
  keepAwake(report)
  shiftPixels(document.body)
}

async function start(): Promise<void> {
  try {
    show(await readSettings())
  } catch (error) {
    report(error)
    setTimeout(start, RETRY_MS)
  }
}

start()
