import type { Resource } from '../../../../infra/check/model.ts'
import { typeFaults } from '../../../../infra/check/types/check.ts'
import { loadTypes, type Types } from '../../../../infra/check/types/library.ts'
import { resource } from '../build.ts'

export const types: Types = loadTypes()

export type Body = { [key: string]: unknown }

/** A resource of a type at its pinned version. */
export function resourceOf(type: string, body: object, more: Partial<Resource> = {}): Resource {
  // One name for each part of the type behind the provider.
  const name = type.split('/').slice(1).join('/')
  const apiVersion = types.pinned(type)?.apiVersion ?? ''
  return { ...resource(type, name, body), symbol: 'it', apiVersion, ...more }
}

/** What the check says about a body, as `rule: message`. */
export function said(type: string, body: object, more: Partial<Resource> = {}): string[] {
  return typeFaults(resourceOf(type, body, more), types).map(one => `${one.rule}: ${one.message}`)
}
