import type { SignIn } from '../officials/config.ts'
import type { Authority } from '../officials/session.svelte.ts'

/**
 * Who signs people in to races that ask who one is; `home` is the page's own path, to which a sign-in comes back. Its
 * library is loaded by whoever needs it, and by nobody else.
 */
export async function openAccount(signIn: SignIn, home: string): Promise<Authority> {
  const { openEntra } = await import('../officials/entra.ts')
  return openEntra(signIn, home)
}

/** Whether the page's address is that to which a sign-in has come back. */
export const isBack = (hash: string): boolean => /[#&](?:code|error)=/.test(hash)
