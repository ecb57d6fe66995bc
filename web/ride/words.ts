import { SEAT_TEXTS } from '../seat/words.ts'
import type { Words } from '../words.ts'

/** What only the ride says, in the languages and their order of all pages. */
export const RIDE_TEXTS = {
  ...SEAT_TEXTS,
  chooseRace: 'Choose a ride|Wähle eine Fahrt|Choisissez une course|Elige una carrera|اختر سباقًا',
  startsInTime:
    'starts in {time}|Start in {time}|départ dans {time}|sale en {time}|يبدأ خلال {time}',
  runsLate:
    'running, you can still join|läuft, du kannst noch mitfahren|en cours, on peut encore entrer|en curso, aún puedes entrar|جارٍ، لا يزال بإمكانك الانضمام',
  runsFull:
    'running, the next one is yours|läuft, das nächste ist deins|en cours, la suivante est pour vous|en curso, la próxima es tuya|جارٍ، التالي لك',
  joinRace: 'Join {race}|{race}: mitfahren|Rejoindre {race}|Unirse a {race}|انضم إلى {race}',
  yourNumber: 'Your number|Deine Nummer|Votre numéro|Tu número|رقمك',
  waitForStart:
    'You have a seat. Keep this page open: it starts by itself.|Du hast einen Platz. Lass die Seite offen: Sie startet von selbst.|Vous avez une place. Gardez cette page ouverte : elle démarre seule.|Tienes plaza. Deja la página abierta: arranca sola.|لديك مكان. أبقِ الصفحة مفتوحة: ستبدأ وحدها.',
  everyone:
    'Everyone starts together|Alle starten gemeinsam|Tout le monde part ensemble|Todos salen a la vez|الجميع ينطلقون معًا',
  minutes: '{n} minutes|{n} Minuten|{n} minutes|{n} minutos|{n} دقائق',
  seconds: '{n} seconds|{n} Sekunden|{n} secondes|{n} segundos|{n} ثانية',
  thumbs:
    'Use both thumbs, left then right|Nimm beide Daumen, links, dann rechts|Deux pouces, gauche puis droite|Con los dos pulgares, izquierda y derecha|استخدم الإبهامين، اليسار ثم اليمين',
  left: 'Left|Links|Gauche|Izquierda|يسار',
  right: 'Right|Rechts|Droite|Derecha|يمين',
  tapNow: 'tap now|jetzt tippen|maintenant|toca ya|المس الآن',
  tapNext: 'next|danach|ensuite|después|التالي',
  ahead: 'ahead|davor|devant|delante|أمامك',
  behind: 'behind|dahinter|derrière|detrás|خلفك',
  nobodyAhead: 'Nobody is ahead|Niemand ist vor dir|Personne devant|Nadie delante|لا أحد أمامك',
  nobodyBehind:
    'Nobody is behind|Niemand ist hinter dir|Personne derrière|Nadie detrás|لا أحد خلفك',
  ofAll: 'of {n}|von {n}|sur {n}|de {n}|من {n}',
  taps: 'Taps a minute|Tippen pro Minute|Appuis par minute|Toques por minuto|لمسات في الدقيقة',
  ownBest: 'Your record|Dein Rekord|Votre record|Tu récord|رقمك القياسي',
  courseBest:
    'Course record|Streckenrekord|Record du parcours|Récord del recorrido|رقم المسار القياسي',
  noGhost: 'No ghost|Kein Geist|Pas de fantôme|Sin fantasma|بلا شبح',
  otherGhost: 'Change the ghost|Geist wechseln|Changer de fantôme|Cambiar de fantasma|غيّر الشبح',
  wouldBe:
    'Of all rides ever, now {n} of {of}|Unter allen Fahrten jetzt {n} von {of}|De toutes les courses, {n} sur {of}|De todas las carreras, ahora {n} de {of}|بين كل السباقات الآن {n} من {of}',
  aboutPlace: 'about {n}|etwa {n}|environ {n}|unos {n}|نحو {n}',
  aborted:
    'The race was stopped. It has no result.|Das Rennen wurde abgebrochen. Es gibt kein Ergebnis.|La course a été arrêtée. Il n’y a pas de résultat.|La carrera se detuvo. No hay resultado.|أُوقف السباق، ولا نتيجة له.',
  counting:
    'The last readings are being counted.|Die letzten Messwerte werden gezählt.|Les dernières mesures sont comptées.|Se cuentan las últimas lecturas.|تُحتسب آخر القراءات.',
  gapToFirst: 'To the leader|Zur Führung|Sur la tête|Al líder|عن المتصدر',
  bestEver:
    'Your best: {value}, place {n} of {of}|Deine Bestleistung: {value}, Platz {n} von {of}|Votre meilleur : {value}, place {n} sur {of}|Tu mejor: {value}, puesto {n} de {of}|أفضل ما لديك: {value}، المركز {n} من {of}',
  courseRecordFell:
    'A course record|Ein Streckenrekord|Un record du parcours|Un récord del recorrido|رقم قياسي للمسار',
  classRecordFell:
    'A record of class {class}|Ein Rekord der Klasse {class}|Un record de la catégorie {class}|Un récord de la clase {class}|رقم قياسي للفئة {class}',
  share:
    'Share the result|Ergebnis teilen|Partager le résultat|Compartir el resultado|شارك النتيجة',
  challenge: 'Challenge a friend|Jemanden herausfordern|Défier un ami|Retar a un amigo|تحدَّ صديقًا',
  copied: 'Link copied|Link kopiert|Lien copié|Enlace copiado|نُسخ الرابط',
  again: 'Ride again|Noch einmal fahren|Repartir|Otra vez|اركب مجددًا',
  metresShort: '{n} m|{n} m|{n} m|{n} m|{n} م',
  kilojoulesShort: '{n} kJ|{n} kJ|{n} kJ|{n} kJ|{n} ك.ج',
  secondsShort: '{n} s|{n} s|{n} s|{n} s|{n} ث',
  placeIs:
    'Place {n}, {value}|Platz {n}, {value}|Place {n}, {value}|Puesto {n}, {value}|المركز {n}، {value}',
  heldScore:
    'Held for an official to judge|Wird von Offiziellen geprüft|À juger par un officiel|Pendiente de un juez|بانتظار قرار الحَكَم'
} as const

export type RideWords = Words<keyof typeof RIDE_TEXTS>
