const ENGLISH: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

/** A place as people say it: `12th`, `12.`, `12e`; `text` is its number as the language writes it. */
export function ordinal(place: number, text: string, lang: string): string {
  switch (lang) {
    case 'en':
      return text + (ENGLISH[new Intl.PluralRules('en', { type: 'ordinal' }).select(place)] ?? 'th')
    case 'de':
      return `${text}.`
    case 'fr':
      return text + (place === 1 ? 'er' : 'e')
    case 'es':
      return `${text}.º`
    default:
      return text
  }
}
