/** Columns that queries may ask for, by the tables that a workspace of this template has. */
const COLUMNS: Record<string, string[]> = {
  AppRequests: ['Success', 'Name', 'ResultCode', 'DurationMs', 'AppRoleName', '_ResourceId'],
  AppTraces: ['Message', 'SeverityLevel', 'Properties', 'Category', 'AppRoleName', '_ResourceId'],
  AppExceptions: ['ProblemId', 'ExceptionType', 'AppRoleName', '_ResourceId'],
  AppDependencies: ['Success', 'Name', 'Target', 'AppRoleName', '_ResourceId'],
  AzureDiagnostics: ['Category', 'ResourceId', 'OperationName', '_ResourceId'],
  Operation: ['Detail', 'OperationStatus', 'OperationCategory', '_ResourceId']
}

/** Words of the language that queries here may use. */
const WORDS = new Set(
  (
    'where and or not true false has contains startswith endswith in between summarize count by project extend ' +
    'tostring toint todouble bin ago now sum avg max min dcount TimeGenerated'
  ).split(' ')
)
const VERBS = ['where', 'summarize', 'project', 'extend', 'count']

/** Comparisons with texts that Grandstand's queries make: the words behind them must be Azure's own. */
const TEXTS: Record<string, string[]> = {
  Category: ['ArchiveLogs', '.User'],
  Detail: ['OverQuota']
}

/** What is wrong with a query, as the end of a sentence; undefined where nothing is. */
export function wrongInQuery(query: string): string | undefined {
  const [table = '', ...stages] = query.split('|').map(stage => stage.trim())
  const columns = COLUMNS[table]
  if (!columns) return `must begin with a table such as AppTraces, not ${table}`
  for (const stage of stages) {
    const [verb = ''] = /^\w+/.exec(stage) ?? []
    if (!VERBS.includes(verb)) return `must not do \`${stage}\``
    const words = stage.replace(/"[^"]*"|«[^»]*»/g, '').match(/[A-Za-z_]\w*/g) ?? []
    const unknown = words.find(word => !WORDS.has(word) && !columns.includes(word))
    if (unknown) return `asks for ${unknown}, which ${table} does not have`
    for (const [column, texts] of Object.entries(TEXTS)) {
      const compared = new RegExp(`\\b${column}\\)? *(?:\\w+|==|=~) *"([^"]*)"`).exec(stage)
      if (compared && !texts.includes(compared[1] ?? '')) return `knows no ${column} ${compared[1]}`
    }
  }
  return undefined
}
