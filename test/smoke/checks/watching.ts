import assert from 'node:assert/strict'
import type { Metric } from '../arm.ts'
import type { Check } from '../check.ts'
import { eventually } from '../eventually.ts'
import { ride } from '../ride.ts'
import { deployed, onLaptop } from '../target.ts'
import type { Venue } from '../venue.ts'

/** Logs, metrics and the archive come minutes after what they tell of, ms. */
const ARRIVES_MS = 900_000
const PATIENCE = { withinMs: ARRIVES_MS, everyMs: 15_000 }
const limitMs = ARRIVES_MS + 60_000

const CAPTURED: Metric = { name: 'CapturedMessages', aggregation: 'Total' }
const HUB_THROTTLED: Metric = { name: 'ThrottledRequests', aggregation: 'Total' }
const REQUEST_UNITS: Metric = { name: 'TotalRequestUnits', aggregation: 'Total' }
const DATABASE_THROTTLED: Metric = {
  name: 'TotalRequests',
  aggregation: 'Count',
  filter: "StatusCode eq '429'"
}

const inapplicable = ({ target }: Venue) => onLaptop(target, 'nothing watches the laptop')

/** What tells operators of trouble, and of none in this run. */
export const WATCHING: Check[] = [
  {
    name: 'alerts are set',
    proves: 'every alert is enabled and tells somebody',
    inapplicable,
    async run({ target }) {
      const { arm } = deployed(target)
      const [onMetrics, onLogs, groups] = await Promise.all([
        arm.ofType('Microsoft.Insights/metricAlerts', '2018-03-01'),
        arm.ofType('Microsoft.Insights/scheduledQueryRules', '2023-12-01'),
        arm.ofType('Microsoft.Insights/actionGroups', '2023-01-01')
      ])
      const alerts = [...onMetrics, ...onLogs]
      assert.ok(onMetrics.length > 0 && onLogs.length > 0, `there are ${alerts.length} alerts`)
      const off = alerts.filter(({ properties }) => properties.enabled !== true)
      assert.deepEqual(off, [], `off: ${off.map(({ name }) => name).join(', ')}`)
      const mute = alerts.filter(({ properties }) => {
        const said = JSON.stringify(properties.actions ?? []).toLowerCase()
        return !groups.some(({ id }) => said.includes(id.toLowerCase()))
      })
      assert.deepEqual(mute, [], `tell nobody: ${mute.map(({ name }) => name).join(', ')}`)
      return `${alerts.length} alerts`
    }
  },
  {
    name: 'logs tell of this run',
    proves: 'the apps send their telemetry by identity and it can be asked for',
    limitMs,
    inapplicable,
    async run({ target, run }) {
      const { arm } = deployed(target)
      const workspaces = await arm.ofType('Microsoft.OperationalInsights/workspaces', '2025-07-01')
      const customerId = String(workspaces[0]?.properties.customerId)
      const kql = `AppRequests | where TimeGenerated > ago(2h) | where Url contains "${run}" | summarize count() by AppRoleName`
      const look = async () => {
        const rows = await arm.query(customerId, kql)
        return rows.length ? rows : undefined
      }
      const rows = await eventually(`requests of ${run} in the logs`, look, PATIENCE)
      return rows.map(row => row.join(' ')).join(', ')
    }
  },
  {
    name: 'readings are archived',
    proves: 'Capture writes to the archive by its identity',
    limitMs,
    inapplicable,
    async run(venue) {
      const { arm } = deployed(venue.target)
      const { startsAt } = await ride(venue)
      const [namespace] = await arm.ofType('Microsoft.EventHub/namespaces', '2024-01-01')
      assert.ok(namespace, 'the group has no Event Hubs')
      const captured = await eventually(
        'captured messages in the metrics',
        async () => (await arm.sum(namespace, CAPTURED, startsAt)) || undefined,
        PATIENCE
      )
      return `${captured} messages`
    }
  },
  {
    name: 'nothing was throttled',
    proves: 'throughput units and request units sufficed for this run',
    limitMs,
    inapplicable,
    async run(venue) {
      const { arm } = deployed(venue.target)
      const { startsAt } = await ride(venue)
      const [namespace] = await arm.ofType('Microsoft.EventHub/namespaces', '2024-01-01')
      const [account] = await arm.ofType('Microsoft.DocumentDB/databaseAccounts', '2025-10-15')
      assert.ok(namespace && account, 'the group has no Event Hubs or no Cosmos DB')
      const units = await eventually(
        'request units in the metrics',
        async () => (await arm.sum(account, REQUEST_UNITS, startsAt)) || undefined,
        PATIENCE
      )
      const hub = await arm.sum(namespace, HUB_THROTTLED, startsAt)
      const database = await arm.sum(account, DATABASE_THROTTLED, startsAt)
      assert.equal(hub + database, 0, `throttled: Event Hubs ${hub}, Cosmos DB ${database}`)
      return `${Math.round(units)} request units`
    }
  }
]
