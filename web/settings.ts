import * as v from 'valibot'
import { RaceId } from '#contract/ids'
import { Format } from '#contract/race'

/** Fewest and most rows of a venue screen. */
const ROWS_MIN = 3
const ROWS_MAX = 20

const Config = v.object({ apiBase: v.pipe(v.string(), v.minLength(1)) })

/** Everything that a page can be told from outside. */
export type Settings = {
  /** Base of the API's routes, without a final slash. */
  apiBase: string
  /** The race to show; absent, the page follows the current one. */
  race: string | undefined
  /** Only races of this format are followed; absent, all are. */
  format: Format['kind'] | undefined
  /** Rows of one page; absent, the format's own number. */
  rows: number | undefined
  lang: string
  /** The screen link: opens the socket. Without it the page polls. */
  key: string | undefined
  /** Multiplies the safe area of 5 %; 0 for monitors that show every pixel. */
  overscan: number
  theme: string | undefined
  /** Title of the event, before the race's name. */
  event: string
  sponsor: string
  /** Address for phones, drawn as a QR code. */
  url: string
}

const number = (text: string | null, min: number, max: number): number | undefined => {
  if (text === null || text.trim() === '' || !Number.isFinite(Number(text))) return undefined
  return Math.min(max, Math.max(min, Number(text)))
}

const kinds: readonly string[] = Format.options.map(format => format.entries.kind.literal)
const isKind = (text: string | null): text is Format['kind'] =>
  text !== null && kinds.includes(text)

/** Reads the page's address: what is missing or wrong falls back to its default, so a typing error never blanks a screen. */
export function settingsOf(search: string, apiBase: string, browserLang: string): Settings {
  const query = new URLSearchParams(search)
  const race = query.get('race')
  const follow = query.get('follow')
  const format = isKind(follow) ? follow : undefined
  const rows = number(query.get('rows'), ROWS_MIN, ROWS_MAX)
  return {
    apiBase: apiBase.replace(/\/$/, ''),
    race: follow === 'current' || format || !v.is(RaceId, race) ? undefined : race,
    format,
    rows: rows === undefined ? undefined : Math.round(rows),
    lang: query.get('lang') ?? browserLang,
    key: query.get('key') || undefined,
    overscan: number(query.get('overscan'), 0, 3) ?? 1,
    theme: query.get('theme') ?? undefined,
    event: query.get('event') ?? '',
    sponsor: query.get('sponsor') ?? '',
    url: query.get('url') ?? ''
  }
}

/** Reads the page's address and the `/config.json` of the installation. Throws when that is missing or wrong. */
export async function readSettings(): Promise<Settings> {
  const answer = await fetch('/config.json')
  if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`)
  const { apiBase } = v.parse(Config, await answer.json())
  return settingsOf(location.search, apiBase, navigator.language)
}
