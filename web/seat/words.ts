/** What pages with a seat say, in the languages and their order of all pages. */
export const SEAT_TEXTS = {
  nickname: 'Nickname|Spitzname|Pseudo|Apodo|الاسم المستعار',
  country:
    'Country, three letters|Land, drei Buchstaben|Pays, trois lettres|País, tres letras|البلد، ثلاثة أحرف',
  group: 'Class|Klasse|Catégorie|Categoría|الفئة',
  code: 'Access code|Zugangscode|Code d’accès|Código de acceso|رمز الدخول',
  join: 'Take a seat|Platz nehmen|Prendre une place|Ocupar una plaza|احجز مكانًا',
  joining: 'One moment|Einen Moment|Un instant|Un momento|لحظة',
  leave: 'Give the seat back|Platz zurückgeben|Rendre la place|Devolver la plaza|إعادة المكان',
  signIn: 'Sign in|Anmelden|Se connecter|Iniciar sesión|تسجيل الدخول',
  signInFirst:
    'This race gives each person one seat: sign in first.|Dieses Rennen gibt jeder Person einen Platz: Melde dich zuerst an.|Cette course donne une place par personne : connectez-vous d’abord.|Esta carrera da una plaza por persona: inicia sesión primero.|هذا السباق يمنح كل شخص مكانًا واحدًا: سجّل الدخول أولًا.',
  signInFailed:
    'The sign-in came to nothing. Try it again.|Die Anmeldung ist fehlgeschlagen. Versuche es noch einmal.|La connexion a échoué. Réessayez.|No se pudo iniciar sesión. Inténtalo de nuevo.|لم ينجح تسجيل الدخول. حاول مرة أخرى.',
  full: 'All seats are taken.|Alle Plätze sind belegt.|Toutes les places sont prises.|Todas las plazas están ocupadas.|كل الأماكن محجوزة.',
  toNext:
    'Join the next race|Zum nächsten Rennen|Rejoindre la course suivante|Unirse a la próxima carrera|انضم إلى السباق التالي',
  toRaces: 'All races|Alle Rennen|Toutes les courses|Todas las carreras|كل السباقات',
  nameTaken:
    'Somebody in this race has this name. Choose another.|Jemand in diesem Rennen heißt schon so. Wähle einen anderen Namen.|Ce nom est déjà pris dans cette course. Choisissez-en un autre.|Alguien en esta carrera ya usa este nombre. Elige otro.|هذا الاسم مستخدم في السباق. اختر اسمًا آخر.',
  nameRefused:
    'This name cannot be shown. Choose another.|Dieser Name kann nicht gezeigt werden. Wähle einen anderen.|Ce nom ne peut pas être affiché. Choisissez-en un autre.|Este nombre no se puede mostrar. Elige otro.|لا يمكن عرض هذا الاسم. اختر اسمًا آخر.',
  codeWrong:
    'The code is wrong. Ask at the desk, and mind the letters.|Der Code stimmt nicht. Frage am Empfang und achte auf die Buchstaben.|Le code est faux. Demandez à l’accueil et vérifiez les lettres.|El código no es correcto. Pregunta en el mostrador y revisa las letras.|الرمز غير صحيح. اسأل عند المكتب وتحقق من الحروف.',
  notOpen:
    'This race takes nobody at the moment.|Dieses Rennen nimmt gerade niemanden auf.|Cette course ne prend personne pour le moment.|Esta carrera no admite a nadie por ahora.|هذا السباق لا يقبل أحدًا الآن.',
  noLink:
    'No answer. Check your network and try again.|Keine Antwort. Prüfe dein Netz und versuche es noch einmal.|Pas de réponse. Vérifiez votre réseau et réessayez.|Sin respuesta. Comprueba la red e inténtalo de nuevo.|لا إجابة. تحقق من الشبكة وحاول مجددًا.',
  tooMany:
    'Too many at once. Try again in a moment.|Zu viele auf einmal. Versuche es gleich noch einmal.|Trop de demandes à la fois. Réessayez dans un instant.|Demasiados a la vez. Inténtalo en un momento.|طلبات كثيرة دفعة واحدة. حاول بعد لحظة.',
  refused:
    'That was refused: {why}|Das wurde abgelehnt: {why}|Refusé : {why}|Rechazado: {why}|رُفض الطلب: {why}',
  sentWaiting:
    '{sent} sent, {waiting} waiting|{sent} gesendet, {waiting} warten|{sent} envoyés, {waiting} en attente|{sent} enviados, {waiting} en espera|أُرسل {sent}، ينتظر {waiting}',
  lostReadings:
    '{n} not accepted|{n} nicht angenommen|{n} non acceptés|{n} no aceptados|لم يُقبل {n}',
  stillThere: 'Still there?|Noch da?|Toujours là ?|¿Sigues ahí?|هل ما زلت هنا؟',
  stillThereIn:
    'Touch the page, or your seat goes to somebody else in {n} s.|Berühre die Seite, sonst wird dein Platz in {n} s frei.|Touchez la page, sinon votre place sera libérée dans {n} s.|Toca la página o tu plaza quedará libre en {n} s.|المس الصفحة، وإلا يُعطى مكانك لغيرك بعد {n} ث.',
  iAmHere: 'I am here|Ich bin da|Je suis là|Estoy aquí|أنا هنا',
  endedLeft:
    'You gave your seat back.|Du hast deinen Platz zurückgegeben.|Vous avez rendu votre place.|Has devuelto tu plaza.|أعدت مكانك.',
  endedIdle:
    'Your seat was given to others: there was no sign of you for a while.|Dein Platz wurde frei: Eine Weile war nichts von dir zu hören.|Votre place a été libérée : plus aucun signe de vous.|Tu plaza quedó libre: no hubo señales tuyas.|أُخلي مكانك لعدم وجود نشاط منك.',
  endedClosed:
    'The race has ended, and takes nothing more.|Das Rennen ist vorbei und nimmt nichts mehr an.|La course est finie et n’accepte plus rien.|La carrera terminó y no admite más.|انتهى السباق ولا يقبل المزيد.',
  leftUnsent:
    '{n} readings came too late to count.|{n} Messwerte kamen zu spät.|{n} mesures arrivées trop tard.|{n} lecturas llegaron demasiado tarde.|وصلت {n} قراءات متأخرة ولم تُحتسب.'
} as const
