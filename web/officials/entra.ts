import {
  InteractionRequiredAuthError,
  ProtocolMode,
  PublicClientApplication
} from '@azure/msal-browser'
import type { SignIn } from './config.ts'
import { type Authority, SignInNeeded } from './session.svelte.ts'

/** Where sign-ins of officials come back to, and where renewals in a hidden frame do: both are registered with Entra ID. */
const HOME = '/officials/'
const RENEWED = '/redirect/'

/**
 * Entra ID by its own library: redirects, PKCE, tokens in the tab's storage. Finishes a sign-in that comes back here, which
 * is at the path `to`.
 */
export async function openEntra(
  { authority, clientId, scope, metadata }: SignIn,
  to = HOME
): Promise<Authority> {
  const home = new URL(to, location.href).href
  const app = new PublicClientApplication({
    auth: {
      clientId,
      authority,
      redirectUri: home,
      postLogoutRedirectUri: home,
      ...(metadata
        ? {
            knownAuthorities: [new URL(authority).host],
            authorityMetadata: JSON.stringify(metadata)
          }
        : {})
    },
    cache: { cacheLocation: 'sessionStorage' },
    system: { protocolMode: metadata ? ProtocolMode.OIDC : ProtocolMode.AAD }
  })
  await app.initialize()
  const scopes = [scope]
  let refusal: string | undefined
  try {
    const back = await app.handleRedirectPromise()
    if (back) app.setActiveAccount(back.account)
  } catch (error) {
    // Cancelled, or not let in: that is for the person to read.
    refusal = error instanceof Error ? error.message : String(error)
  }
  const account = () => app.getActiveAccount() ?? app.getAllAccounts()[0] ?? null

  return {
    refusal,
    person() {
      const signedIn = account()
      return signedIn
        ? { name: signedIn.name ?? signedIn.username, userName: signedIn.username }
        : undefined
    },
    async token(fresh) {
      const signedIn = account()
      if (!signedIn) throw new SignInNeeded()
      try {
        const { accessToken, expiresOn } = await app.acquireTokenSilent({
          scopes,
          account: signedIn,
          forceRefresh: fresh,
          redirectUri: new URL(RENEWED, location.href).href
        })
        return { text: accessToken, expiresAt: expiresOn?.getTime() ?? 0 }
      } catch (error) {
        if (error instanceof InteractionRequiredAuthError) throw new SignInNeeded()
        throw error
      }
    },
    signIn: () => {
      const userName = account()?.username
      return app.loginRedirect({ scopes, ...(userName ? { loginHint: userName } : {}) })
    },
    signOut: () => {
      const signedIn = account()
      return app.logoutRedirect({
        account: signedIn,
        ...(signedIn?.idToken ? { idTokenHint: signedIn.idToken } : {})
      })
    }
  }
}
