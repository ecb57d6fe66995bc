import type { Mutation } from './mutation.ts'

/** Mutations that nobody can notice before the deployment: by kind, a pattern of what is changed, and why. */
type Explanation = { kind: Mutation['kind']; what: RegExp; why: string }

export const EXPLANATIONS: Explanation[] = [
  {
    kind: 'wrong text',
    what: /^Microsoft\.(Cdn\/profiles\/.+|Insights\/diagnosticSettings|ApiManagement\/service\/(apis|loggers)): name$/,
    why: 'a name that nothing outside the template refers to: any other does as well'
  },
  {
    kind: 'wrong text',
    what: /^(var (metricRules|queryRules|pageRules|lookupRules)\.\[\]\.name|module (pages|lookups): (name|params\.name)|module functionApps: name)$/,
    why: 'a name for people, by which nothing is found: any other does as well'
  },
  {
    kind: 'wrong text',
    what: /^Microsoft\.(Insights\/actionGroups: properties\.(groupShortName|emailReceivers\.\[\]\.name)|Storage\/storageAccounts\/managementPolicies: .*\.name|Network\/FrontDoor\w+: .*\.rules\.\[\]\.name)$/,
    why: 'a label that operators read: any other does as well'
  },
  {
    kind: 'wrong text',
    what: /^Microsoft\.Consumption\/budgets: properties\.notifications$/,
    why: 'the key under which a warning is kept; Azure asks only that keys differ'
  },
  {
    kind: 'wrong text',
    what: /^module (storage: params\.container|archive: params\.name)$/,
    why: 'a name given once, from which everything that uses it is made'
  },
  {
    kind: 'wrong text',
    what: /^Microsoft\.Web\/staticSites\/customDomains: name$/,
    why: 'stands in for the name where the resource is not deployed; a deployed one must be called by the domain'
  },
  {
    kind: 'wrong text',
    what: /^var sizes\.dev\.pages$/,
    why: 'the only comparison is with frontDoor: every other word means Static Web Apps'
  },
  {
    kind: 'retype',
    what: /^var sizes\.dev\.pages$/,
    why: 'the only comparison is with frontDoor: every other value means Static Web Apps'
  },
  {
    kind: 'wrong text',
    what: /^var regions\.\[\]$/,
    why: 'a region that no case deploys to; the one that is must be among those that allowed.ts knows'
  },
  {
    kind: 'retype',
    what: /^var regions\.\[\]$/,
    why: 'a region that no case deploys to is as good as missing; a list may mix types'
  },
  {
    kind: 'retype',
    what: /^output websiteHost type$/,
    why: 'a part of an address that only the deployment knows has no type before'
  }
]

/** Why this mutation cannot be noticed; undefined where nobody has said. */
export const explanationOf = ({ kind, what }: Mutation): Explanation | undefined =>
  EXPLANATIONS.find(one => one.kind === kind && one.what.test(what))
