import type { Attachment } from 'svelte/attachments'

/** Widths 100, 87.5, 75 and 62 %, then 62 % at a smaller size; after that the cell cuts. */
const STEPS = [1, 2, 3, 4, 5] as const

/** Makes a name narrower until its cell holds it. Give the name, so that another one is measured anew. */
export const fitted =
  (_name: string): Attachment<HTMLElement> =>
  cell => {
    const fit = (): void => {
      for (const step of STEPS) {
        cell.dataset.step = String(step)
        // Where the name is a block it cuts by itself: two lines by height, one by width.
        const text = cell.firstElementChild
        const cut =
          text &&
          text.clientHeight > 0 &&
          (text.scrollHeight > text.clientHeight || text.scrollWidth > text.clientWidth)
        if (!cut && cell.scrollWidth <= cell.clientWidth) return
      }
    }
    const resized = new ResizeObserver(fit)
    resized.observe(cell)
    document.fonts.addEventListener('loadingdone', fit)
    return () => {
      resized.disconnect()
      document.fonts.removeEventListener('loadingdone', fit)
    }
  }

/** The script that needs another size beside latin letters. */
export const scriptOf = (name: string): 'arabic' | 'cjk' | undefined =>
  /\p{Script=Arabic}/u.test(name)
    ? 'arabic'
    : /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(name)
      ? 'cjk'
      : undefined
