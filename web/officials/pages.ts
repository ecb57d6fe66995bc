import type { Component } from 'svelte'
import Director from './director/Director.svelte'
import Fleet from './fleet/Fleet.svelte'
import Operator from './operator/Operator.svelte'
import Timekeeper from './timekeeper/Timekeeper.svelte'
import type { Workplace } from './workplace.ts'

/** A page of the officials, and the roles of which one is enough to see it. */
type OfficialPage = {
  /** In the address, after `#`. */
  id: string
  title: string
  roles: readonly string[]
  component: Component<{ workplace: Workplace }>
}

/** In the order of the navigation; the first is where everybody begins. */
export const PAGES: readonly [OfficialPage, ...OfficialPage[]] = [
  { id: 'fleet', title: 'Fleet', roles: ['timekeeper', 'admin'], component: Fleet },
  { id: 'timekeeper', title: 'Timekeeper', roles: ['timekeeper'], component: Timekeeper },
  { id: 'office', title: 'Race office', roles: ['admin'], component: Director },
  { id: 'operator', title: 'Operator', roles: ['admin'], component: Operator }
]

/** The page that an address names, or the first; what follows a slash is the page's own. */
export const pageAt = (hash: string): OfficialPage =>
  PAGES.find(({ id }) => `#${id}` === hash.split('/')[0]) ?? PAGES[0]
