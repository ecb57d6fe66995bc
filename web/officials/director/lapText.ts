/** Hours, minutes and seconds of a time, the finest part last. */
const TIME = /^(?:(?:(\d+):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/

/** A lap's time as people write it, `7.731`, `1:07,731` or `1:02:03`, in ms; undefined where it is none. */
export function lapMsOf(text: string): number | undefined {
  const found = TIME.exec(text.trim())
  if (!found) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', decimals = ''] = found
  // A part that another one counts into ends at 59.
  if (found[2] !== undefined && Number(seconds) > 59) return undefined
  if (found[1] !== undefined && Number(minutes) > 59) return undefined
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  const ms = whole * 1_000 + Number(decimals.padEnd(3, '0'))
  return ms > 0 ? ms : undefined
}

const two = (n: number): string => String(n).padStart(2, '0')

/** An instant for a field of date and time, in the device's zone, to the second. */
export function fieldTimeOf(instant: number): string {
  const at = new Date(instant)
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** The instant that such a field names, in ms since 1970; undefined while it is not filled in. */
export function instantOf(field: string): number | undefined {
  const at = Date.parse(field)
  return Number.isNaN(at) ? undefined : at
}
