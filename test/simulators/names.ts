import type { SeatRequest } from '#contract'
import { createRandom, pick } from './random.ts'

/**
 * Common given and family names of many languages, combined at random: nobody in particular.
 * Country, how the two are put together (`g` given, `f` family), given names, family names.
 */
const PEOPLES = [
  ['UAE', 'g f', 'ليلى أمير نور سلمى خالد', 'المنصوري حسيني الهاشمي العلي'],
  ['VIE', 'f g', 'Ánh_Tuyết Minh_Châu Quốc_Bảo Thu_Hà', 'Nguyễn Trần Lê Phạm Đặng'],
  ['ISL', 'g f', 'Þórdís Guðrún Sigríður Ásta', 'Guðmundsdóttir Jónsdóttir Þórsdóttir'],
  ['JPN', 'f g', 'さくら 大輔 陽菜 健太 美咲', '田中 山本 佐藤 鈴木 高橋'],
  ['KOR', 'fg', '지우 서연 민준 하은', '김 이 박 최'],
  ['ISR', 'g f', 'חנן נועה יעל דניאל', 'בן־חיים לוי כהן מזרחי'],
  ['GRE', 'g f', 'Ελένη Μαρία Κατερίνα', 'Παπαδοπούλου Οικονόμου Γεωργίου'],
  ['UKR', 'g f', 'Оксана Андрій Марія Тарас', 'Шевченко Коваленко Бондар'],
  ['IND', 'g f', 'Priya Arjun Ananya दीपा रोहन', 'Raghunathan Iyer Sharma वर्मा'],
  ['THA', 'g f', 'สมชาย กานดา ณัฐ', 'ใจดี ทองคำ ศรีสุข'],
  ['POL', 'g f', 'Łukasz Ewa Mateusz Zofia', 'Brzęczyszczykiewicz Błaszczyk Żak'],
  ['HUN', 'f g', 'Zsófia Ádám Réka Bence', 'Szentgyörgyi Kovács Szűcs'],
  ['IRL', 'g f', 'Siobhán Aoife Niamh', 'Ní_Bhriain Ní_Shúilleabháin Byrne'],
  ['FRA', 'g f', 'Chloé Françoise Rémi Loïc', 'd’Hérouville Lefèbvre-Duchâtelet Noël'],
  ['ESP', 'g f', 'Rosa_María Diego Íñigo Núria', 'Ibáñez Echeverría-Goicoechea Peña'],
  ['GER', 'g f', 'Anneliese Jürgen Björn Käthe', 'Überschär Groß von_Altenburg-Schönau'],
  ['TUR', 'g f', 'Yusuf Işıl Gökçe Mehmet_Özgür', 'Demirçelik Yılmaz Şahin'],
  ['SWE', 'g f', 'Åsa Örjan Maja Elsa', 'Björkqvist Ström Sjöberg'],
  ['NGR', 'g f', 'Ngozi Jude Chidi Yetunde', 'Chukwuemeka-Okonkwo Adeyemi Eze'],
  ['GBR', 'g f', 'Olive Tom Grace Al', 'Ng Featherstonehaugh Hill O’Neill']
] as const
const NICKNAMES = ['Turbo', 'Rex', 'Pedal', 'Cosmic', 'Captain', 'Mellow']
const THINGS = ['Toast 🍞', 'Velocity 🦖', 'Panda 🐼', 'Otter 🦦', 'Sprint ⚡', 'Family 👩‍👩‍👧']
const CLASSES = ['Open', 'U23', 'Masters']
/** One rider in so many goes by a nickname. */
const NICKNAME_EVERY = 9

/** What rider `number` of a field gives at registration. */
export function createCard(seed: number, number: number): SeatRequest {
  const random = createRandom(seed, ~number)
  const [country, order, given, family] = pick(random, PEOPLES)
  const word = (list: string) => pick(random, list.split(' ')).replaceAll('_', ' ')
  const names = { g: word(given), f: word(family) }
  const named = order.replace(/[gf]/g, part => names[part as 'g' | 'f'])
  const nicknamed = `${pick(random, NICKNAMES)} ${pick(random, THINGS)}`
  return {
    nickname: random() * NICKNAME_EVERY < 1 ? nicknamed : named,
    country,
    class: pick(random, CLASSES)
  }
}
