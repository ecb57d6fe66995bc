/** The languages of all pages, in the order in which every message below gives them. */
const LANGS = ['en', 'de', 'fr', 'es', 'ar'] as const
type Lang = (typeof LANGS)[number]

/** English | German | French | Spanish | Arabic; side by side, so that no language is forgotten. */
const MESSAGES = {
  place: 'Place|Platz|Place|Puesto|المركز',
  change: 'Change|Veränderung|Évolution|Cambio|التغيّر',
  competitor: 'Competitor|Teilnehmer|Concurrent|Competidor|المتسابق',
  rider: 'Rider|Fahrer|Cycliste|Ciclista|الدرّاج',
  country: 'Country|Land|Pays|País|البلد',
  class: 'Class|Klasse|Catégorie|Categoría|الفئة',
  lastLap: 'Last lap|Letzte Runde|Dernier tour|Última vuelta|آخر لفة',
  bestLap: 'Best lap|Beste Runde|Meilleur tour|Mejor vuelta|أفضل لفة',
  averageLap: 'Average of {n}|Schnitt aus {n}|Moyenne de {n}|Media de {n}|متوسط {n}',
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
  back: '{n} s back|{n} s zurück|{n} s derrière|a {n} s|متأخر {n} ث',
  backPoints: '{n} back|{n} zurück|{n} derrière|a {n}|متأخر {n}',
  leader: 'leader|Führung|en tête|líder|المتصدر',
  notValid: 'not valid|ungültig|non valable|no válida|غير صالحة',
  ride: 'Virtual ride|Virtuelle Fahrt|Course virtuelle|Carrera virtual|سباق افتراضي',
  game: 'Score game|Punktespiel|Jeu de score|Juego de puntos|لعبة نقاط',
  fastestLap:
    'Time trial, fastest lap|Zeitfahren, schnellste Runde|Contre-la-montre, meilleur tour|Contrarreloj, vuelta rápida|سباق زمني، أسرع لفة',
  averageLapRace:
    'Time trial, average lap|Zeitfahren, Rundenschnitt|Contre-la-montre, tour moyen|Contrarreloj, vuelta media|سباق زمني، متوسط اللفات',
  mostLaps: 'Most laps|Meiste Runden|Le plus de tours|Más vueltas|أكثر اللفات',
  places:
    'places {from}–{to} of {n}|Plätze {from}–{to} von {n}|places {from}–{to} sur {n}|puestos {from}–{to} de {n}|المراكز {from}–{to} من {n}',
  placesPinned:
    'places 1–3 stay, {from}–{to} of {n}|Plätze 1–3 bleiben, {from}–{to} von {n}|places 1–3 fixes, {from}–{to} sur {n}|puestos 1–3 fijos, {from}–{to} de {n}|المراكز 1–3 ثابتة، {from}–{to} من {n}',
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
  dnf: 'Did not finish|Nicht im Ziel|Abandon|No terminó|لم يُنهِ',
  dns: 'Did not start|Nicht gestartet|Non partant|No salió|لم ينطلق',
  dsq: 'Disqualified|Disqualifiziert|Disqualifié|Descalificado|مستبعد',
  nc: 'Not classified|Nicht gewertet|Non classé|No clasificado|غير مصنّف',
  noLap:
    'No valid lap yet|Noch keine gültige Runde|Aucun tour valable|Sin vuelta válida|لا لفة صالحة بعد',
  lapDown: '+{n} LAP|+{n} RUNDE|+{n} TOUR|+{n} VUELTA|+{n} لفة',
  lapsDown: '+{n} LAPS|+{n} RUNDEN|+{n} TOURS|+{n} VUELTAS|+{n} لفات',
  number: 'Number {bib}|Nummer {bib}|Numéro {bib}|Número {bib}|رقم {bib}',
  gained: 'gained {n}|{n} gewonnen|gagne {n}|gana {n}|تقدّم {n}',
  lost: 'lost {n}|{n} verloren|perd {n}|pierde {n}|تراجع {n}',
  leaderIs:
    'Leader: {name}, {value}|Führung: {name}, {value}|En tête : {name}, {value}|Líder: {name}, {value}|المتصدر: {name}، {value}',
  shared: 'shared|geteilt|ex æquo|compartido|مشترك',
  nameOrNumber: 'Name or number|Name oder Nummer|Nom ou numéro|Nombre o número|الاسم أو الرقم',
  following: 'Following|Du folgst|Suivis|Sigues a|المتابَعون',
  aroundYou: 'Around you|Um dich herum|Autour de vous|A tu alrededor|حولك',
  gapToLeader:
    'gap to the leader|Abstand zur Führung|écart sur la tête|distancia al líder|الفارق عن المتصدر',
  gapToYou: 'gap to you|Abstand zu dir|écart avec vous|distancia contigo|الفارق عنك',
  you: 'you|du|vous|tú|أنت',
  youAre:
    'You: place {place}, {value}|Du: Platz {place}, {value}|Vous : place {place}, {value}|Tú: puesto {place}, {value}|أنت: المركز {place}، {value}',
  yourLaps: 'Your laps|Deine Runden|Vos tours|Tus vueltas|لفاتك',
  lap: 'Lap|Runde|Tour|Vuelta|لفة',
  onTrack:
    'on track, lap {n}|auf der Strecke, Runde {n}|en piste, tour {n}|en pista, vuelta {n}|على المضمار، لفة {n}',
  toPlace: 'To place {n}|Zu Platz {n}|Vers la place {n}|Al puesto {n}|إلى المركز {n}',
  ofAll: 'of {n}|von {n}|sur {n}|de {n}|من {n}',
  top: 'Top {n}|Die ersten {n}|Les {n} premiers|Los {n} primeros|أول {n}',
  dataAsOf:
    'data as of {time}|Stand {time}|données de {time}|datos de las {time}|البيانات حتى {time}',
  race: 'Race|Rennen|Course|Carrera|السباق',
  me: 'Me|Ich|Moi|Yo|أنا',
  thisIsMe:
    'This is me: {name}|Das bin ich: {name}|C’est moi : {name}|Soy yo: {name}|هذا أنا: {name}',
  notMe: 'This is not me|Das bin ich nicht|Ce n’est pas moi|No soy yo|هذا ليس أنا',
  follow: 'Follow {name}|{name} folgen|Suivre {name}|Seguir a {name}|متابعة {name}',
  found: '{n} found|{n} gefunden|{n} trouvés|{n} encontrados|النتائج: {n}',
  nobodyFound:
    'Nobody found. Try a part of the name, or the number.|Niemand gefunden. Versuche einen Teil des Namens oder die Nummer.|Personne. Essayez une partie du nom ou le numéro.|Nadie. Prueba una parte del nombre o el número.|لا أحد. جرّب جزءًا من الاسم أو الرقم.',
  standings: 'Standings|Rangliste|Classement|Clasificación|الترتيب'
} as const
export type Message = keyof typeof MESSAGES

export type Words = {
  lang: Lang
  dir: 'ltr' | 'rtl'
  /** The message in the page's language, with `{name}` filled from `values`. */
  say(message: Message, values?: Record<string, string | number>): string
}

/** The messages in the best language for a tag such as `de-CH`; English where there is none. */
export function createWords(tag: string): Words {
  const lang = LANGS.find(known => known === tag.toLowerCase().split('-')[0]) ?? 'en'
  const column = LANGS.indexOf(lang)
  return {
    lang,
    dir: lang === 'ar' ? 'rtl' : 'ltr',
    say: (message, values = {}) =>
      (MESSAGES[message].split('|')[column] ?? '').replace(/\{(\w+)\}/g, (_, name: string) =>
        String(values[name] ?? '')
      )
  }
}
