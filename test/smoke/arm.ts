import type { TokenCredential } from '@azure/identity'
import * as v from 'valibot'
import type { Environment } from './environment.ts'

const ARM = 'https://management.azure.com'
const LOGS = 'https://api.loganalytics.io'
const TIMEOUT_MS = 60_000

/** A resource as Resource Manager tells of it; `properties` are read by whoever knows the type. */
export type Resource = {
  id: string
  name: string
  type: string
  identity?: { userAssignedIdentities?: Record<string, { principalId: string }> }
  tags?: Record<string, string>
  properties: Record<string, unknown>
}

/** How a metric is asked for; `filter` such as `StatusCode eq '429'`. */
export type Metric = { name: string; aggregation: 'Total' | 'Count'; filter?: string }

/** What is deployed, as whoever runs this may read it. Every call rejects with what Azure said. */
export type Arm = {
  /** Paths at Resource Manager: `/subscriptions/{id}`, and below it the environment's group. */
  subscription: string
  group: string
  /** All pages of a list, by its path and query. */
  list: (path: string, apiVersion: string) => Promise<Resource[]>
  /** The resources of a type in the environment's group, such as `Microsoft.Web/sites`. */
  ofType: (type: string, apiVersion: string) => Promise<Resource[]>
  /** A metric of a resource, summed up since `since`, ms since 1970. */
  sum: (resource: Resource, metric: Metric, since: number) => Promise<number>
  /** The rows of a query in a Log Analytics workspace, by its customer id. */
  query: (workspace: string, kql: string) => Promise<unknown[][]>
}

const Page = v.object({ value: v.array(v.any()), nextLink: v.optional(v.string()) })
const Point = v.object({ total: v.optional(v.number(), 0), count: v.optional(v.number(), 0) })
const Series = v.object({ data: v.array(Point) })
const Metrics = v.object({ value: v.array(v.object({ timeseries: v.array(Series) })) })
const Tables = v.object({ tables: v.array(v.object({ rows: v.array(v.array(v.unknown())) })) })

/** Reads by the caller's own rights. */
export function openArm(credential: TokenCredential, environment: Environment): Arm {
  const { AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP } = environment
  const subscription = `/subscriptions/${AZURE_SUBSCRIPTION_ID}`
  const group = `${subscription}/resourceGroups/${AZURE_RESOURCE_GROUP}`

  const call = async (audience: string, url: string, init: RequestInit = {}): Promise<unknown> => {
    const token = await credential.getToken(`${audience}/.default`)
    if (!token) throw new Error(`no token for ${audience}: sign in by azd auth login`)
    const answer = await fetch(url, {
      ...init,
      headers: { authorization: `Bearer ${token.token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
    const text = await answer.text()
    if (!answer.ok) {
      throw new Error(`${new URL(url).pathname}: ${answer.status} ${text.slice(0, 300)}`)
    }
    return JSON.parse(text)
  }
  const list = async (path: string, apiVersion: string): Promise<Resource[]> => {
    const found: Resource[] = []
    const joint = path.includes('?') ? '&' : '?'
    let next: string | undefined = `${ARM}${path}${joint}api-version=${apiVersion}`
    while (next) {
      const page: v.InferOutput<typeof Page> = v.parse(Page, await call(ARM, next))
      found.push(...page.value)
      next = page.nextLink
    }
    return found
  }
  return {
    subscription,
    group,
    list,
    ofType: (type, apiVersion) => list(`${group}/providers/${type}`, apiVersion),
    async sum({ id }, { name, aggregation, filter }, since) {
      const query = new URLSearchParams({
        metricnames: name,
        aggregation,
        timespan: `${new Date(since).toISOString()}/${new Date().toISOString()}`,
        'api-version': '2018-01-01',
        ...(filter ? { $filter: filter } : {})
      })
      const answer = await call(ARM, `${ARM}${id}/providers/Microsoft.Insights/metrics?${query}`)
      const { value } = v.parse(Metrics, answer)
      const points = value.flatMap(({ timeseries }) => timeseries.flatMap(({ data }) => data))
      return points.reduce((sum, { total, count }) => sum + total + count, 0)
    },
    async query(workspace, kql) {
      const answer = await call(LOGS, `${LOGS}/v1/workspaces/${workspace}/query`, {
        method: 'POST',
        body: JSON.stringify({ query: kql })
      })
      return v.parse(Tables, answer).tables[0]?.rows ?? []
    }
  }
}
