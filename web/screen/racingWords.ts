import type { Words } from '../words.ts'

/** What the footer says of who is on the track; `{n}` is a number. */
type Message = 'nowRacing' | 'onTrack' | 'bestThisRun'

const MESSAGES: Record<Words['lang'], Record<Message, string>> = {
  en: {
    nowRacing: 'Now racing, number {n}',
    onTrack: 'Lap {n}, time on track',
    bestThisRun: 'Best this run'
  },
  de: {
    nowRacing: 'Jetzt unterwegs, Nummer {n}',
    onTrack: 'Runde {n}, Zeit auf der Strecke',
    bestThisRun: 'Beste in diesem Lauf'
  },
  fr: {
    nowRacing: 'En piste, numéro {n}',
    onTrack: 'Tour {n}, temps en piste',
    bestThisRun: 'Meilleur de ce passage'
  },
  es: {
    nowRacing: 'En pista, número {n}',
    onTrack: 'Vuelta {n}, tiempo en pista',
    bestThisRun: 'Mejor de esta tanda'
  },
  ar: {
    nowRacing: 'على المضمار الآن، رقم {n}',
    onTrack: 'اللفة {n}، الزمن على المضمار',
    bestThisRun: 'أفضل لفة في هذه الجولة'
  }
}

/** The message in the page's language, with its number. */
export const racingWord = (
  lang: Words['lang'],
  message: Message,
  n: number | string = ''
): string => MESSAGES[lang][message].replace('{n}', String(n))
