import type { Words } from '../words.ts'

/** What only venue screens say, in the languages and their order of all pages. */
export const SCREEN_TEXTS = {
  change: 'Change|Veränderung|Évolution|Cambio|التغيّر',
  rider: 'Rider|Fahrer|Cycliste|Ciclista|الدرّاج',
  country: 'Country|Land|Pays|País|البلد',
  class: 'Class|Klasse|Catégorie|Categoría|الفئة',
  back: '{n} s back|{n} s zurück|{n} s derrière|a {n} s|متأخر {n} ث',
  backPoints: '{n} back|{n} zurück|{n} derrière|a {n}|متأخر {n}',
  ride: 'Virtual ride|Virtuelle Fahrt|Course virtuelle|Carrera virtual|سباق افتراضي',
  game: 'Score game|Punktespiel|Jeu de score|Juego de puntos|لعبة نقاط',
  fastestLap:
    'Time trial, fastest lap|Zeitfahren, schnellste Runde|Contre-la-montre, meilleur tour|Contrarreloj, vuelta rápida|سباق زمني، أسرع لفة',
  averageLapRace:
    'Time trial, average of {n} laps|Zeitfahren, Schnitt aus {n} Runden|Contre-la-montre, moyenne de {n} tours|Contrarreloj, media de {n} vueltas|سباق زمني، متوسط {n} لفات',
  mostLaps: 'Most laps|Meiste Runden|Le plus de tours|Más vueltas|أكثر اللفات',
  places:
    'places {from}–{to} of {n}|Plätze {from}–{to} von {n}|places {from}–{to} sur {n}|puestos {from}–{to} de {n}|المراكز {from}–{to} من {n}',
  placesPinned:
    'places 1–3 stay, {from}–{to} of {n}|Plätze 1–3 bleiben, {from}–{to} von {n}|places 1–3 fixes, {from}–{to} sur {n}|puestos 1–3 fijos, {from}–{to} de {n}|المراكز 1–3 ثابتة، {from}–{to} من {n}',
  with: 'With|Mit|Avec|Con|برعاية',
  wholeField: 'The whole field|Das ganze Feld|Tout le peloton|Todo el pelotón|جميع المتسابقين',
  fieldNote:
    'all {n} now, these in white|alle {n}, diese in Weiß|les {n}, ceux-ci en blanc|los {n}, estos en blanco|الجميع {n}، هؤلاء بالأبيض',
  winner:
    'Winner, number {bib}|Sieg, Nummer {bib}|Vainqueur, numéro {bib}|Ganador, número {bib}|الفائز، رقم {bib}',
  leaderNumber:
    'Leader, number {bib}|Führung, Nummer {bib}|En tête, numéro {bib}|Líder, número {bib}|المتصدر، رقم {bib}',
  latestLap:
    'Latest lap, number {bib}|Neueste Runde, Nummer {bib}|Dernier tour, numéro {bib}|Última vuelta, número {bib}|أحدث لفة، رقم {bib}',
  toLeader: 'To the leader|Zur Führung|Sur la tête|Al líder|عن المتصدر',
  aheadBy: 'Ahead by|Vorsprung|Avance|Ventaja|متقدم بـ',
  validLaps: 'Valid laps|Gültige Runden|Tours valables|Vueltas válidas|لفات صالحة',
  leaderIs:
    'Leader: {name}, {value}|Führung: {name}, {value}|En tête : {name}, {value}|Líder: {name}, {value}|المتصدر: {name}، {value}',
  standings: 'Standings|Rangliste|Classement|Clasificación|الترتيب',
  nowRacing:
    'Now racing, number {bib}|Jetzt unterwegs, Nummer {bib}|En piste, numéro {bib}|En pista, número {bib}|على المضمار الآن، رقم {bib}',
  lapNumber: 'Lap {n}|Runde {n}|Tour {n}|Vuelta {n}|اللفة {n}',
  timeOnTrack:
    'Time on track|Zeit auf der Strecke|Temps en piste|Tiempo en pista|الزمن على المضمار',
  timeOfRunLeft: 'Time left|Restzeit|Temps restant|Tiempo restante|الوقت المتبقي',
  bestThisRun:
    'Best this run|Beste in diesem Lauf|Meilleur de ce passage|Mejor de esta tanda|أفضل لفة في هذه الجولة',
  resets: 'Resets|Rücksetzer|Remises en piste|Recolocaciones|إعادات',
  resetsUsed:
    '{n} of {most} resets used|{n} von {most} Rücksetzern genutzt|{n} remises en piste sur {most}|{n} de {most} recolocaciones|{n} من {most} إعادات مستخدمة',
  lapNotValid: 'lap not valid|Runde ungültig|tour non valable|vuelta no válida|اللفة غير صالحة',
  allTime: 'Best ever|Rekorde|Records|Récords|الأفضل',
  runEnded:
    'Run ended, number {bib}|Lauf beendet, Nummer {bib}|Passage terminé, numéro {bib}|Tanda terminada, número {bib}|انتهت الجولة، رقم {bib}'
} as const

export type ScreenWords = Words<keyof typeof SCREEN_TEXTS>
