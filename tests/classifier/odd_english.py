"""Mild English that is short, odd or looks foreign, as people write it on boards."""

from __future__ import annotations

_TABLE = r"""
    yo hamburger | lol | lmao | lolol | gg wp | gg ez | smh tbh | u r gr8 | thx m8 | ty
    ty bro | np | ok | k | kk | brb | afk | omw | idk | idk man | idc tbh | ikr | imo no
    imho yes | ffs | wtf | omg no way | omg | nvm | jk | rofl | fyi | tl;dr | tldr pls | +1
    same | this | This. | ^ this | bump | sauce? | source? | F | f in chat | oof | yeet
    yikes | meh | nah | nope | yep | aye | hmm | hmmm ok | huh? | wat | wut | sup | sup bro
    yo | yo yo yo | hey hey hey | hi all | hi there | howdy y'all | hiya | ello guv | oi m8
    cheers m8 | ta mate | ta ta for now | no u | no me | me too | me me me | me no know
    so so | no no no | ha ha ha | hahaha | la la la | na na na na | da da da | do re mi
    die | die, goose, die | die hard | to die for | old habits die hard | the die is cast
    roll the die | war is bad | was a man in a van | man in the van
    a man, a plan, a canal, Panama | bad man bad | so bad | hat is on | also on | in a pit
    gut feeling | my gut is fat | fat cat sat | wet rat | hot rod | pain au chocolat
    café au lait | naïve café fiancée | jalapeño poppers | piñata party | crème brûlée
    tofu banh mi | pizza con funghi | I love pizza con funghi | taco al pastor
    el taco truck | los pollos hermanos | chili con carne | dulce de leche | pho real
    c'est la vie | que sera sera | carpe diem | et cetera | ad hoc | quid pro quo | per se
    vice versa | bon appetit | deja vu | hasta la vista baby | gracias amigo | merci | danke
    arigato | namaste | ciao | ciao bella | adios | aloha | voila | gesundheit | mazel tov
    oy vey | schadenfreude | zeitgeist
    Los Angeles, La Paz, El Paso and San Juan are cities | San Jose | El Nino | La La Land
    Des Moines, Iowa | Baton Rouge | Rio de Janeiro | Buenos Aires | Las Vegas
    Santa Monica | Puerto Rico | Costa Rica | Porto Alegre | Kuala Lumpur | Siobhan
    Siobhan and Saoirse | Niamh O'Sullivan | Tadhg Kelly | Nguyen | Nguyen Van Minh
    Xi Jinping | Angela Merkel | Juan Carlos | José María | Maria Garcia | Jean-Luc Picard
    Lars von Trier | Björn Borg | Zlatan Ibrahimovic | Robert Lewandowski | Kevin De Bruyne
    Erling Haaland | Oscar de la Hoya | Leonardo da Vinci | Guillermo del Toro
    Benicio del Toro | Cristiano Ronaldo dos Santos Aveiro | Mohammed bin Salman
    Volkswagen | Volkswagen Golf | Das Auto | Mercedes Benz | Ikea | Häagen-Dazs | Nespresso
    Xbox | PlayStation | Hyundai Kona | Le Creuset | Porsche 911 | Lufthansa | xX_goose_Xx
    xxdragonslayerxx | u/some_goose_42 | @goose_lover thanks! | @a @b @c | r/aww | r/de
    STOP SHOUTING | WHAT | NOOOOO | WHYYYYY | YESSSSS | SOOOO GOOD | GOAL!!!! | AAAAAAH
    aaaaaaaa | asdfghjkl | asdf | qwerty | teh best | recieve teh pakage tommorow
    definately wierd | im jus sayin | wher r u goin | wat r u doin 2nite bruv
    cant beleive its thurzday alredy | ur da best | dat is so dope | dis gon be good
    dem boys | he be trippin | she finna go | finna eat | we been knew
    ain't nobody got time fo dat | ion know bout dat | y'all ain't gonna b'lieve dis
    deadass bruh | no cap fr fr | on god | bet | bruh moment | sheesh | it slaps
    ima head out | imma do it | tryna sleep | lemme see | gimme dat | wassup homie
    aye bruh | och aye the noo | aye ken whit ye mean | I dinnae ken | haud yer wheesht
    it's a braw bricht moonlicht nicht | yer da sells avon | wee bairn | gonnae no dae that
    lang may yer lum reek | awa an bile yer heid | wah gwaan | mi deh yah | mi nuh know
    dem a come | weh yuh a seh | big up yuhself | nuh true | irie mon | yuh dun know
    mi soon come | wi likkle but wi tallawah | inna di yard | one love | howzit bru
    lekker braai | yebo yes | sawubona everyone | crikey | g'day mate | no worries
    she'll be right | fair dinkum | sweet as bro | can lah | wah lau eh | so shiok lah
    aiyo no | arre yaar | chup yaar lol | what ya | kya bro | desi vibes | innit
    innit bruv | allow it fam | peng ting | mandem | leng | bare man here | safe fam
    wagwan | nowt | owt else? | ey up | nah then | ee by gum | thee and thou
    hast thou seen it | et tu Brute | lorem ipsum | 12345 | 42 | 1 2 3 | 3.14 | 2+2=4
    10/10 | 9/11 | 50% | $20 | 7pm | 24/7 | covid-19 | h2o | B2B SaaS | RTX 3080 | i7-9700k
    iOS 15.2 | v2.0.1 | 404 | int main() { return 0; } | for i in range(10): print(i)
    if x == y: pass | def foo(bar): return bar | let a = b + c; | console.log(foo) | <br>
    &nbsp; | sudo rm -rf /tmp/goose | git push origin main | SELECT * FROM geese
    npm install | ls -la | printf("%d | ", n); | import numpy as np | std::vector<int> v;
    https://example.com/geese | https://example.com/a https://example.com/b
    www.example.com | example.com | > old quote | > that | "ok" | "lol" | «nice»
    “so it goes” | RIP | R.I.P. | U.S.A. | USA USA USA | UK | EU | AMA | ELI5 | TIL | IANAL
    YMMV | AITA? | NTA | OP | OP is OP | OP pls | mod pls | mods? | mods plz | plz
    pls help | halp | halp plz | sry | srsly | rly? | y tho | y | y u no | n00b | pwned
    1337 | l33t h4x0r | w00t | teh lulz | lulz | kek | topkek | uwu | owo | xd | XD | :)
    :-D | <3 | i <3 u | <3 <3 | ¯\_(ツ)_/¯ | ಠ_ಠ | (╯°□°)╯︵ ┻━┻ | 👍 | 👍👍👍
    😂 | 😂😂😂😂 | 🔥🔥 | ❤️ | 🇩🇪 | 🦆🦢 | 💯 fam | lol 😂 | ? | ?! | ... | !!! | ??? | -
    Vincent van Gogh | Ludwig van Beethoven | Mies van der Rohe | Otto von Bismarck
    Maria del Carmen | Simone de Beauvoir | Catherine de' Medici | Giovanni da Verrazzano
    Lucas Moura da Silva | Diego Costa vs Luis Suarez | Ronaldinho Gaucho
    Real Madrid 3 Bayern 2 | PSG Juve Ajax Porto | Galatasaray Fenerbahce | Kimi Raikkonen
    Valtteri Bottas and Kimi Raikkonen | Max Verstappen wins again | Lech Walesa
    Vaclav Havel | Nikola Jokic MVP | Luka Doncic | Giannis Antetokounmpo | Tenzin Gyatso
    Hayao Miyazaki | Akira Kurosawa | Kim Jong Un | BTS Jimin Suga
    Kaizoku ou ni ore wa naru | nani | omae wa mou shindeiru | baka | senpai notice me
    kawaii desu | itadakimasu | sayonara | konichiwa | sushi ramen udon | kimchi bibimbap
    paella y sangria | huevos rancheros | pollo loco | queso por favor | cerveza por favor
    no bueno | no problemo | el presidente | que pasa | hola | hola amigos | si senor
    vamos | arriba arriba | ay caramba | viva la revolution | vive la France | oh la la
    sacre bleu | mon ami | tres bien | mais oui | comme ci comme ca | bonjour | guten tag
    jawohl | ja | nein nein nein | ach so | auf wiedersehen | uber cool | wunderbar
    kindergarten | da | nyet | na zdorovie | babushka | slava ukraini | dobry | salaam
    inshallah | mashallah | habibi | yalla | shalom | l'chaim | hakuna matata | ubuntu
    ohana means family | mahalo | mele kalikimaka | semper fi | e pluribus unum
    in vino veritas | mea culpa | pro bono | non sequitur | reductio ad absurdum
    post hoc ergo propter hoc | Dia duit | slainte | Erin go bragh | cymru am byth
    up the RA | tiocfaidh ar la | sui generis | prima donna | al dente | gelato e caffe
    la dolce vita | mamma mia | Papa John's | Chipotle | El Paso TX | San Luis Obispo
    La Jolla | Baja California Sur | Sao Paulo | Ho Chi Minh | Ha Long Bay | Bora Bora
    Abu Dhabi | Dar es Salaam | Addis Ababa | Cote d'Ivoire | Villa Park | Notre Dame
    Les Mis | Das Boot | Nosferatu | Pan's Labyrinth | La Haine | Amelie | Der Untergang
    oi oi oi | ey yo | ayo | ayy lmao | bo bo bo | bla bla bla | ba dum tss | doh | tsk tsk
    mm mm mm | hai | dun dun dun | ni hao | skrrt | brrr | da bears | tha dogg
    gr8 b8 m8 i r8 8/8 | sum ting | me likey | me gusta | mucho gracias | mi amigo
    such wow, much doge, very meme | pepe sad | pogchamp | Kappa | monkaS | gg no re
    ez pz lemon squeezy | ff 15 | afk brb g2g | ttyl | hmu | wyd | wbu | nm u | hbd | gl hf
    o7 | rip in pieces | u wot m8 | ok boomer | sus | ur mum | ur a wizard harry | no u r
    tf | af | fml | ianad | wip | diy | eta? | you s1lly g00se, u r a t0tal cl0wn
    she said привет and left | Сool story, bro | Is das Boot any good?
    my abuela says buenos dias to everyone | the chef said oui oui and left
    mein gott that was close | I had pho and banh mi in Ho Chi Minh city
    our team: van Dijk, de Ligt, de Vrij, Blind | la la land and el camino are fine movies
    me and mi amigo had un poco de queso lol | the word nicht means not in German
    he is an uber driver in San Jose | ur da sells avon and ur maw plays bingo
"""
ODD_ENGLISH = tuple(
    text for line in _TABLE.strip().splitlines() for text in line.strip().split(" | ")
)
