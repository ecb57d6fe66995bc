/** Digits that a column has room for at its design width: those of `7.412`. */
const DESIGN_DIGITS = 4

const digitsOf = (text: string): number =>
  text.replace(/\D/g, '').length + (text.split(':').length - 1) / 2

/** By how many digits the widest of these numbers exceeds the design's; a colon is half as wide as a digit. */
export const extraDigits = (texts: readonly (string | null | undefined)[]): number =>
  Math.max(0, ...texts.map(text => digitsOf(text ?? '') - DESIGN_DIGITS))
