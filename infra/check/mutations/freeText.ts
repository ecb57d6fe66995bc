/** What is read by people alone: any words will do there. */
const FREE = [
  / @(description|metadata)$/,
  // Becomes the description of an alert.
  /^var \w+\.\[\]\.says$/,
  /^Microsoft\.Graph\/applications: (displayName|.*\.(displayName|description|\w+Consent(DisplayName|Description)))$/,
  /^Microsoft\.Authorization\/roleDefinitions: properties\.(roleName|description)$/,
  /^Microsoft\.DocumentDB\/databaseAccounts\/sqlRoleDefinitions: properties\.roleName$/,
  /^Microsoft\.ApiManagement\/service: properties\.publisherName$/,
  /^Microsoft\.Insights\/\w+: properties\.(description|displayName)$/
]

/** Whether a text, by what it is called in a mutation, is for people alone. */
export const isFreeText = (what: string): boolean => FREE.some(pattern => pattern.test(what))
