import type { Deployment, Fault, Resource, Value } from '../model.ts'
import { wrongInQuery } from './kql.ts'
import {
  at,
  faultAt,
  itemsOf,
  ofType,
  own,
  ownName,
  plainOf,
  propertiesOf,
  textOf
} from './read.ts'

const RULE = 'alerts'

/** Metrics that alerts may name, by the service that has them. */
const METRICS: Record<string, string[]> = {
  'Microsoft.EventHub/namespaces': [
    'IncomingMessages',
    'OutgoingMessages',
    'IncomingRequests',
    'SuccessfulRequests',
    'ServerErrors',
    'UserErrors',
    'QuotaExceededErrors',
    'ThrottledRequests',
    'CapturedMessages',
    'CapturedBytes',
    'CaptureBacklog',
    'IncomingBytes',
    'OutgoingBytes',
    'ActiveConnections',
    'ReplicationLagCount'
  ],
  'Microsoft.DocumentDB/databaseAccounts': [
    'TotalRequests',
    'TotalRequestUnits',
    'NormalizedRUConsumption',
    'ServiceAvailability',
    'ServerSideLatencyDirect',
    'ServerSideLatencyGateway'
  ],
  'Microsoft.SignalRService/webPubSub': [
    'ConnectionCount',
    'ConnectionQuotaUtilization',
    'TotalConnectionCount',
    'ServerLoad',
    'InboundTraffic',
    'OutboundTraffic',
    'ConnectionOpenCount',
    'ConnectionCloseCount'
  ],
  'Microsoft.ApiManagement/service': [
    'Requests',
    'Duration',
    'BackendDuration',
    'Capacity',
    'CpuPercent_Gateway',
    'MemoryPercent_Gateway',
    'NetworkConnectivity'
  ],
  'Microsoft.Devices/IotHubs': [
    'd2c.telemetry.ingress.sendThrottle',
    'd2c.endpoints.latency.eventHubs'
  ],
  'Microsoft.Insights/components': ['requests/failed', 'exceptions/count', 'dependencies/failed']
}

/** What is counted by which values: without them these metrics would count successes too. */
const DIMENSIONS: Record<string, { name: string; values: RegExp }> = {
  Requests: { name: 'GatewayResponseCodeCategory', values: /^[1-5]xx$/ },
  TotalRequests: { name: 'StatusCode', values: /^\d{3}$/ }
}

/** Durations that Azure Monitor takes, by how often it looks. */
const DURATION = /^P(T(1|5|10|15|30|45)M|T(1|2|3|4|5|6|12|24)H|1D|2D)$/

/** Alerts look at what exists, look often enough and tell someone; the budget warns in order. */
export function alerts(deployment: Deployment): Fault[] {
  return [...metricAlerts(deployment), ...queries(deployment), ...budgets(deployment)]
}

function metricAlerts(deployment: Deployment): Fault[] {
  const groups = ofType(deployment, 'Microsoft.Insights/actionGroups')
  return ofType(deployment, 'Microsoft.Insights/metricAlerts').flatMap(alert => {
    const scopes = itemsOf(at(alert.body, 'properties.scopes'))
    const targets = scopes.map(scope => deployment.resources.find(({ id }) => id === textOf(scope)))
    const criteria = itemsOf(at(alert.body, 'properties.criteria.allOf'))
    return [
      ...targets.flatMap((target, index) =>
        target
          ? []
          : [faultAt(scopes[index] ?? alert, RULE, `${alert.name} watches what is not deployed`)]
      ),
      ...targets.flatMap(target =>
        criteria.flatMap(criterion => metricFaults(criterion, target?.type))
      ),
      ...actions(
        alert,
        groups.map(({ id }) => id),
        'properties.actions',
        'actionGroupId'
      ),
      ...named(alert),
      ...durations(alert)
    ]
  })
}

function metricFaults(criterion: Value, type = ''): Fault[] {
  const metric = own(criterion, 'metricName')
  const space = own(criterion, 'metricNamespace')
  const known = METRICS[type] ?? []
  return [
    ...dimensionFaults(criterion, textOf(metric) ?? ''),
    ...(known.includes(textOf(metric) ?? '')
      ? []
      : [
          faultAt(
            metric ?? criterion,
            RULE,
            `${type} has no metric ${textOf(metric)}: one of ${known.join(', ')}`
          )
        ]),
    ...(!space || textOf(space)?.toLowerCase() === type.toLowerCase()
      ? []
      : [faultAt(space, RULE, `metricNamespace must be ${type}`)])
  ]
}

function dimensionFaults(criterion: Value, metric: string): Fault[] {
  const wanted = DIMENSIONS[metric]
  const given = own(criterion, 'dimensions')
  const isRight = itemsOf(given).every(
    one =>
      textOf(own(one, 'name')) === wanted?.name &&
      itemsOf(own(one, 'values')).every(value => wanted?.values.test(textOf(value) ?? ''))
  )
  return isRight && itemsOf(given).length === (wanted ? 1 : 0)
    ? []
    : [
        faultAt(
          given ?? criterion,
          RULE,
          `${metric} must be counted by ${wanted?.name ?? 'no dimension'}`
        )
      ]
}

function queries(deployment: Deployment): Fault[] {
  const groups = ofType(deployment, 'Microsoft.Insights/actionGroups').map(({ id }) => id)
  const scopeTypes = ['Microsoft.OperationalInsights/workspaces', 'Microsoft.Insights/components']
  const places = scopeTypes.flatMap(type => ofType(deployment, type)).map(({ id }) => id)
  return ofType(deployment, 'Microsoft.Insights/scheduledQueryRules').flatMap(rule => [
    ...itemsOf(at(rule.body, 'properties.scopes'))
      .filter(scope => !places.includes(textOf(scope) ?? ''))
      .map(scope => faultAt(scope, RULE, `${rule.name} must ask the workspace of this template`)),
    ...itemsOf(at(rule.body, 'properties.criteria.allOf')).flatMap(criterion => {
      const query = own(criterion, 'query')
      const wrong = wrongInQuery(textOf(query) ?? '')
      return wrong ? [faultAt(query ?? criterion, RULE, `${rule.name}: the query ${wrong}`)] : []
    }),
    ...named(rule),
    ...actions(rule, groups, 'properties.actions.actionGroups'),
    ...durations(rule)
  ])
}

function actions(alert: Resource, groups: string[], path: string, key?: string): Fault[] {
  const given = itemsOf(at(alert.body, path))
  const told = given.map(item => textOf(key ? own(item, key) : item) ?? '')
  return told.length > 0 && told.every(id => groups.includes(id))
    ? []
    : [
        faultAt(
          at(alert.body, path) ?? alert,
          RULE,
          `${alert.name} must tell the action group of this template`
        )
      ]
}

function durations(alert: Resource): Fault[] {
  return ['evaluationFrequency', 'windowSize'].flatMap(key => {
    const value = at(alert.body, `properties.${key}`)
    return value && !DURATION.test(textOf(value) ?? '')
      ? [faultAt(value, RULE, `${key} must be a duration of Azure Monitor such as PT5M`)]
      : []
  })
}

/** An alert is called by what it says, after the environment. */
function named(alert: Resource): Fault[] {
  return /^.+(-[a-z]+){2,}$/.test(ownName(alert))
    ? []
    : [faultAt(alert, RULE, `${alert.name} must be words in small letters after the environment`)]
}

/** Warnings of a budget come in order, and to the same group as alerts. */
function budgets(deployment: Deployment): Fault[] {
  const groups = ofType(deployment, 'Microsoft.Insights/actionGroups').map(({ id }) => id)
  return ofType(deployment, 'Microsoft.Consumption/budgets').flatMap(budget => {
    const notifications = [...propertiesOf(at(budget.body, 'properties.notifications')).values()]
    const thresholds = notifications.map(({ value }) => Number(plainOf(own(value, 'threshold'))))
    const rising = thresholds.every((threshold, index) => threshold > (thresholds[index - 1] ?? 0))
    const day = at(budget.body, 'properties.timePeriod.startDate')
    return [
      ...(rising && thresholds.length > 0
        ? []
        : [faultAt(budget, RULE, 'thresholds of the budget must rise')]),
      ...(/^\d{4}-\d\d-01/.test(textOf(day) ?? '')
        ? []
        : [faultAt(day ?? budget, RULE, 'a budget begins on the first of a month')]),
      ...notifications.flatMap(({ value }) => [
        ...(plainOf(own(value, 'enabled')) === true
          ? []
          : [faultAt(value, RULE, 'a warning of the budget must be enabled')]),
        ...itemsOf(own(value, 'contactGroups'))
          .filter(group => !groups.includes(textOf(group) ?? ''))
          .map(group => faultAt(group, RULE, 'a budget tells the action group of this template'))
      ])
    ]
  })
}
