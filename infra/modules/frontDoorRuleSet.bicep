// One rule set of Front Door, written down as a table.

@description('The Front Door.')
param profileName string

param name string

@description('Applied in order: { name, headers, path? (what it begins with), outside? (all but path), cache? }.')
param rules array

resource profile 'Microsoft.Cdn/profiles@2025-12-01' existing = {
  name: profileName
}

resource ruleSet 'Microsoft.Cdn/profiles/ruleSets@2025-12-01' = {
  parent: profile
  name: name
}

resource ruleResources 'Microsoft.Cdn/profiles/ruleSets/rules@2025-12-01' = [
  for (rule, i) in rules: {
    parent: ruleSet
    name: rule.name
    properties: {
      order: i
      matchProcessingBehavior: 'Continue'
      conditions: contains(rule, 'path')
        ? [
            {
              name: 'UrlPath'
              parameters: {
                typeName: 'DeliveryRuleUrlPathMatchConditionParameters'
                operator: 'BeginsWith'
                negateCondition: rule.?outside ?? false
                matchValues: [rule.path]
              }
            }
          ]
        : []
      actions: concat(
        map(items(rule.headers), header => {
          name: 'ModifyResponseHeader'
          parameters: {
            typeName: 'DeliveryRuleHeaderActionParameters'
            headerAction: 'Overwrite'
            headerName: header.key
            value: header.value
          }
        }),
        contains(rule, 'cache')
          ? [
              {
                name: 'RouteConfigurationOverride'
                parameters: {
                  typeName: 'DeliveryRuleRouteConfigurationOverrideActionParameters'
                  cacheConfiguration: rule.cache
                }
              }
            ]
          : []
      )
    }
  }
]

output id string = ruleSet.id
