import type { Words } from '../words.ts'

/** What only phones say, in the languages and their order of all pages. */
export const PHONE_TEXTS = {
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
  sensor: 'timer|Zeitnahme|chronomètre|cronómetro|المؤقّت',
  telemetry: 'telemetry|Telemetrie|télémétrie|telemetría|القياس عن بعد',
  hand: 'by hand|von Hand|à la main|a mano|يدويًا',
  resets:
    'resets\u00a0{n}|Rücksetzer\u00a0{n}|remises en piste\u00a0{n}|recolocaciones\u00a0{n}|إعادات\u00a0{n}',
  gone: '{name} is not in this race any more. If that is a surprise, the officials will gladly help.|{name} ist nicht mehr in diesem Rennen. Falls das überrascht: Die Offiziellen helfen gern.|{name} n’est plus dans cette course. En cas de surprise, les officiels vous aideront volontiers.|{name} ya no está en esta carrera. Si te sorprende, los jueces te ayudarán con gusto.|{name} لم يعد في هذا السباق. إن كان ذلك مفاجئًا فسيساعدك الحكّام بكل سرور.',
  understood: 'OK|OK|OK|OK|حسنًا'
} as const

export type PhoneWords = Words<keyof typeof PHONE_TEXTS>
