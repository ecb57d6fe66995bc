import { mount } from 'svelte'
import { createApi } from '../api.ts'
import { createCall } from '../call.ts'
import { isHidden, keepPages } from '../offline.ts'
import { type Config, readConfig } from './config.ts'
import { openEntra } from './entra.ts'
import Officials from './Officials.svelte'
import { createOfficialCall } from './officialCall.ts'
import { Session } from './session.svelte.ts'

/** A page that starts before its server, or without a link, tries again after this long, in ms. */
const RETRY_MS = 5_000

/** By daylight or in the dark, as the person's device is set; `?theme=day` or `night` says otherwise. */
function light(): void {
  const asked = new URLSearchParams(location.search).get('theme')
  const day = matchMedia('(prefers-color-scheme: light)').matches ? 'day' : undefined
  const theme = asked === 'day' || asked === 'night' ? asked : day
  if (theme) document.documentElement.dataset.theme = theme
}

/** Whoever looks away in the middle of a run, or of a sentence, finds it as it was. */
const isFree = (): boolean =>
  isHidden() &&
  !document.querySelector('[data-state=running]') &&
  [
    ...document.querySelectorAll<HTMLInputElement>(
      'textarea, input:not([type=radio], [type=checkbox])'
    )
  ].every(({ value }) => value === '')

async function show({ apiBase, gatewayUrl, signIn }: Config): Promise<void> {
  const session = new Session(await openEntra(signIn), Date.now)
  const call = createOfficialCall(gatewayUrl, fresh => session.token(fresh))
  mount(Officials, {
    target: document.body,
    props: { workplace: { session, api: createApi(apiBase), read: createCall(apiBase), call } }
  })
}

async function start(): Promise<void> {
  try {
    await show(await readConfig())
  } catch (error) {
    console.warn(error)
    setTimeout(start, RETRY_MS)
  }
}

light()
start()
keepPages(isFree).catch(error => console.warn(error))
