import * as v from 'valibot'
import type { Call } from '../call.ts'

/** The last answers on the phone, and for how long they are of use to anybody, in ms. */
const STORE = 'answers'
const KEPT_MS = 86_400_000
/** How the path of a race's names ends. Only those asked for last are kept: of others nobody would hear that one is gone. */
const NAMES = '/competitors'
/** The header of a kept answer that says when it came, in ms since 1970. */
const CAME = 'x-came'

/** Asks for documents by their tags, and keeps the last answers on the phone for when there is no link. */
export type Answers = {
  /** Asks; `same` when what was last given out is still right. Throws `ApiError` or a `ValiError`. */
  ask<const S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S> | 'same'>
  /** What an earlier visit kept, and when it came. */
  kept<const S extends v.GenericSchema>(
    path: string,
    schema: S
  ): Promise<{ body: v.InferOutput<S>; at: number } | undefined>
}

/** Answers of the API behind `apiBase`. The caller holds what it was given: tags are remembered for that. */
export function createAnswers(apiBase: string, call: Call, now: () => number): Answers {
  const tags = new Map<string, string>()
  // Browsers offer a cache to secure pages alone; without one only the offline view is missing.
  const store = 'caches' in globalThis ? caches.open(STORE).catch(() => undefined) : undefined

  const keep = async (path: string, text: string, tag: string | null): Promise<void> => {
    const kept = await store
    if (!kept) return
    const headers = { [CAME]: String(now()), ...(tag ? { etag: tag } : {}) }
    for (const { url } of path.endsWith(NAMES) ? await kept.keys() : []) {
      if (url.endsWith(NAMES)) await kept.delete(url)
    }
    await kept.put(apiBase + path, new Response(text, { headers }))
  }

  return {
    async ask(path, schema) {
      const held = tags.get(path)
      const answer = await call(path, held ? { headers: { 'If-None-Match': held } } : {})
      if (answer.status === 304) return 'same'
      const text = await answer.text()
      const body = v.parse(schema, JSON.parse(text))
      const tag = answer.headers.get('etag')
      if (tag) tags.set(path, tag)
      // A full phone keeps nothing, and goes on.
      keep(path, text, tag).catch(() => undefined)
      return body
    },
    async kept(path, schema) {
      const answer = await (await store)?.match(apiBase + path)
      const at = Number(answer?.headers.get(CAME))
      if (!answer || now() - at >= KEPT_MS) return undefined
      const parsed = v.safeParse(schema, await answer.json())
      if (!parsed.success) return undefined
      const tag = answer.headers.get('etag')
      if (tag) tags.set(path, tag)
      return { body: parsed.output, at }
    }
  }
}

/** Drops what has been kept too long. */
export async function dropOldAnswers(now: number): Promise<void> {
  if (!('caches' in globalThis)) return
  const store = await caches.open(STORE)
  for (const request of await store.keys()) {
    const came = Number((await store.match(request))?.headers.get(CAME))
    if (now - came >= KEPT_MS) await store.delete(request)
  }
}
