import { mount } from 'svelte'
import { createApi } from '../api.ts'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { followRace } from '../follow.ts'
import { RaceView } from '../raceView.svelte.ts'
import type { Settings } from '../settings.ts'
import { report, start } from '../start.ts'
import { createWords } from '../words.ts'
import { createAllTime } from './allTime.ts'
import { keepAwake, shiftPixels } from './display.ts'
import { phonesOf } from './phones.ts'
import Screen from './Screen.svelte'
import { SCREEN_TEXTS } from './words.ts'

/** Clocks run at ten pictures a second. */
const TICK_MS = 100

function show(settings: Settings): void {
  const words = createWords(settings.lang, SCREEN_TEXTS)
  dress(settings, words)
  const view = new RaceView({
    words,
    rows: settings.rows,
    now: Date.now,
    still: matchMedia('(prefers-reduced-motion: reduce)').matches,
    event: settings.event,
    sponsor: settings.sponsor,
    phones: raceId => phonesOf(settings.url, location.href, raceId),
    report
  })
  const allTime = createAllTime(createCall(settings.apiBase))
  mount(Screen, { target: document.body, props: { view, allTime } })
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

start(show)
