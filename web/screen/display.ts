/** The picture moves this often against burn-in, in ms, by at most `SHIFT_PX`. */
const SHIFT_MS = 180_000
const SHIFT_PX = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1]
] as const

/** Holds the screen wake lock where there is one; it is lost when the page is hidden, so it is taken again. */
export function keepAwake(report: (error: unknown) => void): void {
  const take = (): void => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    navigator.wakeLock.request('screen').catch(report)
  }
  document.addEventListener('visibilitychange', take)
  take()
}

/** Moves the picture a little every few minutes, so that no line burns in. */
export function shiftPixels(element: HTMLElement): void {
  let step = 0
  setInterval(() => {
    step = (step + 1) % SHIFT_PX.length
    const [x, y] = SHIFT_PX[step] ?? [0, 0]
    element.style.translate = `${x}px ${y}px`
  }, SHIFT_MS)
}
