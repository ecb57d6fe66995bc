import { decodeJwt, type JWTPayload } from 'jose'
import type { Context } from './context.ts'
import { PolicyRefused } from './errors.ts'

export type Expression = (context: Context) => string | number | boolean

/** A claim as C# `Claims.GetValueOrDefault` gives it: text, several joined by commas, empty if absent. */
const claimOf = ({ variables }: Context, name: string, token = 'seat'): string =>
  [(variables.get(token) as JWTPayload | undefined)?.[name] ?? ''].flat().join(',')
/** Whom a token that was verified as far as its expiry is for. */
const audiencesOf = (context: Context): string[] =>
  [decodeJwt(headerOf(context, 'Authorization').split(' ').at(-1) ?? '').aud ?? []].flat()
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
/** What counts an official's calls of each method apart. */
const countedAs = (what: string) => ({
  [`"${what} " + context.Request.Method + " " + ${claim('oid', 'official')}`]: (c: Context) =>
    `${what} ${c.method} ${claimOf(c, 'oid', 'official')}`
})
/** A parameter that does not match `pattern`; an address that lacks it passes as `absent`. C# and JavaScript mean the same by these. */
const parameterIsNot = (pattern: string, absent: string, ...names: string[]) => {
  const known = new RegExp(pattern)
  const sharp = pattern.replaceAll('$', '\\\\z')
  return Object.fromEntries(
    names.map(name => [
      `!Regex.IsMatch(${parameterOr(name, absent)}, "${sharp}")`,
      (c: Context) => !known.test(c.matched[name] ?? absent)
    ])
  )
}
/** A body of another media type, and one of more bytes than `most` or of none that the caller says. */
const bodyIsNot = (mediaType: string, most: number) => ({
  [`${header('Content-Type')}.Split(';')[0].Trim().ToLower() != "${mediaType}"`]: (c: Context) =>
    headerOf(c, 'Content-Type').split(';')[0]?.trim().toLowerCase() !== mediaType,
  [`Convert.ToInt64(${header('Content-Length', String(most + 1))}) > ${most}`]: (c: Context) =>
    Number(c.fields['content-length'] ?? most + 1) > most
})
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
  [`"renewal " + ${claim('race')} + "." + ${claim('bib')}`]: c =>
    `renewal ${claimOf(c, 'race')}.${claimOf(c, 'bib')}`,
  [`"{\\"PartitionKey\\":\\"" + ${claim('race')} + "." + ${claim('lane')} + "\\"}"`]: c =>
    `{"PartitionKey":"${claimOf(c, 'race')}.${claimOf(c, 'lane')}"}`,
  [parameter('deviceId')]: c => c.matched.deviceId ?? '',
  [`"{\\"PartitionKey\\":\\"" + ${parameter('deviceId')} + "\\"}"`]: c =>
    `{"PartitionKey":"${c.matched.deviceId}"}`,
  ...parameterIsNot(
    '^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$',
    'absent',
    'raceId',
    'runId',
    'deviceId',
    'competitorId'
  ),
  ...parameterIsNot('^[1-9][0-9]{0,4}$', '1', 'bib'),
  ...parameterIsNot('^(stop|release|identify)$', 'stop', 'method'),
  ...parameterIsNot('^(open|start|close|abort|confirm)$', 'open', 'step'),
  ...parameterIsNot('^(laps|racers)$', 'laps', 'what'),
  ...countedAs('fleet'),
  ...countedAs('admin'),
  ...countedAs('timekeeper'),
  [`"me " + ${claim('oid', 'official')}`]: c => `me ${claimOf(c, 'oid', 'official')}`,
  'context.Request.IpAddress': c => c.ip,
  [`(${variable('frontDoor')}).Length == 36 && ${header('X-Azure-FDID')} == ${variable('frontDoor')}`]:
    c =>
      String(c.variables.get('frontDoor')).length === 36 &&
      headerOf(c, 'X-Azure-FDID') === c.variables.get('frontDoor'),
  ...variableIs('client'),
  ...variableIs('gatewayToken'),
  [`"seats " + ${variable('client')}`]: c => `seats ${c.variables.get('client')}`,
  [`"codes " + ${variable('client')}`]: c => `codes ${c.variables.get('client')}`,
  ...headerIs('X-Azure-ClientIP'),
  ...headerIs('Authorization'),
  ...bodyIsNot('application/json', 16_384),
  ...bodyIsNot('text/csv', 1_000_000),
  'context.Response.StatusCode == 201': c => c.response?.status === 201,
  'context.Response.StatusCode == 403': c => c.response?.status === 403,
  'context.Variables["retryAfter"].ToString()': c => String(c.variables.get('retryAfter')),
  [`${reason('TokenExpired')} && ${header('Authorization')}.Split(' ').Last().AsJwt()?.Audiences.Contains("grandstand-seat") == true`]:
    c => c.error?.reason === 'TokenExpired' && audiencesOf(c).includes('grandstand-seat'),
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
