const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;'
}
const escaped = (text: string): string => text.replace(/[&<>"]/g, letter => ESCAPED[letter] ?? '')

/** Of every document here: no script of anybody, and in no frame, so nobody can lay one over the password. */
export const DOCUMENT_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
} as const

/** A document with one sentence, or a form. */
export const documentOf = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 18px/1.4 system-ui, sans-serif }
body { max-width: 22rem; margin: 12vh auto; padding: 0 1rem }
label { display: block; margin-block: 1rem }
input, button { display: block; box-sizing: border-box; width: 100%; min-height: 44px; padding: 0 12px; font: inherit }
</style>
<h1>${escaped(title)}</h1>
${content}
</html>
`

/** A document that says why there is nothing to do here. */
export const refusalDocument = (message: string): string =>
  documentOf('Sign-in refused', `<p role="alert">${escaped(message)}</p>`)

/** Asks for name and password; `refusal` says what was wrong with the last ones. */
export const signInForm = (userName: string, refusal?: string): string =>
  documentOf(
    'Sign in',
    `<p>Stand-in for Entra ID on this machine. The accounts are in endpoints.json.</p>
${refusal === undefined ? '' : `<p role="alert">${escaped(refusal)}</p>`}
<form method="post">
<label>User name <input name="userName" value="${escaped(userName)}" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>`
  )

/** Signs out at once where scripts run, and by a press where they do not. `form` is the provider's own. */
export const signOutForm = (form: string): string =>
  documentOf(
    'Sign out',
    `${form}
<input form="op.logoutForm" type="hidden" name="logout" value="yes">
<button form="op.logoutForm">Sign out</button>
<script>document.forms[0].submit()</script>`
  )
