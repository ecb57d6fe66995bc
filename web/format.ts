const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const MINUS = '\u2212'

const two = (n: number): string => String(n).padStart(2, '0')

/** `1:02:03` of a span in ms; leading zero units are dropped down to `floor`. */
const units = (ms: number, floor: 's' | 'm'): string => {
  const hours = Math.floor(ms / HOUR)
  const minutes = Math.floor(ms / MINUTE) % 60
  const seconds = Math.floor(ms / SECOND) % 60
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds)}`
  return minutes > 0 || floor === 'm' ? `${minutes}:${two(seconds)}` : String(seconds)
}

const decimals = (ms: number, digits: number): string =>
  digits === 0
    ? ''
    : `.${String(ms % SECOND)
        .padStart(3, '0')
        .slice(0, digits)}`

/** A lap in ms: `7.412`, `1:07.412`. */
export const lapTime = (ms: number): string => units(ms, 's') + decimals(ms, 3)

/** A gap in ms with its sign: `+0.117`, `−0.043`; `digits` decimals, cut and never rounded up. */
export const gapTime = (ms: number, digits = 3): string => {
  const whole = Math.trunc(Math.abs(ms))
  return (ms < 0 ? MINUS : '+') + units(whole, 's') + decimals(whole, digits)
}

/** A gap in points: behind is a minus. */
export const gapPoints = (points: number, lang: string): string =>
  (points > 0 ? MINUS : points < 0 ? '+' : '') + amount(Math.abs(points), lang)

/** A running clock, cut: `3:41.7` with tenths, `1:48` and `0:09` without. Never below zero. */
export const clockTime = (ms: number, tenths: boolean): string => {
  const left = Math.max(0, Math.floor(ms))
  return tenths && left < HOUR ? units(left, 's') + decimals(left, 1) : units(left, 'm')
}

/** A number in the reader's language; digits stay latin, as in all times. `digits` decimals are cut, not rounded. */
export const amount = (value: number, lang: string, digits = 0): string =>
  new Intl.NumberFormat(lang, {
    numberingSystem: 'latn',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    roundingMode: 'trunc'
  } as Intl.NumberFormatOptions).format(value)

/** The wall time of an instant in the screen's time zone: `14:32`, with seconds `14:31:53`. */
export const wallTime = (instant: number, lang: string, seconds = false): string =>
  new Intl.DateTimeFormat(lang, {
    numberingSystem: 'latn',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23'
  }).format(instant)
