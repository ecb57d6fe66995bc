/** Letters that Unicode does not take apart into a plain letter and a mark. */
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ŋ: 'n',
  ς: 'σ',
  ى: 'ي',
  ة: 'ه',
  ـ: ''
}
const SPECIAL = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g')
/** Arabic-Indic digits and the Persian ones, 0 first. */
const DIGITS = '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹'

/** A text as it is compared: no case, no accents, no points, latin digits. Folding twice changes nothing. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    // Lower case brings marks of its own, as that of İ.
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(SPECIAL, letter => PLAIN[letter] ?? letter)
    .replace(/[٠-٩۰-۹]/g, digit => String(DIGITS.indexOf(digit) % 10))

/** The parts of a folded text that are letters and digits. */
export const partsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []
