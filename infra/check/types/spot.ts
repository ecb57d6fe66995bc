import type { Declared } from './library.ts'

/** Where in a resource's body a value stands. */
export type Spot = {
  /** The resource type in Azure's spelling. */
  type: string
  /** The path as the tables of words and limits key it; empty for the body. */
  path: string
  /** The path as a reader would write it. */
  shown: string
  /** The properties that may stand one level up. */
  outer: Declared
}

const joined = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

/** The spot of a property that the types declare. */
export function propertyOf(spot: Spot, key: string, outer: Declared): Spot {
  return { ...spot, path: joined(spot.path, key), shown: joined(spot.shown, key), outer }
}

/** The spot of an open object's value, whose key anyone may choose. */
export function entryOf(spot: Spot, key: string): Spot {
  return { ...spot, path: joined(spot.path, '*'), shown: `${spot.shown}['${key}']`, outer: {} }
}

/** The spot of an array's item. */
export function itemOf(spot: Spot, index: number): Spot {
  return { ...spot, path: joined(spot.path, '[]'), shown: `${spot.shown}[${index}]`, outer: {} }
}
