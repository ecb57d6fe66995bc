import { mount } from 'svelte'
import { createCall } from '../call.ts'
import { dress } from '../dress.ts'
import { readSettings, type Settings } from '../settings.ts'
import { createWords } from '../words.ts'
import { dropOldAnswers } from './answers.ts'
import { keepChoices } from './choices.ts'
import Mobile from './Mobile.svelte'
import { keepPages } from './offline.ts'
import { startPhone } from './phone.ts'
import { PhoneView } from './phoneView.svelte.ts'

/** The clock shows whole seconds, none of them for too long. */
const TICK_MS = 250
/** A page that cannot learn where its API is tries again after this long, in ms. */
const RETRY_MS = 5_000

const report = (error: unknown): void => console.warn(error)

function show(settings: Settings): void {
  const words = createWords(settings.lang)
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

async function start(): Promise<void> {
  try {
    show(await readSettings())
  } catch (error) {
    report(error)
    setTimeout(start, RETRY_MS)
  }
}

start()
keepPages().catch(report)
