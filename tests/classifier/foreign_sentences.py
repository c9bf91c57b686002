"""Mild sentences of message boards, in languages that are written in Latin letters.

Somali is in none of our lists: it stands for the languages that nobody thought of. The word lists
were written before the sentences. The rule's numbers were set on the sentences of even number,
counted from 0 in each language; those of odd number were looked at when all was done.
"""

from __future__ import annotations

_TABLE = {
    "Afrikaans": """
        Baie dankie vir jou hulp, ek waardeer dit regtig.
        Ek weet nie waarom die bladsy nie oopmaak nie.
        Het iemand dalk 'n goeie resep vir melktert?
        Ons gaan môre see toe met die kinders.
        Dit was 'n lekker dag.
        My kat slaap die hele dag op die bank.
        Wat dink julle van die nuwe fliek?
        Die weer is vandag baie mooi in Kaapstad.
        Hoe gaan dit?
        Ek soek 'n tweedehandse fiets, enige voorstelle?
    """,
    "Albanian": """
        Faleminderit shumë për ndihmën tënde.
        A e di dikush si ta rregulloj këtë problem?
        Nuk e kuptoj pse nuk funksionon faqja.
        Sot moti është shumë i bukur në Tiranë.
        Mirëdita të gjithëve, jam i ri këtu.
        Macja ime fle gjithë ditën.
        Ku mund të blej një biçikletë të lirë?
        Më pëlqen shumë kjo këngë.
        Si jeni?
        Nesër do të shkojmë në det me fëmijët.
    """,
    "Basque": """
        Eskerrik asko zure laguntzagatik.
        Ez dakit zergatik ez dabilen orria.
        Gaur eguraldi ona egiten du Bilbon.
        Kaixo denoi, berria naiz hemen.
        Nire katuak egun osoa lo egiten du.
        Non eros dezaket bizikleta merke bat?
        Asko gustatzen zait abesti hau.
        Bihar hondartzara joango gara haurrekin.
        Zer moduz?
        Zer iruditzen zaizue film berria?
    """,
    "Catalan": """
        Moltes gràcies per la teva ajuda.
        No entenc per què la pàgina no s'obre.
        Algú sap on puc comprar una bicicleta barata?
        Avui fa molt bon temps a Barcelona.
        Hola a tothom, sóc nou aquí.
        El meu gat dorm tot el dia al sofà.
        Què us sembla la nova pel·lícula?
        M'agrada molt aquesta cançó.
        Com estàs?
        Demà anirem a la platja amb els nens.
    """,
    "Croatian": """
        Hvala ti puno na pomoći, stvarno cijenim.
        Ne znam zašto se stranica ne otvara.
        Zna li netko gdje mogu kupiti jeftin bicikl?
        Danas je vrijeme jako lijepo u Zagrebu.
        Pozdrav svima, nova sam ovdje.
        Moja mačka spava cijeli dan na kauču.
        Što mislite o novom filmu?
        Baš mi se sviđa ova pjesma.
        Kako si?
        Sutra idemo na more s djecom.
    """,
    "Czech": """
        Moc děkuji za pomoc, opravdu si toho vážím.
        Nevím, proč se ta stránka neotevírá.
        Neví někdo, kde koupit levné kolo?
        Dnes je v Praze krásné počasí.
        Ahoj všichni, jsem tady nový.
        Moje kočka spí celý den na gauči.
        Co si myslíte o tom novém filmu?
        Tahle písnička se mi moc líbí.
        Jak se máš?
        Zítra jedeme s dětmi k vodě.
    """,
    "Danish": """
        Mange tak for hjælpen, det sætter jeg pris på.
        Jeg forstår ikke, hvorfor siden ikke åbner.
        Er der nogen, der ved, hvor man kan købe en billig cykel?
        Vejret er dejligt i København i dag.
        Hej alle sammen, jeg er ny her.
        Min kat sover hele dagen på sofaen.
        Hvad synes I om den nye film?
        Jeg elsker den her sang.
        Hvordan går det?
        I morgen tager vi til stranden med børnene.
    """,
    "Dutch": """
        Heel erg bedankt voor je hulp!
        Ik begrijp niet waarom de pagina niet opent.
        Weet iemand waar ik een goedkope fiets kan kopen?
        Het is vandaag prachtig weer in Utrecht.
        Hallo allemaal, ik ben hier nieuw.
        Mijn kat slaapt de hele dag op de bank.
        Wat vinden jullie van de nieuwe film?
        Dit liedje vind ik echt leuk.
        Hoe gaat het?
        Morgen gaan we met de kinderen naar het strand.
    """,
    "Esperanto": """
        Multan dankon pro via helpo.
        Mi ne komprenas kial la paĝo ne malfermiĝas.
        Ĉu iu scias kie mi povas aĉeti malmultekostan biciklon?
        Hodiaŭ la vetero estas tre bela.
        Saluton al ĉiuj, mi estas nova ĉi tie.
        Mia kato dormas la tutan tagon.
        Kion vi pensas pri la nova filmo?
        Mi tre ŝatas ĉi tiun kanton.
        Kiel vi fartas?
        Morgaŭ ni iros al la plaĝo kun la infanoj.
    """,
    "Estonian": """
        Suur aitäh abi eest!
        Ma ei saa aru, miks see leht ei avane.
        Kas keegi teab, kust saab odava jalgratta osta?
        Täna on Tallinnas väga ilus ilm.
        Tere kõigile, ma olen siin uus.
        Minu kass magab terve päeva diivanil.
        Mida te uuest filmist arvate?
        Mulle väga meeldib see laul.
        Kuidas läheb?
        Homme läheme lastega randa.
    """,
    "Filipino": """
        Maraming salamat sa tulong mo.
        Hindi ko alam kung bakit ayaw bumukas ng pahina.
        May alam ba kayo kung saan makakabili ng murang bisikleta?
        Ang ganda ng panahon ngayon sa Maynila.
        Magandang umaga sa inyong lahat, bago lang ako dito.
        Natutulog buong araw ang pusa ko.
        Ano ang masasabi ninyo sa bagong pelikula?
        Gustong gusto ko ang kantang ito.
        Kumusta ka?
        Pupunta kami sa dagat bukas kasama ang mga bata.
    """,
    "Finnish": """
        Kiitos paljon avusta!
        En ymmärrä, miksi sivu ei aukea.
        Tietääkö joku, mistä saa halvan polkupyörän?
        Tänään on Helsingissä todella kaunis ilma.
        Hei kaikki, olen täällä uusi.
        Kissani nukkuu koko päivän sohvalla.
        Mitä mieltä olette uudesta elokuvasta?
        Pidän tästä laulusta tosi paljon.
        Mitä kuuluu?
        Huomenna menemme lasten kanssa rannalle.
    """,
    "French": """
        Merci beaucoup pour ton aide, c'est très gentil.
        Je ne comprends pas pourquoi la page ne s'ouvre pas.
        Quelqu'un sait où acheter un vélo pas cher ?
        Il fait très beau aujourd'hui à Lyon.
        Bonjour à tous, je suis nouveau ici.
        Mon chat dort toute la journée sur le canapé.
        Que pensez-vous du nouveau film ?
        J'aime beaucoup cette chanson.
        Comment ça va ?
        Demain, nous irons à la plage avec les enfants.
    """,
    "Galician": """
        Moitas grazas pola túa axuda.
        Non entendo por que non abre a páxina.
        Alguén sabe onde podo mercar unha bicicleta barata?
        Hoxe fai moi bo tempo en Vigo.
        Ola a todos, son novo aquí.
        O meu gato dorme todo o día no sofá.
        Que vos parece a nova película?
        Gústame moito esta canción.
        Como estás?
        Mañá imos á praia cos nenos.
    """,
    "German": """
        Vielen Dank für deine Hilfe, das ist wirklich nett.
        Ich verstehe nicht, warum die Seite nicht aufgeht.
        Weiß jemand, wo man ein günstiges Fahrrad kaufen kann?
        Das Wetter ist heute sehr schön in Hamburg.
        Hallo zusammen, ich bin neu hier.
        Meine Katze schläft den ganzen Tag auf dem Sofa.
        Was haltet ihr von dem neuen Film?
        Dieses Lied gefällt mir gut.
        Wie geht's dir?
        Morgen fahren wir mit den Kindern an den See.
    """,
    "Haitian Creole": """
        Mèsi anpil pou èd ou.
        Mwen pa konprann poukisa paj la pa louvri.
        Èske gen moun ki konnen ki kote mwen ka achte yon bisiklèt?
        Jodi a tan an bèl anpil.
        Bonjou tout moun, mwen nouvo isit la.
        Chat mwen an dòmi tout jounen an.
        Kisa nou panse sou nouvo fim nan?
        Mwen renmen chante sa a anpil.
        Kijan ou ye?
        Demen nou pral nan plaj ak timoun yo.
    """,
    "Hindi in Latin letters": """
        Bahut bahut dhanyavaad aapki madad ke liye.
        Mujhe samajh nahi aa raha ki page kyun nahi khul raha.
        Kisi ko pata hai sasti cycle kahan milegi?
        Aaj Dilli mein mausam bahut accha hai.
        Namaste dosto, main yahan naya hoon.
        Meri billi pura din soti rehti hai.
        Nayi film ke baare mein aap kya sochte ho?
        Mujhe yeh gaana bahut pasand hai.
        Kaise ho bhai?
        Kal hum bachchon ke saath park jayenge.
    """,
    "Hungarian": """
        Nagyon köszönöm a segítséget!
        Nem értem, miért nem nyílik meg az oldal.
        Tudja valaki, hol lehet olcsó biciklit venni?
        Ma nagyon szép idő van Budapesten.
        Sziasztok, új vagyok itt.
        A macskám egész nap a kanapén alszik.
        Mit gondoltok az új filmről?
        Nagyon tetszik ez a dal.
        Hogy vagy?
        Holnap a gyerekekkel a Balatonra megyünk.
    """,
    "Icelandic": """
        Takk kærlega fyrir hjálpina.
        Ég skil ekki af hverju síðan opnast ekki.
        Veit einhver hvar ég get keypt ódýrt hjól?
        Veðrið er mjög gott í Reykjavík í dag.
        Halló öllsömul, ég er ný hérna.
        Kötturinn minn sefur allan daginn í sófanum.
        Hvað finnst ykkur um nýju myndina?
        Mér finnst þetta lag mjög skemmtilegt.
        Hvernig hefurðu það?
        Á morgun förum við á ströndina með krakkana.
    """,
    "Indonesian": """
        Terima kasih banyak atas bantuannya.
        Saya tidak mengerti kenapa halamannya tidak bisa dibuka.
        Ada yang tahu di mana beli sepeda murah?
        Hari ini cuacanya bagus sekali di Bandung.
        Halo semuanya, saya baru di sini.
        Kucingku tidur seharian di sofa.
        Bagaimana pendapat kalian tentang film baru itu?
        Aku suka banget lagu ini.
        Apa kabar?
        Besok kami pergi ke pantai bersama anak-anak.
    """,
    "Irish": """
        Go raibh míle maith agat as do chabhair.
        Ní thuigim cén fáth nach n-osclaíonn an leathanach.
        An bhfuil a fhios ag aon duine cá bhfuil rothar saor le fáil?
        Tá an aimsir go hálainn i nGaillimh inniu.
        Dia daoibh go léir, tá mé nua anseo.
        Codlaíonn mo chat an lá ar fad.
        Cad a cheapann sibh faoin scannán nua?
        Is breá liom an t-amhrán seo.
        Conas atá tú?
        Beimid ag dul go dtí an trá amárach leis na páistí.
    """,
    "Italian": """
        Grazie mille per l'aiuto, sei molto gentile.
        Non capisco perché la pagina non si apre.
        Qualcuno sa dove posso comprare una bici economica?
        Oggi il tempo è bellissimo a Torino.
        Ciao a tutti, sono nuovo qui.
        Il mio gatto dorme tutto il giorno sul divano.
        Cosa ne pensate del nuovo film?
        Questa canzone mi piace tantissimo.
        Come stai?
        Domani andiamo al mare con i bambini.
    """,
    "Latvian": """
        Liels paldies par palīdzību!
        Es nesaprotu, kāpēc lapa neatveras.
        Vai kāds zina, kur var nopirkt lētu velosipēdu?
        Šodien Rīgā ir ļoti jauks laiks.
        Sveiki visiem, es te esmu jauns.
        Mans kaķis visu dienu guļ uz dīvāna.
        Ko jūs domājat par jauno filmu?
        Man ļoti patīk šī dziesma.
        Kā tev iet?
        Rīt mēs ar bērniem brauksim uz jūru.
    """,
    "Lithuanian": """
        Labai ačiū už pagalbą!
        Nesuprantu, kodėl puslapis neatsidaro.
        Gal kas žino, kur galima nusipirkti pigų dviratį?
        Šiandien Vilniuje labai gražus oras.
        Sveiki visi, aš čia naujas.
        Mano katė visą dieną miega ant sofos.
        Ką manote apie naują filmą?
        Man labai patinka ši daina.
        Kaip sekasi?
        Rytoj su vaikais važiuosime prie jūros.
    """,
    "Malay": """
        Terima kasih banyak kerana tolong saya.
        Saya tak faham kenapa halaman itu tak boleh dibuka.
        Ada sesiapa tahu mana nak beli basikal murah?
        Cuaca hari ini sangat cantik di Kuala Lumpur.
        Selamat pagi semua, saya baru di sini.
        Kucing saya tidur sepanjang hari.
        Apa pendapat korang tentang filem baru tu?
        Saya suka sangat lagu ini.
        Apa khabar?
        Esok kami nak pergi pantai dengan budak-budak.
    """,
    "Norwegian": """
        Tusen takk for hjelpen, det setter jeg pris på.
        Jeg skjønner ikke hvorfor siden ikke åpner seg.
        Er det noen som vet hvor man kan kjøpe en billig sykkel?
        Været er nydelig i Bergen i dag.
        Hei alle sammen, jeg er ny her.
        Katten min sover hele dagen på sofaen.
        Hva synes dere om den nye filmen?
        Jeg liker denne sangen veldig godt.
        Hvordan går det?
        I morgen drar vi på stranda med barna.
    """,
    "Polish": """
        Bardzo dziękuję za pomoc, naprawdę to doceniam.
        Nie rozumiem, dlaczego strona się nie otwiera.
        Czy ktoś wie, gdzie kupić tani rower?
        Dzisiaj w Krakowie jest piękna pogoda.
        Cześć wszystkim, jestem tu nowy.
        Mój kot śpi cały dzień na kanapie.
        Co myślicie o nowym filmie?
        Bardzo mi się podoba ta piosenka.
        Jak się masz?
        Jutro jedziemy z dziećmi nad morze.
    """,
    "Portuguese": """
        Muito obrigado pela ajuda, gostei bastante.
        Não entendo por que a página não abre.
        Alguém sabe onde posso comprar uma bicicleta barata?
        Hoje o tempo está lindo no Porto.
        Olá a todos, sou nova aqui.
        O meu gato dorme o dia inteiro no sofá.
        O que vocês acham do novo filme?
        Gosto muito desta música.
        Tudo bem?
        Amanhã vamos à praia com as crianças.
    """,
    "Romanian": """
        Mulțumesc foarte mult pentru ajutor.
        Nu înțeleg de ce nu se deschide pagina.
        Știe cineva de unde pot cumpăra o bicicletă ieftină?
        Astăzi vremea este foarte frumoasă la Cluj.
        Salut tuturor, sunt nou aici.
        Pisica mea doarme toată ziua pe canapea.
        Ce părere aveți despre noul film?
        Îmi place foarte mult melodia asta.
        Ce mai faci?
        Mâine mergem la mare cu copiii.
    """,
    "Russian in Latin letters": """
        Bolshoe spasibo za pomosh.
        Ya ne ponimayu pochemu stranica ne otkryvaetsya.
        Kto-nibud znaet gde kupit deshevyy velosiped?
        Segodnya v Moskve ochen horoshaya pogoda.
        Privet vsem, ya zdes noviy.
        Moya koshka spit ves den na divane.
        Chto vy dumaete o novom filme?
        Mne ochen nravitsya eta pesnya.
        Kak dela?
        Zavtra my poedem s detmi na more.
    """,
    "Slovak": """
        Veľmi pekne ďakujem za pomoc.
        Neviem, prečo sa tá stránka neotvára.
        Nevie niekto, kde kúpiť lacný bicykel?
        Dnes je v Bratislave krásne počasie.
        Ahojte všetci, som tu nový.
        Moja mačka spí celý deň na gauči.
        Čo si myslíte o tom novom filme?
        Táto pesnička sa mi veľmi páči.
        Ako sa máš?
        Zajtra ideme s deťmi k vode.
    """,
    "Slovene": """
        Najlepša hvala za pomoč.
        Ne razumem, zakaj se stran ne odpre.
        Ali kdo ve, kje lahko kupim poceni kolo?
        Danes je v Ljubljani zelo lepo vreme.
        Pozdravljeni vsi, nov sem tukaj.
        Moja mačka cel dan spi na kavču.
        Kaj mislite o novem filmu?
        Ta pesem mi je zelo všeč.
        Kako si?
        Jutri gremo z otroki na morje.
    """,
    "Somali": """
        Aad baad ugu mahadsan tahay caawimaaddaada.
        Ma fahmin sababta bogga u furmi waayay.
        Ma jiraa qof yaqaan meesha laga iibsado baaskiil jaban?
        Maanta cimiladu aad bay u fiican tahay Muqdisho.
        Salaan dhammaantiin, halkan waan ku cusubahay.
        Bisaddaydu maalintii oo dhan way hurudday.
        Maxaad ka qabtaan filimka cusub?
        Heestan aad baan u jeclahay.
        Sidee tahay?
        Berri waxaan carruurta ula tagaynaa xeebta.
    """,
    "Spanish": """
        Muchas gracias por tu ayuda, eres muy amable.
        No entiendo por qué no se abre la página.
        ¿Alguien sabe dónde puedo comprar una bicicleta barata?
        Hoy hace muy buen tiempo en Sevilla.
        Hola a todos, soy nuevo aquí.
        Mi gato duerme todo el día en el sofá.
        ¿Qué les parece la nueva película?
        Me gusta mucho esta canción.
        ¿Cómo estás?
        Mañana vamos a la playa con los niños.
    """,
    "Swahili": """
        Asante sana kwa msaada wako.
        Sielewi kwa nini ukurasa haufunguki.
        Kuna mtu anajua wapi naweza kununua baiskeli ya bei nafuu?
        Leo hali ya hewa ni nzuri sana Mombasa.
        Habari zenu wote, mimi ni mgeni hapa.
        Paka wangu analala siku nzima.
        Mnaonaje kuhusu filamu mpya?
        Ninapenda sana wimbo huu.
        Habari yako?
        Kesho tutaenda pwani pamoja na watoto.
    """,
    "Swedish": """
        Tack så mycket för hjälpen, det var snällt.
        Jag förstår inte varför sidan inte öppnas.
        Vet någon var man kan köpa en billig cykel?
        Det är jättefint väder i Göteborg idag.
        Hej allihop, jag är ny här.
        Min katt sover hela dagen i soffan.
        Vad tycker ni om den nya filmen?
        Jag gillar verkligen den här låten.
        Hur mår du?
        I morgon åker vi till stranden med barnen.
    """,
    "Turkish": """
        Yardımın için çok teşekkür ederim.
        Sayfanın neden açılmadığını anlamıyorum.
        Ucuz bisiklet nereden alınır bilen var mı?
        Bugün İzmir'de hava çok güzel.
        Herkese merhaba, burada yeniyim.
        Kedim bütün gün kanepede uyuyor.
        Yeni film hakkında ne düşünüyorsunuz?
        Bu şarkıyı çok seviyorum.
        Nasılsın?
        Yarın çocuklarla denize gidiyoruz.
    """,
    "Vietnamese": """
        Cảm ơn bạn rất nhiều vì đã giúp đỡ.
        Tôi không hiểu tại sao trang này không mở được.
        Có ai biết mua xe đạp rẻ ở đâu không?
        Hôm nay thời tiết ở Đà Nẵng rất đẹp.
        Chào mọi người, mình là thành viên mới.
        Con mèo của tôi ngủ cả ngày.
        Các bạn nghĩ gì về bộ phim mới?
        Mình rất thích bài hát này.
        Bạn khỏe không?
        Ngày mai chúng tôi đi biển với các con.
    """,
    "Welsh": """
        Diolch yn fawr iawn am eich help.
        Dydw i ddim yn deall pam nad yw'r dudalen yn agor.
        Oes rhywun yn gwybod ble galla i brynu beic rhad?
        Mae'r tywydd yn braf iawn yng Nghaerdydd heddiw.
        Helo bawb, dw i'n newydd yma.
        Mae fy nghath yn cysgu trwy'r dydd.
        Beth ydych chi'n feddwl o'r ffilm newydd?
        Dw i'n hoffi'r gân yma yn fawr.
        Sut mae?
        Yfory rydyn ni'n mynd i'r traeth gyda'r plant.
    """,
    "Zulu": """
        Ngiyabonga kakhulu ngosizo lwakho.
        Angiqondi ukuthi kungani ikhasi lingavuleki.
        Ukhona owaziyo ukuthi ngingalithenga kuphi ibhayisikili elishibhile?
        Namhlanje isimo sezulu sihle kakhulu eThekwini.
        Sanibonani nonke, ngimusha lapha.
        Ikati lami lilala usuku lonke.
        Nicabangani ngefilimu entsha?
        Ngiyayithanda kakhulu le ngoma.
        Unjani wena?
        Kusasa siya olwandle nezingane.
    """,
}
SENTENCES = {
    language: tuple(line.strip() for line in text.strip().splitlines())
    for language, text in _TABLE.items()
}
