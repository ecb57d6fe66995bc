import * as v from 'valibot'

const Text = v.pipe(v.string(), v.minLength(1))

/** How officials sign in: at which authority, as which application, for which scope of the API. */
const SignIn = v.object({
  authority: Text,
  clientId: Text,
  scope: Text,
  /** What discovery would say, for an authority that cannot be asked: the laptop's has no certificate. */
  metadata: v.optional(
    v.object({
      issuer: Text,
      authorization_endpoint: Text,
      token_endpoint: Text,
      end_session_endpoint: Text,
      jwks_uri: Text
    })
  )
})
export type SignIn = v.InferOutput<typeof SignIn>

const Config = v.object({
  /** Base of what everybody may read, perhaps from a cache. */
  apiBase: Text,
  /** Base of what only officials may do: never from a cache. */
  gatewayUrl: Text,
  signIn: SignIn,
  /** How riders do, where they have accounts at another authority. */
  ridersSignIn: v.optional(SignIn)
})
export type Config = v.InferOutput<typeof Config>

/** Reads the `/config.json` of the installation. Throws when it is missing or wrong. */
export async function readConfig(): Promise<Config> {
  const answer = await fetch('/config.json')
  if (!answer.ok) throw new Error(`/config.json answered ${answer.status}`)
  return v.parse(Config, await answer.json())
}
