import type { Deployment, Fault, Resource, Value } from '../model.ts'
import { METRICS } from '../types/monitored.ts'
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

/** What is counted by which values: without them these metrics would count successes too. */
const DIMENSIONS: Record<string, { name: string; values: RegExp }> = {
  Requests: { name: 'GatewayResponseCodeCategory', values: /^[1-5]xx$/ },
  TotalRequests: { name: 'StatusCode', values: /^\d{3}$/ }
}

/** Alerts look at what exists and tell someone; the budget warns in order. How often, the types say. */
export function alerts(deployment: Deployment): Fault[] {
  return [...metricAlerts(deployment), ...queries(deployment), ...budgets(deployment)]
}

function metricAlerts(deployment: Deployment): Fault[] {
  return ofType(deployment, 'Microsoft.Insights/metricAlerts').flatMap(alert => {
    const criteria = itemsOf(at(alert.body, 'properties.criteria.allOf'))
    return [
      ...itemsOf(at(alert.body, 'properties.scopes')).flatMap(scope => {
        const target = deployment.resources.find(({ id }) => id === textOf(scope))
        if (!target) return [faultAt(scope, RULE, `${alert.name} watches what is not deployed`)]
        return criteria.flatMap(criterion => metricFaults(criterion, target.type))
      }),
      ...actions(deployment, alert, 'properties.actions', 'actionGroupId'),
      ...named(alert)
    ]
  })
}

function metricFaults(criterion: Value, type: string): Fault[] {
  const metric = own(criterion, 'metricName')
  const space = own(criterion, 'metricNamespace')
  const known = METRICS[type] ?? []
  const name = textOf(metric) ?? ''
  const faults = dimensionFaults(criterion, name)
  if (!known.includes(name)) {
    const message = `${type} has no metric ${name}: one of ${known.join(', ')}`
    faults.push(faultAt(metric ?? criterion, RULE, message))
  }
  if (space && textOf(space)?.toLowerCase() !== type.toLowerCase())
    faults.push(faultAt(space, RULE, `metricNamespace must be ${type}`))
  return faults
}

function dimensionFaults(criterion: Value, metric: string): Fault[] {
  const wanted = DIMENSIONS[metric]
  const given = own(criterion, 'dimensions')
  const isRight = itemsOf(given).every(
    one =>
      textOf(own(one, 'name')) === wanted?.name &&
      itemsOf(own(one, 'values')).every(value => wanted?.values.test(textOf(value) ?? ''))
  )
  if (isRight && itemsOf(given).length === (wanted ? 1 : 0)) return []
  const message = `${metric} must be counted by ${wanted?.name ?? 'no dimension'}`
  return [faultAt(given ?? criterion, RULE, message)]
}

function queries(deployment: Deployment): Fault[] {
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
    ...actions(deployment, rule, 'properties.actions.actionGroups')
  ])
}

const groupsOf = (deployment: Deployment) =>
  ofType(deployment, 'Microsoft.Insights/actionGroups').map(({ id }) => id)

function actions(deployment: Deployment, alert: Resource, path: string, key?: string): Fault[] {
  const groups = groupsOf(deployment)
  const given = at(alert.body, path)
  const told = itemsOf(given).map(item => textOf(key ? own(item, key) : item) ?? '')
  if (told.length > 0 && told.every(id => groups.includes(id))) return []
  const message = `${alert.name} must tell the action group of this template`
  return [faultAt(given ?? alert, RULE, message)]
}

/** An alert is called by what it says, after the environment. */
function named(alert: Resource): Fault[] {
  return /^.+(-[a-z]+){2,}$/.test(ownName(alert))
    ? []
    : [faultAt(alert, RULE, `${alert.name} must be words in small letters after the environment`)]
}

/** Warnings of a budget come in order, and to the same group as alerts. */
function budgets(deployment: Deployment): Fault[] {
  const groups = groupsOf(deployment)
  return ofType(deployment, 'Microsoft.Consumption/budgets').flatMap(budget => {
    const warnings = propertiesOf(at(budget.body, 'properties.notifications'))
    const notifications = [...warnings.values()].map(({ value }) => value)
    const thresholds = notifications.map(one => Number(plainOf(own(one, 'threshold'))))
    const kept = textOf(deployment.outputs.get('BUDGET_START'))
    const start = at(budget.body, 'properties.timePeriod.startDate')
    const rising = thresholds.every((threshold, index) => threshold > (thresholds[index - 1] ?? 0))
    return [
      ...(rising && thresholds.length > 0
        ? []
        : [faultAt(budget, RULE, 'thresholds of the budget must rise')]),
      // A budget keeps its start: azd gives the next deployment what this one answers.
      ...(start && textOf(start) === kept
        ? []
        : [
            faultAt(
              start ?? budget,
              RULE,
              'the output BUDGET_START must be where the budget starts'
            )
          ]),
      ...notifications
        .filter(one => plainOf(own(one, 'enabled')) !== true)
        .map(one => faultAt(one, RULE, 'a warning of the budget must be enabled')),
      ...notifications
        .flatMap(one => itemsOf(own(one, 'contactGroups')))
        .filter(group => !groups.includes(textOf(group) ?? ''))
        .map(group => faultAt(group, RULE, 'a budget tells the action group of this template'))
    ]
  })
}
