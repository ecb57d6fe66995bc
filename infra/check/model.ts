/** A place in a Bicep file; lines and columns count from 1. */
export type Place = { file: string; line: number; column: number }

/** Something wrong, as one sentence that says what to write instead where that is known. */
export type Fault = { place: Place; rule: string; message: string }

/** Types of values that only the deployment knows. */
export type LaterType = 'string' | 'int' | 'bool' | 'object' | 'array' | 'any'

/**
 * An evaluated value and where it was written. A string may hold parts that only the deployment knows: they stand in
 * it as `«what»`, and `sure` is false.
 */
export type Value = { place: Place } & (
  | { kind: 'string'; value: string; sure: boolean }
  | { kind: 'int'; value: number }
  | { kind: 'bool'; value: boolean }
  | { kind: 'null' }
  | { kind: 'array'; items: Value[] }
  | { kind: 'object'; properties: Map<string, Property> }
  /** Known when deployed only: an output of a service, named by the expression that asks for it. */
  | { kind: 'later'; type: LaterType; what: string; origin?: Origin }
)
/** Of which resource's answer a later value is a part; `label` is how expressions name the resource. */
export type Origin = {
  of: { id: string; type: string; apiVersion: string; label: string }
  path: string[]
}
export type Property = { key: Place; value: Value }

/** One resource of the evaluated template. Loops are unrolled, conditions decided, modules entered. */
export type Resource = {
  /** Full type such as `Microsoft.EventHub/namespaces/eventhubs`, as written but with the parents' types joined. */
  type: string
  apiVersion: string
  /** Where type and version are written. */
  declared: Place
  symbol: string
  /** Names of the parents and its own, joined by `/`. */
  name: string
  /** Resource id; `«…»` stands for what only the deployment knows. */
  id: string
  /** Resource id of what an extension resource belongs to (role assignments, diagnostic settings), or of its group. */
  scope: string
  existing: boolean
  /** The body as evaluated, with `name`, without `parent`, `scope` and `dependsOn`. */
  body: Value & { kind: 'object' }
}

/** A module that was entered: its parameters as given. */
export type ModuleCall = { symbol: string; file: string; place: Place }

/** What one set of parameters deploys. */
export type Deployment = {
  resources: Resource[]
  outputs: Map<string, Value>
  modules: ModuleCall[]
  faults: Fault[]
}

/** One way to deploy that the checker tries: a name and the parameters of main.bicep. */
export type Case = { name: string; parameters: Record<string, string | number | boolean> }

/** What the evaluator asks of Azure's type definitions. */
export type TypeLibrary = {
  /** Whether `type@apiVersion` exists in the pinned table. */
  has(type: string, apiVersion: string): boolean
  /**
   * The type of a property that the service answers with, by path such as `['properties', 'hostName']`;
   * undefined where there is no such property.
   */
  propertyOf(type: string, apiVersion: string, path: string[]): LaterType | undefined
}
