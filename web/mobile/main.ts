import { mount } from 'svelte'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { keepPages } from '../offline.ts'
import type { Settings } from '../settings.ts'
import { report, start } from '../start.ts'
import { createWords } from '../words.ts'
import { dropOldAnswers } from './answers.ts'
import { keepChoices } from './choices.ts'
import Mobile from './Mobile.svelte'
import { startPhone } from './phone.ts'
import { PhoneView } from './phoneView.svelte.ts'
import { PHONE_TEXTS } from './words.ts'

/** The clock shows whole seconds, none of them for too long. */
const TICK_MS = 250

function show(settings: Settings): void {
  const words = createWords(settings.lang, PHONE_TEXTS)
  dress(settings, words)
  const view = new PhoneView({
    words,
    now: Date.now,
    keep: keepChoices,
    report
  })
  const phone = startPhone({
    settings,
    view,
    call: createCall(settings.apiBase),
    page: document,
    link: window,
    now: Date.now,
    random: Math.random
  })
  mount(Mobile, { target: document.body, props: { view, settings, phone } })
  setInterval(() => {
    if (document.visibilityState === 'visible') view.tick()
  }, TICK_MS)
  document.addEventListener('visibilitychange', () => view.resume())
  dropOldAnswers(Date.now()).catch(report)
}

start(show)
keepPages().catch(report)
