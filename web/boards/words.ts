import type { Words } from '../words.ts'

/** What only the boards page says, in the languages and their order of all pages. */
export const BOARDS_TEXTS = {
  hereNow: 'Here now|Jetzt|En ce moment|Ahora|الآن',
  past: 'Finished|Beendet|Terminées|Terminadas|المنتهية',
  allTime: 'All time|Ewige Liste|De tout temps|Histórico|كل الأوقات',
  nothingRuns:
    'Nothing is running just now.|Gerade läuft nichts.|Rien n’est en cours.|Ahora no hay nada en curso.|لا يجري أي سباق الآن.',
  nothingPast:
    'No race has finished yet.|Noch ist kein Rennen beendet.|Aucune course n’est terminée.|Aún no ha terminado ninguna carrera.|لم ينته أي سباق بعد.',
  nothingEver:
    'Nobody has a best here yet: be the first.|Hier hat noch niemand eine Bestleistung: Sei der Erste.|Personne n’a encore de record ici : soyez le premier.|Nadie tiene aún una marca aquí: sé el primero.|لا أحد لديه رقم هنا بعد: كن الأول.',
  notYet:
    'This race has no results yet.|Dieses Rennen hat noch keine Ergebnisse.|Cette course n’a pas encore de résultats.|Esta carrera aún no tiene resultados.|لا نتائج لهذا السباق بعد.',
  noSuch:
    'There is no such race.|Dieses Rennen gibt es nicht.|Cette course n’existe pas.|Esta carrera no existe.|لا يوجد سباق كهذا.',
  race: 'Race|Rennen|Course|Carrera|السباق',
  course: 'Course|Strecke|Parcours|Recorrido|المسار',
  board: 'Board|Wertung|Classement|Clasificación|اللوحة',
  class: 'Class|Klasse|Catégorie|Categoría|الفئة',
  everyClass: 'All classes|Alle Klassen|Toutes catégories|Todas las categorías|كل الفئات',
  placeInClass:
    'Place in class {class}|Platz in Klasse {class}|Place en catégorie {class}|Puesto en la categoría {class}|المركز في الفئة {class}',
  overall: 'overall {n}|gesamt {n}|général {n}|general {n}|عام {n}',
  olderRaces: 'Older races|Ältere Rennen|Courses plus anciennes|Carreras anteriores|سباقات أقدم',
  more: 'Show more|Mehr zeigen|Afficher plus|Mostrar más|عرض المزيد',
  shownOf: '{n} of {of}|{n} von {of}|{n} sur {of}|{n} de {of}|{n} من {of}',
  onlyTop:
    'Places beyond {n} are known to their owners alone.|Plätze nach {n} kennen nur ihre Inhaber.|Après la place {n}, chacun connaît la sienne.|Más allá del puesto {n} cada cual conoce el suyo.|بعد المركز {n} يعرف كل شخص مركزه فقط.',
  shareLink: 'Share|Teilen|Partager|Compartir|مشاركة',
  copied: 'Link copied|Link kopiert|Lien copié|Enlace copiado|نُسخ الرابط',
  asTable: 'Table (CSV)|Tabelle (CSV)|Tableau (CSV)|Tabla (CSV)|جدول (CSV)',
  asData: 'Data (JSON)|Daten (JSON)|Données (JSON)|Datos (JSON)|بيانات (JSON)',
  ofThisCourse:
    'All time on {course}|Ewige Liste: {course}|De tout temps : {course}|Histórico: {course}|كل الأوقات: {course}',
  shots: 'Shots|Schüsse|Tirs|Disparos|الطلقات',
  yourBest: 'Your best|Deine Bestleistung|Votre meilleur|Tu mejor marca|أفضل ما لديك',
  placeOf: '{place} of {of}|{place} von {of}|{place} sur {of}|{place} de {of}|{place} من {of}',
  tiedWith: 'tied with {n}|gleichauf mit {n}|à égalité avec {n}|empatado con {n}|متعادل مع {n}',
  noBest:
    'You have no best on this board yet.|Du hast in dieser Wertung noch keine Bestleistung.|Vous n’avez pas encore de marque ici.|Aún no tienes marca en esta clasificación.|ليس لديك رقم على هذه اللوحة بعد.',
  raceTime: '{what}, {time}|{what}, {time}|{what}, {time}|{what}, {time}|{what}، {time}',
  dataAsOf:
    'data as of {time}|Stand {time}|données de {time}|datos de las {time}|البيانات حتى {time}'
} as const

export type BoardsWords = Words<keyof typeof BOARDS_TEXTS>
