/** Nothing that is mistaken for another when it is read aloud or from a screen. */
const LETTERS = '23456789abcdefghijkmnpqrstuvwxyz'

/** An access code of 40 random bits, as `k7mq-3xvd`. `bytes` are 8 random ones. */
export function newCode(bytes: Uint8Array): string {
  const letters = [...bytes].map(byte => LETTERS[byte % LETTERS.length]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}
