"""The small words that no sentence does without, in English and in other languages.

They tell the language of a text of five words or more. All are folded: lower case, no accents.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words(
    "the and of to is it that you are be was were have has had not with this for but they we she "
    "his her him them my your our their what who how when where why which would could should can "
    "will just from about there here than then if or by at as been being did does don't i'm it's "
    "that's you're can't i'll i've didn't isn't won't because only some any all your u ur im dont "
    "like get got know think make people want one out up more"
)
_BY_LANGUAGE = {
    "cs": "jsem jsi neni ale jak tak proc protoze uz nebo kdyz jsou mam mas co ze se na by to je",
    "da": "og det er jeg ikke en til har du vi han som med af den hvad kan skal bare jo ogsa",
    "de": "der das und ist nicht ich du sie wir ihr ein eine einen mit auf fur den dem von zu es "
    "auch wie aber nur noch sind wenn mich dir mir kein dass bin bist schon doch mal",
    "es": "que de la el los las una por con para como pero mas este esta muy porque cuando tambien "
    "nada gusta eso yo tu mi su es y en lo le se si ya hay son del al un todo bien",
    "fi": "ja ei etta mutta kun niin mina sina ole olen oli kuin myos vain mita tama nyt ovat",
    "fr": "le les des est pas je tu il elle nous vous et dans pour que qui sur avec une un ce "
    "cette mais ne du au aux sont suis c'est j'ai ca tout de la plus sais veux",
    "id": "yang dan di ini itu tidak aku kamu untuk dengan ada saya akan dari bisa juga lagi kalau",
    "it": "che di il la non per un una sono con del della ma anche questo mi ti si ho hai perche "
    "molto piu gli nel lo le quando tutto cosi sei",
    "nl": "het een van ik je niet en dat zijn op voor met maar ook wat naar bij heel geen wel hij "
    "deze dit aan er nog zo als mijn dan",
    "pl": "nie sie jest na ze co jak tak ale dla przez juz mnie tylko bo jestem czy ty ja mi",
    "pt": "que nao uma um os do da em para com por mais mas isso voce eu ele ela muito sao foi tem "
    "seu sua esta de se na no",
    "ro": "nu este cu care pentru din mai ce la sunt ca pe si sa ai fost asta",
    "sv": "och att det ar jag inte en pa som med av till har den du han ett sa om kan vi",
    "tl": "ang ng sa na mga ako ko ka hindi ay naman lang yung ito kung po",
    "tr": "bir ve bu icin cok ne ben sen degil ama gibi daha var yok mi olarak",
}
OTHERS = tuple(_words(words) - ENGLISH for words in _BY_LANGUAGE.values())
