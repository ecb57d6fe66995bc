// What may reach the front door at all.

param tags object
param token string

// The managed rule sets need Premium, ten times the base price. They look for injections into applications, and there
// is none behind this door: files, and lookups whose few parameters the gateway and the public app check.
resource firewall 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-11-01' = {
  name: 'waf${token}'
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: {
    policySettings: {
      enabledState: 'Enabled'
      mode: 'Prevention'
      // A screen's key is in its page's query string: it is not for logs.
      logScrubbing: {
        state: 'Enabled'
        scrubbingRules: [
          { matchVariable: 'QueryStringArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
        ]
      }
    }
    customRules: {
      rules: [
        {
          // Whoever writes goes to the gateway itself, which knows tokens and rates.
          name: 'ReadingOnly'
          priority: 10
          ruleType: 'MatchRule'
          action: 'Block'
          matchConditions: [
            {
              matchVariable: 'RequestMethod'
              operator: 'Equal'
              negateCondition: true
              matchValue: ['GET', 'HEAD', 'OPTIONS']
            }
          ]
        }
        {
          // A phone asks for the head every 2 s and for one page about as often: 60 requests a minute, 3,000,000 of a
          // venue with 50,000 phones. Venues have tens of addresses; with this even four are enough. The cache answers
          // nearly all, so this only ends what no crowd can be, and a venue gone dark would be the greater harm.
          name: 'Floods'
          priority: 20
          ruleType: 'RateLimitRule'
          action: 'Block'
          rateLimitDurationInMinutes: 1
          rateLimitThreshold: 750000
          groupBy: [{ variableName: 'SocketAddr' }]
          matchConditions: [
            { matchVariable: 'SocketAddr', operator: 'IPMatch', matchValue: ['0.0.0.0/0', '::/0'] }
          ]
        }
      ]
    }
  }
}

output id string = firewall.id
