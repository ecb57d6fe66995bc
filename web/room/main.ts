import { mount } from 'svelte'
import { dress } from '../dress.ts'
import { followRace } from '../follow.ts'
import { RaceView } from '../raceView.svelte.ts'
import { keepAwake, shiftPixels } from '../screen/display.ts'
import type { Settings } from '../settings.ts'
import { report, start } from '../start.ts'
import { createWords } from '../words.ts'
import { ROOM_ROWS } from './layout.ts'
import { playersOf } from './players.ts'
import Room from './Room.svelte'
import { createRoomFeed, ROOM_MS } from './roomFeed.ts'
import { ROOM_TEXTS } from './words.ts'

/** Clocks run at ten pictures a second. */
const TICK_MS = 100

function show(settings: Settings): void {
  const words = createWords(settings.lang, ROOM_TEXTS)
  dress(settings, words)
  const view = new RaceView({
    words,
    rows: ROOM_ROWS,
    now: Date.now,
    // Pages never turn: all rows are on one.
    still: true,
    event: settings.event,
    sponsor: settings.sponsor,
    phones: raceId => playersOf(settings.url, location.href, raceId),
    report
  })
  mount(Room, { target: document.body, props: { view, words } })
  setInterval(() => view.tick(), TICK_MS)
  const room = createRoomFeed(settings.apiBase, view.sink)
  followRace({
    api: room.api,
    race: settings.race,
    format: 'game',
    key: settings.key,
    // Give or take a fifth, it never asks less often than it shows.
    pollMs: ROOM_MS / 1.2,
    sink: room.sink,
    now: Date.now,
    random: Math.random
  })
  keepAwake(report)
  shiftPixels(document.body)
}

start(show)
