import { SCREEN_AUDIENCE, type ScreenLink } from '#contract'

/** Life of a screen's link, in ms: an event and its set-up. */
const LINK_LIFE_MS = 30 * 86_400_000

/** What making links needs. */
export type ScreenPorts = {
  /** A signed token; `expiresAt` in ms since 1970. */
  sign(token: {
    claims: Record<string, never>
    subject: string
    audience: string
    expiresAt: number
  }): Promise<string>
  now(): number
}

/** Makes the links by which venue screens open sockets. Nothing is stored: a link ends by its time alone. */
export function createScreens({ sign, now }: ScreenPorts) {
  return {
    async link(name: string): Promise<ScreenLink> {
      const expiresAt = now() + LINK_LIFE_MS
      const token = await sign({ claims: {}, subject: name, audience: SCREEN_AUDIENCE, expiresAt })
      return { token, expiresAt }
    }
  }
}
