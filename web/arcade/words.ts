import { SEAT_TEXTS } from '../seat/words.ts'
import type { Words } from '../words.ts'
import { GAME_TEXTS } from './gameWords.ts'

/** What only the game's page says, in the languages and their order of all pages. */
export const ARCADE_TEXTS = {
  ...SEAT_TEXTS,
  ...GAME_TEXTS,
  chooseSession:
    'Choose a session|Wähle eine Session|Choisissez une session|Elige una sesión|اختر جلسة',
  noSession:
    'No session is open. The next one shows up here.|Gerade ist keine Session offen. Die nächste erscheint hier.|Aucune session ouverte. La prochaine s’affichera ici.|No hay ninguna sesión abierta. La próxima aparecerá aquí.|لا توجد جلسة مفتوحة. ستظهر التالية هنا.',
  startsInTime:
    'starts in {time}|Start in {time}|départ dans {time}|empieza en {time}|تبدأ خلال {time}',
  startsByHand:
    'starts when all are there|beginnt, wenn alle da sind|commence quand tout le monde est là|empieza cuando estén todos|تبدأ عند حضور الجميع',
  runsNow:
    'running, {time} left|läuft, noch {time}|en cours, encore {time}|en curso, quedan {time}|جارية، متبقٍّ {time}',
  waitForStart:
    'You have a seat. Keep this page open: it starts by itself, for everyone at once.|Du hast einen Platz. Lass die Seite offen: Sie startet von selbst, für alle zugleich.|Vous avez une place. Gardez la page ouverte : le départ se fait seul, pour tous en même temps.|Tienes plaza. Deja la página abierta: empieza sola, para todos a la vez.|لديك مكان. أبقِ الصفحة مفتوحة: ستبدأ وحدها للجميع معًا.',
  manyTrials:
    'Play as often as you like until time is up. Your best game counts.|Spiel, so oft du willst, bis die Zeit um ist. Dein bestes Spiel zählt.|Jouez autant que vous voulez jusqu’à la fin. Votre meilleure partie compte.|Juega cuanto quieras hasta que acabe el tiempo. Cuenta tu mejor partida.|العب ما شئت حتى ينتهي الوقت. تُحتسب أفضل لعبة.',
  oneTrial:
    'One game each. Make it count.|Ein Spiel für jeden. Mach etwas daraus.|Une seule partie chacun. À vous de jouer.|Una sola partida cada uno. Aprovéchala.|لعبة واحدة لكل لاعب. اغتنمها.',
  playField: 'Playing field|Spielfeld|Terrain de jeu|Campo de juego|ساحة اللعب',
  byKeys:
    'Arrow keys or A and D move, space fires.|Pfeiltasten oder A und D bewegen, die Leertaste schießt.|Flèches ou A et D pour bouger, espace pour tirer.|Flechas o A y D para mover, espacio para disparar.|الأسهم أو A وD للتحرك، والمسافة للإطلاق.',
  byTouch:
    'Drag to move. The ship fires while you touch.|Zieh, um zu steuern. Solange du berührst, wird geschossen.|Glissez pour bouger. Le tir continue tant que vous touchez.|Arrastra para mover. Dispara mientras tocas.|اسحب للتحرك. تُطلق النار ما دمت تلمس.',
  aims: 'Stop the rows before they reach the line. Crosses cost a life. The diamond is worth up to {n}.|Halte die Reihen vor der Linie auf. Kreuze kosten ein Leben. Die Raute bringt bis zu {n}.|Arrêtez les rangs avant la ligne. Les croix coûtent une vie. Le losange vaut jusqu’à {n}.|Detén las filas antes de la línea. Las cruces cuestan una vida. El rombo vale hasta {n}.|أوقف الصفوف قبل الخط. الصلبان تكلّف حياة. المعيّن يساوي حتى {n}.',
  paused: 'Paused|Pause|En pause|En pausa|متوقف مؤقتًا',
  pause: 'Pause|Pause|Pause|Pausa|إيقاف مؤقت',
  goOn: 'Go on|Weiter|Continuer|Seguir|متابعة',
  gameOver: 'Game over|Spiel vorbei|Partie terminée|Fin de la partida|انتهت اللعبة',
  again: 'Play again|Noch einmal|Rejouer|Jugar otra vez|العب مجددًا',
  nextLevel: 'Level {n}|Level {n}|Niveau {n}|Nivel {n}|المستوى {n}',
  livesLeft:
    'Lives left: {n}|Leben übrig: {n}|Vies restantes : {n}|Vidas restantes: {n}|الأرواح المتبقية: {n}',
  yourBest: 'Your best|Dein Bestes|Votre meilleur|Tu mejor|أفضل ما لديك',
  game: 'Game {n}|Spiel {n}|Partie {n}|Partida {n}|اللعبة {n}',
  ofAll: 'of {n}|von {n}|sur {n}|de {n}|من {n}',
  top: 'Top {n}|Die ersten {n}|Les {n} premiers|Los {n} primeros|أول {n}',
  you: 'you|du|vous|tú|أنت',
  timeUp: 'Time is up|Die Zeit ist um|C’est fini|Se acabó el tiempo|انتهى الوقت',
  counting:
    'The last scores are being counted.|Die letzten Punkte werden gezählt.|Les derniers scores sont comptés.|Se cuentan los últimos puntos.|تُحتسب آخر النقاط.',
  abortedSession:
    'The session was stopped. It has no result.|Die Session wurde abgebrochen. Es gibt kein Ergebnis.|La session a été arrêtée. Il n’y a pas de résultat.|La sesión se detuvo. No hay resultado.|أُوقفت الجلسة، ولا نتيجة لها.',
  runsLate:
    'running, and takes nobody any more|läuft und nimmt niemanden mehr auf|en cours, et ne prend plus personne|en curso, y ya no admite a nadie|جارية ولا تقبل أحدًا بعد الآن',
  toRaces: 'All sessions|Alle Sessions|Toutes les sessions|Todas las sesiones|كل الجلسات',
  toNext:
    'Join the next session|Zur nächsten Session|Rejoindre la session suivante|Unirse a la próxima sesión|انضم إلى الجلسة التالية'
} as const

export type ArcadeWords = Words<keyof typeof ARCADE_TEXTS>
