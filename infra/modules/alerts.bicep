param location string
param tags object
param environmentName string

@description('Whom alerts and budget write to.')
param email string

@description('In the subscription\'s currency.')
param monthlyBudget int

@description('First of a month, as yyyy-MM-dd.')
param budgetStart string

param workspaceId string
param insightsId string
param eventHubsId string
param cosmosId string
param webPubSubId string

@description('Connections that the units of Web PubSub hold.')
param webPubSubConnections int

param gatewayId string

// A threshold holds for the whole window; `when` are the dimensions' values that are counted.
var metricRules = [
  {
    name: 'event-hubs-throttled'
    says: 'Event Hubs turned readings away: auto-inflate has reached its maximum, raise it.'
    severity: 1
    of: eventHubsId
    metric: 'ThrottledRequests'
    aggregation: 'Total'
    above: 0
    window: 'PT5M'
  }
  {
    name: 'event-hubs-quota'
    says: 'Event Hubs refused for a quota, such as too many connections or readers.'
    severity: 1
    of: eventHubsId
    metric: 'QuotaExceededErrors'
    aggregation: 'Total'
    above: 0
    window: 'PT5M'
  }
  {
    name: 'cosmos-throttled'
    says: 'Cosmos DB answered 429 more often than clients make up for: raise the throughput.'
    severity: 2
    of: cosmosId
    metric: 'TotalRequests'
    aggregation: 'Count'
    above: 100
    window: 'PT5M'
    when: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
  }
  {
    name: 'cosmos-busy'
    says: 'Cosmos DB has been near its throughput for a quarter of an hour: raise it before it refuses.'
    severity: 3
    of: cosmosId
    metric: 'NormalizedRUConsumption'
    aggregation: 'Average'
    above: 80
    window: 'PT15M'
  }
  {
    name: 'web-pubsub-connections'
    says: 'Four fifths of the sockets are taken: add units of Web PubSub.'
    severity: 2
    of: webPubSubId
    metric: 'TotalConnectionCount'
    aggregation: 'Maximum'
    above: webPubSubConnections * 8 / 10
    window: 'PT5M'
  }
  {
    name: 'gateway-failures'
    says: 'API Management answers with 5xx: an app or Event Hubs behind it is away.'
    severity: 1
    of: gatewayId
    metric: 'Requests'
    aggregation: 'Total'
    above: 20
    window: 'PT5M'
    when: [{ name: 'GatewayResponseCodeCategory', operator: 'Include', values: ['5xx'] }]
  }
  {
    name: 'gateway-slow'
    says: 'API Management takes more than a second for an answer on average.'
    severity: 2
    of: gatewayId
    metric: 'Duration'
    aggregation: 'Average'
    above: 1000
    window: 'PT5M'
  }
  {
    name: 'gateway-busy'
    says: 'API Management has used four fifths of its processors for a quarter of an hour: add units.'
    severity: 2
    of: gatewayId
    // Not Capacity, which the v2 tiers do not have.
    metric: 'CpuPercent_Gateway'
    aggregation: 'Average'
    above: 80
    window: 'PT15M'
  }
]

// The gateway writes to the same Application Insights, where what it refuses counts as failed too.
var fromApps = 'where _ResourceId =~ "${insightsId}" and AppRoleName !startswith "${last(split(gatewayId, '/'))}"'
// Each row found counts.
var queryRules = [
  {
    name: 'functions-failed'
    says: 'Functions failed; the platform runs those of hub and feed again, HTTP callers got 5xx.'
    severity: 2
    query: 'AppRequests | ${fromApps} | where Success == false'
    above: 5
  }
  {
    name: 'functions-warned'
    says: 'Apps could not do what they will try again, such as publishing a board, or met what should not be.'
    severity: 2
    query: 'AppTraces | ${fromApps} | where SeverityLevel >= 2 and tostring(Properties.Category) endswith ".User"'
    above: 10
  }
  {
    name: 'archive-failed'
    says: 'Event Hubs could not write to the archive: readings are lost to it once the hub has forgotten them.'
    severity: 1
    query: 'AzureDiagnostics | where Category == "ArchiveLogs" and ResourceId =~ "${eventHubsId}"'
    above: 0
  }
  {
    name: 'logs-capped'
    says: 'The day\'s logs are full: nothing more is written and alerts on logs are blind until tomorrow.'
    severity: 2
    query: 'Operation | where Detail has "OverQuota"'
    above: 0
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'grandstand'
    enabled: true
    emailReceivers: [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in metricRules: {
    name: '${environmentName}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: rule.says
      severity: rule.severity
      enabled: true
      scopes: [rule.of]
      evaluationFrequency: 'PT1M'
      windowSize: rule.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: rule.metric
            criterionType: 'StaticThresholdCriterion'
            metricName: rule.metric
            dimensions: rule.?when ?? []
            timeAggregation: rule.aggregation
            operator: 'GreaterThan'
            threshold: rule.above
          }
        ]
      }
      actions: [{ actionGroupId: group.id }]
    }
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in queryRules: {
    name: '${environmentName}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${environmentName}-${rule.name}'
      description: rule.says
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: rule.above
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      // A table that nothing was written to yet is no mistake.
      skipQueryValidation: true
      autoMitigate: true
      actions: { actionGroups: [group.id] }
    }
  }
]

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'budget-${environmentName}'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: budgetStart }
    notifications: toObject([50, 80, 100], percent => 'at${percent}', percent => {
      enabled: true
      operator: 'GreaterThanOrEqualTo'
      threshold: percent
      thresholdType: 'Actual'
      contactEmails: [email]
    })
  }
}
