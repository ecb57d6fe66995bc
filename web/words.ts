/** The languages of all pages, in the order in which every message below gives them. */
const LANGS = ['en', 'de', 'fr', 'es', 'ar'] as const
type Lang = (typeof LANGS)[number]

/** English | German | French | Spanish | Arabic; side by side, so that no language is forgotten. What one page alone says is in its folder. */
const MESSAGES = {
  place: 'Place|Platz|Place|Puesto|المركز',
  competitor: 'Competitor|Teilnehmer|Concurrent|Competidor|المتسابق',
  lastLap: 'Last lap|Letzte Runde|Dernier tour|Última vuelta|آخر لفة',
  bestLap: 'Best lap|Beste Runde|Meilleur tour|Mejor vuelta|أفضل لفة',
  averageLap: 'Average of {n}|Schnitt aus {n}|Moyenne de {n}|Media de {n}|متوسط {n}',
  time: 'Time|Zeit|Temps|Tiempo|الزمن',
  laps: 'Laps|Runden|Tours|Vueltas|اللفات',
  score: 'Score|Punkte|Score|Puntos|النقاط',
  level: 'Level|Level|Niveau|Nivel|المستوى',
  lives: 'Lives|Leben|Vies|Vidas|الأرواح',
  gap: 'Gap|Abstand|Écart|Distancia|الفارق',
  gapSeconds: 'Gap, s|Abstand, s|Écart, s|Distancia, s|الفارق، ث',
  distance: 'Metres|Meter|Mètres|Metros|متر',
  work: 'Kilojoules|Kilojoule|Kilojoules|Kilojulios|كيلوجول',
  output: 'Output|Leistung|Effort|Esfuerzo|الجهد',
  road: 'Road, true scale|Strecke, maßstäblich|Route, à l’échelle|Ruta, a escala|الطريق بمقياس حقيقي',
  leader: 'leader|Führung|en tête|líder|المتصدر',
  notValid: 'not valid|ungültig|non valable|no válida|غير صالحة',
  competitorsOne: '{n} competitor|{n} Teilnehmer|{n} concurrent|{n} competidor|المتسابقون: {n}',
  competitors: '{n} competitors|{n} Teilnehmer|{n} concurrents|{n} competidores|المتسابقون: {n}',
  ridersOne: '{n} rider|{n} Fahrer|{n} cycliste|{n} ciclista|الدرّاجون: {n}',
  riders: '{n} riders|{n} Fahrer|{n} cyclistes|{n} ciclistas|الدرّاجون: {n}',
  scheduled: 'Scheduled|Geplant|Prévue|Programada|مجدول',
  open: 'Open|Offen|Ouverte|Abierta|مفتوح',
  countdown: 'Get ready|Achtung|Préparez-vous|Preparados|استعدوا',
  running: 'Running|Läuft|En cours|En curso|جارٍ',
  finishing: 'Finishing|Endspurt|Arrivée|Llegada|النهاية',
  finished: 'Finished|Beendet|Terminée|Terminada|انتهى',
  aborted: 'Aborted|Abgebrochen|Interrompue|Interrumpida|أُلغي',
  timeLeft: 'time left|Restzeit|temps restant|tiempo restante|الوقت المتبقي',
  elapsed: 'elapsed|vergangen|écoulé|transcurrido|الوقت المنقضي',
  startsIn: 'starts in|Start in|départ dans|salida en|يبدأ خلال',
  lastReadings:
    'last data arriving|letzte Daten treffen ein|dernières données|llegan los últimos datos|تصل آخر البيانات',
  stopped: 'Stopped|Angehalten|Arrêté|Detenido|متوقف',
  atLastData:
    'at last data|bei letzten Daten|aux dernières données|con los últimos datos|عند آخر بيانات',
  reconnecting:
    'Reconnecting: data {n} s old|Verbinde neu: Daten {n} s alt|Reconnexion : données de {n} s|Reconectando: datos de hace {n} s|إعادة الاتصال: عمر البيانات {n} ث',
  connecting: 'Connecting|Verbinde|Connexion|Conectando|جارٍ الاتصال',
  lastUpdate:
    'last update {time}|letzter Stand {time}|mise à jour {time}|actualizado {time}|آخر تحديث {time}',
  provisional: 'Provisional|Vorläufig|Provisoire|Provisional|مؤقت',
  underReview: 'Under review|In Prüfung|En examen|En revisión|قيد المراجعة',
  official: 'Official|Offiziell|Officiel|Oficial|رسمي',
  afterProtests:
    'Official after the protest time|Offiziell nach der Protestzeit|Officiel après les réclamations|Oficial tras las reclamaciones|رسمي بعد مهلة الاعتراض',
  protestsClose:
    'Protests close {time}|Proteste bis {time}|Réclamations jusqu’à {time}|Reclamaciones hasta {time}|الاعتراضات حتى {time}',
  untilSigned:
    'Until two officials sign|Bis zwei Offizielle zeichnen|Jusqu’à deux signatures|Hasta que firmen dos jueces|حتى يوقّع حَكَمان',
  untilDecided:
    'Until the officials decide|Bis zur Entscheidung|Jusqu’à la décision|Hasta la decisión|حتى يقرر الحكّام',
  confirmed: 'Confirmed {time}|Bestätigt {time}|Confirmé {time}|Confirmado {time}|تأكد {time}',
  findYourself: 'Find yourself|Finde dich|Trouvez-vous|Encuéntrate|ابحث عن نفسك',
  nextRace: 'Next race|Nächstes Rennen|Prochaine course|Próxima carrera|السباق التالي',
  noRace:
    'No race is planned|Kein Rennen geplant|Aucune course prévue|Ninguna carrera prevista|لا يوجد سباق مخطط',
  dnf: 'Did not finish|Nicht im Ziel|Abandon|No terminó|لم يُنهِ',
  dns: 'Did not start|Nicht gestartet|Non partant|No salió|لم ينطلق',
  dsq: 'Disqualified|Disqualifiziert|Disqualifié|Descalificado|مستبعد',
  nc: 'Not classified|Nicht gewertet|Non classé|No clasificado|غير مصنّف',
  lapDown: '+{n} LAP|+{n} RUNDE|+{n} TOUR|+{n} VUELTA|+{n} لفة',
  lapsDown: '+{n} LAPS|+{n} RUNDEN|+{n} TOURS|+{n} VUELTAS|+{n} لفات',
  number: 'Number {bib}|Nummer {bib}|Numéro {bib}|Número {bib}|رقم {bib}',
  gained: 'gained {n}|{n} gewonnen|gagne {n}|gana {n}|تقدّم {n}',
  lost: 'lost {n}|{n} verloren|perd {n}|pierde {n}|تراجع {n}',
  shared: 'shared|geteilt|ex æquo|compartido|مشترك',
  boards: 'Boards|Ranglisten|Classements|Clasificaciones|اللوحات',
  record: 'Course record|Streckenrekord|Record du parcours|Récord del recorrido|رقم المسار القياسي',
  heldValue:
    'Under review: {value}|In Prüfung: {value}|En examen : {value}|En revisión: {value}|قيد المراجعة: {value}',
  toPlace: 'To place {n}|Zu Platz {n}|Vers la place {n}|Al puesto {n}|إلى المركز {n}'
} as const
export type Message = keyof typeof MESSAGES

/** A text in every language of the pages, as above. */
export type Texts<Name extends string = string> = Readonly<Record<Name, string>>

/** The messages of all pages, and those of one page beside them. */
export type Words<More extends string = never> = {
  lang: Lang
  dir: 'ltr' | 'rtl'
  /** The message in the page's language, with `{name}` filled from `values`. */
  say(message: Message | More, values?: Record<string, string | number>): string
}

/** The messages in the best language for a tag such as `de-CH`; English where there is none. `more` is the page's own. */
export function createWords(tag: string): Words
export function createWords<More extends string>(tag: string, more: Texts<More>): Words<More>
export function createWords(tag: string, more: Texts = {}): Words<string> {
  const lang = LANGS.find(known => known === tag.toLowerCase().split('-')[0]) ?? 'en'
  const column = LANGS.indexOf(lang)
  const texts: Texts = { ...MESSAGES, ...more }
  return {
    lang,
    dir: lang === 'ar' ? 'rtl' : 'ltr',
    say: (message, values = {}) =>
      (texts[message]?.split('|')[column] ?? '').replace(/\{(\w+)\}/g, (_, name: string) =>
        String(values[name] ?? '')
      )
  }
}
