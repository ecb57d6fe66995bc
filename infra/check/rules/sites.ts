import type { Resource, Value } from '../model.ts'
import { at, itemsOf, own, textOf } from './read.ts'

/** The topology's name of a site: `public-abc` is `public`. */
export const appOf = ({ name }: Resource): string => name.split('-')[0] ?? ''

/** A site's settings by name. */
export const settingsOf = (site: Resource): Map<string, Value> =>
  new Map(
    itemsOf(at(site.body, 'properties.siteConfig.appSettings')).map(one => [
      textOf(own(one, 'name')) ?? '',
      own(one, 'value') ?? one
    ])
  )
