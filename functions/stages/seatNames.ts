import { englishDataset, englishRecommendedTransformers, pattern, RegExpMatcher } from 'obscenity'
import { Refused } from './problem.ts'

/** What nobody sees: default-ignorable and format characters, and the empty braille cell. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u
const INVISIBLES = new RegExp(INVISIBLE, 'gu')
/** Invisible characters that make visible ones. */
const JOINING = [
  // Between the parts of an emoji.
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})/u,
  // Inside words of scripts that join their letters.
  /(?<=(?![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])[\p{L}\p{M}])[\u200c\u200d](?=[\p{L}\p{M}])/u,
  // How an emoji is to look.
  /(?<=[\p{So}\p{Sm}\p{Po}\p{Nd}\p{Pd}])[\ufe0e\ufe0f]/u,
  // Of which region a flag is.
  /(?<=\u{1f3f4}[\u{e0061}-\u{e007a}]*)[\u{e0061}-\u{e007f}]/u
]
const JOININGS = new RegExp(JOINING.map(({ source }) => source).join('|'), 'gu')

/** The nickname in one spelling: composed, white space squeezed, without characters that nobody sees. Throws `Refused` where nothing is left. */
export function niceName(given: string): string {
  const composed = given.normalize('NFC')
  const joining = new Set([...composed.matchAll(JOININGS)].map(({ index }) => index))
  const name = composed
    .replace(INVISIBLES, (character, index: number) => (joining.has(index) ? character : ''))
    .replace(/\s+/gu, ' ')
    .trim()
  if (name) return name
  const detail = 'the name has no character that can be seen'
  throw new Refused('bad-body', detail, [{ pointer: '/nickname', detail }])
}

/** Letters of other scripts and digits that look like Latin letters in most fonts, and those, in lower case. */
const LOOKING = 'авеіјкмнорсѕтухԁһԛԝαβεικνορτυχ' + 'ı01'
const LOOKS_AS = 'abeijkmhopcstyxdhqwabeikvoptux' + 'iol'
const LOOK_ALIKES = new Map([...LOOKING].map((letter, i) => [letter, LOOKS_AS[i]!]))

/** White space, punctuation and the accents of Latin, Greek and Cyrillic letters. */
const BESIDE_LETTERS = /\s|\p{P}|[\u0300-\u036f]/gu

/**
 * What two nicknames have in common that people would take for one: without regard to width, case, white space,
 * punctuation, accents of Latin, Greek and Cyrillic letters, invisible characters, and letters and digits that look alike.
 */
export function foldName(name: string): string {
  const lower = name.normalize('NFKD').toLowerCase().replace(INVISIBLES, '')
  const bare = lower.replace(BESIDE_LETTERS, '').normalize('NFKC')
  // A name of signs alone is itself.
  return [...(bare || lower)].map(letter => LOOK_ALIKES.get(letter) ?? letter).join('')
}

/** Names of people and places that hold a word of the data set. A given name counts with the blank after it. */
const NAMES = [
  ...['dick ', 'dickens', 'dickie', 'dickinson', 'dickson', 'cumming', 'fagan', 'fukuda', 'fukui'],
  ...['fukushima', 'assmann', 'penistone', 'kikelomo', 'analise', 'annalise', 'analía', 'analia'],
  ...['bích', 'györgy', 'semen ', 'semenov', 'semenya', 'hooker ', 'abood', 'abou']
]
/** What such a given name must not be used for. */
const WORDS = [pattern`|dick head`, pattern`|dick pic`, pattern`|dick suck`]

const dataset = englishDataset.build()
const matcher = new RegExpMatcher({
  ...englishRecommendedTransformers,
  blacklistedTerms: [
    ...dataset.blacklistedTerms,
    ...WORDS.map((word, i) => ({ id: -1 - i, pattern: word }))
  ],
  whitelistedTerms: [...(dataset.whitelistedTerms ?? []), ...NAMES]
})

/** Throws `Refused`, which does not repeat the name, for one that a venue's screen should not show. */
export function refuseProfane(name: string): void {
  // Digits count as letters only inside words: 455 is a number.
  if (!matcher.hasMatch(name.replace(/(?<!\S)\d+(?!\S)/g, ''))) return
  throw new Refused('name-refused', 'Choose another name: this one would not be shown.')
}
