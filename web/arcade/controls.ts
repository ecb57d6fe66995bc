import type { Input } from './game.ts'

/** Keys by where they are on the keyboard, so that A and D stay side by side in every layout. */
const KEYS: Record<string, 'left' | 'right' | 'fire'> = {
  ArrowLeft: 'left',
  KeyA: 'left',
  ArrowRight: 'right',
  KeyD: 'right',
  Space: 'fire',
  ArrowUp: 'fire',
  KeyW: 'fire'
}

/** A tap that was shorter than a frame still fires, for so long, in ms. */
const TAP_MS = 60

type ControlOptions = {
  /** Where fingers and the mouse play. */
  surface: HTMLElement
  /** Where keys are heard. */
  keys: EventTarget
  /** The field's units across the surface. */
  width: number
  now(): number
}

/** What the player wants just now: by keys, or by a finger that the ship follows and that fires while it is down. */
export function openControls({ surface, keys, width, now }: ControlOptions) {
  const down = new Set<string>()
  let finger: number | undefined
  let to: number | undefined
  let fireUntil = 0

  const held = (key: 'left' | 'right' | 'fire'): boolean =>
    [...down].some(code => KEYS[code] === key)

  const press = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !(event.code in KEYS)) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // A button or a field that has the focus keeps its keys.
    if (event.target instanceof Element && event.target.closest('button, input, select, a')) return
    event.preventDefault()
    down.add(event.code)
    if (KEYS[event.code] === 'fire') fireUntil = now() + TAP_MS
    else to = undefined
  }
  const lift = (event: Event): void => {
    if (event instanceof KeyboardEvent) down.delete(event.code)
  }
  const placeOf = (event: PointerEvent): number => {
    const { left, width: pixels } = surface.getBoundingClientRect()
    return ((event.clientX - left) / pixels) * width
  }
  const touch = (event: PointerEvent): void => {
    if (finger !== undefined) return
    finger = event.pointerId
    to = placeOf(event)
    fireUntil = now() + TAP_MS
    // What is not there any more, as a finger that a test makes up, cannot be captured.
    if (event.isTrusted) surface.setPointerCapture(event.pointerId)
  }
  const drag = (event: PointerEvent): void => {
    if (event.pointerId === finger) to = placeOf(event)
  }
  const release = (event: PointerEvent): void => {
    if (event.pointerId !== finger) return
    finger = undefined
    to = undefined
  }
  /** Keys that are let go elsewhere are never heard of again. */
  const forget = (): void => {
    down.clear()
    finger = undefined
    to = undefined
  }

  keys.addEventListener('keydown', press)
  keys.addEventListener('keyup', lift)
  keys.addEventListener('blur', forget)
  surface.addEventListener('pointerdown', touch)
  surface.addEventListener('pointermove', drag)
  surface.addEventListener('pointerup', release)
  surface.addEventListener('pointercancel', release)

  return {
    input: (): Input => ({
      left: held('left'),
      right: held('right'),
      to,
      fire: finger !== undefined || held('fire') || now() < fireUntil
    }),
    forget,
    close(): void {
      keys.removeEventListener('keydown', press)
      keys.removeEventListener('keyup', lift)
      keys.removeEventListener('blur', forget)
      surface.removeEventListener('pointerdown', touch)
      surface.removeEventListener('pointermove', drag)
      surface.removeEventListener('pointerup', release)
      surface.removeEventListener('pointercancel', release)
    }
  }
}
