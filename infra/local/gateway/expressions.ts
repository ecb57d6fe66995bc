import type { JWTPayload } from 'jose'
import type { Context } from './context.ts'
import { PolicyRefused } from './errors.ts'

export type Expression = (context: Context) => string | number | boolean

/** A claim as C# `Claims.GetValueOrDefault` gives it: text, several joined by commas, empty if absent. */
const claimOf = ({ variables }: Context, name: string, token = 'seat'): string =>
  [(variables.get(token) as JWTPayload | undefined)?.[name] ?? ''].flat().join(',')
const headerOf = ({ fields }: Context, name: string): string =>
  String(fields[name.toLowerCase()] ?? '')

const claim = (name: string, token = 'seat') =>
  `((Jwt)context.Variables["${token}"]).Claims.GetValueOrDefault("${name}", "")`
const header = (name: string, absent = '') =>
  `context.Request.Headers.GetValueOrDefault("${name}", "${absent}")`
const variable = (name: string) => `(string)context.Variables["${name}"]`
const parameter = (name: string) => `context.Request.MatchedParameters["${name}"]`
const parameterOr = (name: string, absent: string) =>
  `context.Request.MatchedParameters.GetValueOrDefault("${name}", "${absent}")`
const reason = (name: string) => `context.LastError.Reason == "${name}"`
const source = (name: string) => `context.LastError.Source == "${name}"`
const sourceIs = (name: string) => ({ [source(name)]: (c: Context) => c.error?.source === name })
const headerIs = (name: string) => ({ [header(name)]: (c: Context) => headerOf(c, name) })
const variableIs = (name: string) => ({
  [variable(name)]: (c: Context) => String(c.variables.get(name))
})
const official = (role: string) => ({
  [`"${role} " + ${claim('oid', 'official')}`]: (c: Context) =>
    `${role} ${claimOf(c, 'oid', 'official')}`
})
/** An identifier as the contract has it, in C#, and whether a text is one. */
const SLUG = '^(?=.{1,64}\\\\z)[a-z0-9]+(-[a-z0-9]+)*\\\\z'
const isSlug = (text: string) => /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
const claimIs = (name: string) => ({ [claim(name)]: (c: Context) => claimOf(c, name) })

/** Every C# expression of the policy files, letter by letter, and what it means. */
const EXPRESSIONS: Record<string, Expression> = {
  ...claimIs('race'),
  ...claimIs('bib'),
  ...claimIs('competitor'),
  ...claimIs('lane'),
  ...claimIs('session'),
  [`${claim('race')} != ${parameter('raceId')}`]: c => claimOf(c, 'race') !== c.matched.raceId,
  [`${claim('bib')} != ${parameter('bib')}`]: c => claimOf(c, 'bib') !== c.matched.bib,
  [`${claim('race')} + "." + ${claim('bib')}`]: c => `${claimOf(c, 'race')}.${claimOf(c, 'bib')}`,
  [`"{\\"PartitionKey\\":\\"" + ${claim('race')} + "." + ${claim('lane')} + "\\"}"`]: c =>
    `{"PartitionKey":"${claimOf(c, 'race')}.${claimOf(c, 'lane')}"}`,
  [parameter('deviceId')]: c => c.matched.deviceId ?? '',
  [`!Regex.IsMatch(${parameter('deviceId')}, "${SLUG}")`]: c => !isSlug(c.matched.deviceId ?? ''),
  [`"{\\"PartitionKey\\":\\"" + ${parameter('deviceId')} + "\\"}"`]: c =>
    `{"PartitionKey":"${c.matched.deviceId}"}`,
  [`!Regex.IsMatch(${parameterOr('deviceId', 'absent')}, "${SLUG}")`]: c =>
    !isSlug(c.matched.deviceId ?? 'absent'),
  [`!Regex.IsMatch(${parameterOr('method', 'stop')}, "^(stop|release|identify)\\\\z")`]: c =>
    !/^(stop|release|identify)$/.test(c.matched.method ?? 'stop'),
  [`"fleet " + context.Request.Method + " " + ${claim('oid', 'official')}`]: c =>
    `fleet ${c.method} ${claimOf(c, 'oid', 'official')}`,
  ...official('admin'),
  ...official('timekeeper'),
  'context.Request.IpAddress': c => c.ip,
  [`(${variable('frontDoor')}).Length == 36 && ${header('X-Azure-FDID')} == ${variable('frontDoor')}`]:
    c =>
      String(c.variables.get('frontDoor')).length === 36 &&
      headerOf(c, 'X-Azure-FDID') === c.variables.get('frontDoor'),
  ...variableIs('client'),
  ...variableIs('gatewayToken'),
  [`"seats " + ${variable('client')}`]: c => `seats ${c.variables.get('client')}`,
  ...headerIs('X-Azure-ClientIP'),
  ...headerIs('Authorization'),
  [`${header('Content-Type')}.Split(';')[0].Trim().ToLower() != "application/json"`]: c =>
    !/^\s*application\/json\s*(;|$)/i.test(headerOf(c, 'Content-Type')),
  [`Convert.ToInt64(${header('Content-Length', '16385')}) > 16384`]: c =>
    Number(c.fields['content-length'] ?? 16_385) > 16_384,
  'context.Response.StatusCode == 201': c => c.response?.status === 201,
  'context.Variables["retryAfter"].ToString()': c => String(c.variables.get('retryAfter')),
  ...sourceIs('validate-jwt'),
  ...sourceIs('rate-limit-by-key'),
  ...sourceIs('validate-content'),
  ...sourceIs('forward-request'),
  [reason('OperationNotFound')]: c => c.error?.reason === 'OperationNotFound',
  [reason('Timeout')]: c => c.error?.reason === 'Timeout',
  [`${reason('TokenClaimNotFound')} || ${reason('TokenClaimValueNotAllowed')}`]: c =>
    /^TokenClaim(NotFound|ValueNotAllowed)$/.test(c.error?.reason ?? ''),
  'new JObject(new JProperty("type", "https://grandstand.example/problems/bad-body"), new JProperty("title", "The body is not valid"), new JProperty("status", 400), new JProperty("detail", context.LastError.Message)).ToString()':
    c =>
      JSON.stringify({
        type: 'https://grandstand.example/problems/bad-body',
        title: 'The body is not valid',
        status: 400,
        detail: c.error?.message
      })
}

/** What an attribute or a text gives for a request: itself, or an expression's value. */
export function compileValue(text: string, where: string): Expression {
  if (!text.startsWith('@')) return () => text
  const meaning = /^@\(.*\)$/.test(text) && EXPRESSIONS[text.slice(2, -1)]
  if (!meaning) throw new PolicyRefused(where, `the expression ${text} is not known here`)
  return meaning
}
