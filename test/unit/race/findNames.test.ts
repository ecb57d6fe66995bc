import { expect, it } from 'vitest'
import { findNames } from '#race/findNames'

const NAMES = [
  'Åsa Björkqvist',
  'Þórdís Guðmundsdóttir',
  'Chloé d’Hérouville',
  'Łukasz Weiß-Sørensen',
  'ليلى المنصوري',
  'Team 7',
  'Turbo Toast 🍞',
  'Nguyễn Thị Ánh Tuyết'
]
const entries = NAMES.map((name, i) => ({ bib: i + 3, name, country: '', class: '' }))
const found = (text: string) => findNames(entries, text).map(({ name }) => name)

it.each([
  ['ASA', 'Åsa Björkqvist'],
  ['bjork', 'Åsa Björkqvist'],
  ['björk', 'Åsa Björkqvist'],
  ['gudm', 'Þórdís Guðmundsdóttir'],
  ['thordis', 'Þórdís Guðmundsdóttir'],
  ['herou', 'Chloé d’Hérouville'],
  ["d'her", 'Chloé d’Hérouville'],
  ['weiss', 'Łukasz Weiß-Sørensen'],
  ['sorensen lu', 'Łukasz Weiß-Sørensen'],
  ['المن', 'ليلى المنصوري'],
  ['anh tuyet', 'Nguyễn Thị Ánh Tuyết'],
  ['Ánh'.normalize('NFD'), 'Nguyễn Thị Ánh Tuyết']
])('%s finds the name in which each of its words begins a word', (text, name) => {
  expect(found(text)).toEqual([name])
})

it.each(['kvist', 'asa toast', '🍞', ' ', '-', '70'])('"%s" finds nobody', text => {
  expect(found(text)).toEqual([])
})

it('finds a bib before names that begin with the same digit, and no bib by its beginning', () => {
  expect(found('7')).toEqual(['ليلى المنصوري', 'Team 7'])
  expect(found('1')).toEqual([])
  expect(found(' 10 ')).toEqual(['Nguyễn Thị Ánh Tuyết'])
})

it('finds all of several in their order', () => {
  expect(found('t')).toEqual([
    'Þórdís Guðmundsdóttir',
    'Team 7',
    'Turbo Toast 🍞',
    'Nguyễn Thị Ánh Tuyết'
  ])
})
