import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { formOf } from './form.ts'
import { objectIdOf, type Person, personOf } from './people.ts'
import { DOCUMENT_HEADERS, refusalDocument, signInForm } from './signInForm.ts'

/** Serves the form at which people sign in, and takes what they enter. */
export const createSignIn =
  (provider: Provider, people: readonly Person[]) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const say = (status: number, document: string) =>
      response.writeHead(status, DOCUMENT_HEADERS).end(document)
    try {
      const { params } = await provider.interactionDetails(request, response)
      if (request.method !== 'POST') {
        say(200, signInForm(String(params.login_hint ?? '')))
        return
      }
      const form = await formOf(request)
      const [userName = '', password = ''] = [form.get('userName'), form.get('password')].map(
        each => each ?? ''
      )
      const person = personOf(people, userName, password)
      if (!person) {
        say(401, signInForm(userName, 'User name or password is wrong.'))
        return
      }
      const login = { accountId: objectIdOf(person) }
      await provider.interactionFinished(request, response, { login })
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error
      say(400, refusalDocument('This sign-in is over: go back to the page you came from.'))
    }
  }
