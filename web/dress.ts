import type { Settings } from './settings.ts'
import type { Words } from './words.ts'

/** Language, direction, theme and safe area of the whole page. */
export function dress(settings: Settings, words: Words): void {
  const root = document.documentElement
  root.lang = words.lang
  root.dir = words.dir
  if (settings.theme === 'day' || settings.theme === 'night') root.dataset.theme = settings.theme
  document.body.style.setProperty('--overscan', String(settings.overscan))
}
