import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../../web/settings.ts'

const read = (search: string) => settingsOf(search, 'https://api.example/', 'en')

describe('the address of a page', () => {
  it('names one race', () => {
    expect(read('?race=final')).toMatchObject({ race: 'final', format: undefined })
  })

  it('follows the current race of any format, or of one', () => {
    const any = { race: undefined, format: undefined }
    expect(read('')).toMatchObject(any)
    expect(read('?follow=current&race=final')).toMatchObject(any)
    expect(read('?follow=ride&race=final')).toMatchObject({ race: undefined, format: 'ride' })
    expect(read('?follow=fastestLap')).toMatchObject({ race: undefined, format: 'fastestLap' })
  })

  it('never blanks a screen by a typing error', () => {
    expect(read('?follow=rides')).toMatchObject({ race: undefined, format: undefined })
    expect(read('?follow=rides&race=final')).toMatchObject({ race: 'final', format: undefined })
    expect(read('?race=Final&rows=many&overscan=x')).toMatchObject({
      race: undefined,
      rows: undefined,
      overscan: 1
    })
  })
})
