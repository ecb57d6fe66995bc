/** Keeps the screen on while `wanted`, where the browser can: who rides touches glass, but who waits for the start does not. */
export function keepAwake(wanted: () => boolean): { look(): void; close(): void } {
  let lock: WakeLockSentinel | undefined
  let asking = false

  const look = async (): Promise<void> => {
    if (!wanted()) {
      lock?.release().catch(() => undefined)
      lock = undefined
      return
    }
    const isHeld = lock !== undefined && !lock.released
    if (isHeld || asking || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) {
      return
    }
    asking = true
    // A phone that is short of power refuses: then the screen goes off as ever.
    lock = await navigator.wakeLock.request('screen').catch(() => undefined)
    asking = false
  }

  return {
    look,
    close: () => lock?.release().catch(() => undefined)
  }
}
