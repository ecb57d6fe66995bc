import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { folded, partsOf } from '#race/fold'
import { createSearch } from '../../../web/mobile/search.ts'

/** Letters with and without accents, of several scripts; none is z. */
const LETTERS = [
  ...'abdegiklmnorstuvyáÅçéðøØßüżłŽıİÞőñđĦœ',
  ...'أحمدلينىة',
  ...'хнйИЯ',
  ...'αςΣώ',
  ...'בןחי'
]
/** From here on one typing error is forgiven, even where it takes a letter away. */
const FORGIVEN_LETTERS = 5

const letter = fc.constantFrom(...LETTERS)
const part = fc.string({ unit: letter, minLength: 2, maxLength: 12 })
const name = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom(' ', '-', '’', ' 🍞 '))
  .map(([parts, between]) => parts.join(between))
const directory = fc
  .array(name, { minLength: 1, maxLength: 30 })
  .map(names => names.map((each, i) => ({ bib: i + 1, name: each, country: '', class: '' })))
const someone = directory.chain(entries =>
  fc.record({ entries: fc.constant(entries), wanted: fc.constantFrom(...entries) })
)

/** The word with one letter missing, added, wrong, or exchanged with the next. */
const mistyped = (word: string) =>
  fc
    .record({
      at: fc.nat({ max: [...word].length - 1 }),
      kind: fc.constantFrom('missing', 'added', 'wrong', 'exchanged'),
      letter: letter.map(folded)
    })
    .map(({ at, kind, letter: other }) => {
      const letters = [...word]
      if (kind === 'missing') letters.splice(at, 1)
      if (kind === 'added') letters.splice(at, 0, [...other][0] ?? 'a')
      if (kind === 'wrong') letters[at] = [...other][0] ?? 'a'
      if (kind === 'exchanged') letters.splice(at, 2, ...letters.slice(at, at + 2).reverse())
      return letters.join('')
    })

const find = (entries: Parameters<typeof createSearch>[0], typed: string): number[] =>
  createSearch(entries)(typed, entries.length).map(entry => entry.bib)

describe('every name is found', () => {
  it('by any of its parts, in any case', () => {
    fc.assert(
      fc.property(someone, ({ entries, wanted }) => {
        for (const each of partsOf(wanted.name)) {
          for (const typed of [each, each.toUpperCase(), ` ${each.toLowerCase()} `]) {
            expect(find(entries, typed)).toContain(wanted.bib)
          }
        }
      })
    )
  })

  it('by its form without accents, and by its beginning', () => {
    fc.assert(
      fc.property(someone, fc.nat({ max: 8 }), ({ entries, wanted }, more) => {
        const plain = folded(wanted.name)
        expect(find(entries, plain)).toContain(wanted.bib)
        expect(find(entries, [...plain].slice(0, 2 + more).join(''))).toContain(wanted.bib)
      })
    )
  })

  it('by all of its parts in any order, and without the spaces between them', () => {
    fc.assert(
      fc.property(
        someone.chain(({ entries, wanted }) => {
          const parts = partsOf(wanted.name)
          return fc.record({
            entries: fc.constant(entries),
            wanted: fc.constant(wanted),
            typed: fc.shuffledSubarray(parts, { minLength: parts.length })
          })
        }),
        ({ entries, wanted, typed }) => {
          expect(find(entries, typed.join(' '))).toContain(wanted.bib)
          expect(find(entries, partsOf(folded(wanted.name)).join(''))).toContain(wanted.bib)
        }
      )
    )
  })

  it('with one typing error in a longer part', () => {
    const typing = someone.chain(({ entries, wanted }) => {
      const long = partsOf(folded(wanted.name)).filter(each => [...each].length >= FORGIVEN_LETTERS)
      return fc.record({
        entries: fc.constant(entries),
        wanted: fc.constant(wanted),
        typed: long.length > 0 ? fc.constantFrom(...long).chain(mistyped) : fc.constant(undefined)
      })
    })
    fc.assert(
      fc.property(typing, ({ entries, wanted, typed }) => {
        fc.pre(typed !== undefined)
        expect(find(entries, typed ?? '')).toContain(wanted.bib)
      }),
      { numRuns: 500 }
    )
  })
})

describe('a search', () => {
  const people = [
    'Jude “Apex” Adeyemi',
    'Åsa Björkqvist',
    '🍞🍞',
    'ليلى المنصوري',
    'Team 12',
    'Ana Li'
  ]
  const entries = people.map((each, i) => ({ bib: i + 11, name: each, country: '', class: '' }))

  it('puts the bib first, then bibs that begin so, then names', () => {
    expect(find(entries, '12')).toEqual([12, 15])
    expect(find(entries, '#12')[0]).toBe(12)
    expect(find(entries, '١٢')[0]).toBe(12)
    expect(find(entries, '1')).toEqual([11, 12, 13, 14, 15, 16])
  })

  it('puts who is meant before who is only similar', () => {
    const alike = ['Marta Kowal', 'Marka Kowal', 'Tamara Nowak', 'Martin Nowak']
    const known = alike.map((each, i) => ({ bib: i + 1, name: each, country: '', class: '' }))
    expect(find(known, 'marka')[0]).toBe(2)
    expect(find(known, 'mart')).toEqual([1, 4, 2])
    expect(find(known, 'nowak martin')).toEqual([4])
  })

  it('forgives nothing in short words, and finds nobody by nonsense or nothing', () => {
    expect(find(entries, 'lo')).toEqual([])
    expect(find(entries, 'zzzzzz')).toEqual([])
    expect(find(entries, '   ')).toEqual([])
  })

  it('finds a name without a letter, and an Arabic one by its plain letters', () => {
    expect(find(entries, '🍞')).toEqual([13])
    expect(find(entries, 'ليلي')).toEqual([14])
  })

  it('gives out no more than it is asked for', () => {
    expect(createSearch(entries)('1', 2)).toHaveLength(2)
  })
})

it('folding twice is folding once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      expect(folded(folded(text))).toBe(folded(text))
    })
  )
})
