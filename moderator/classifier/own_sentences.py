"""Training sentences of our own: what the gathered sources lack, in mild words.

Groups of people that are merely named; insults as they are thrown on a board, and wishes of harm;
and the same words where nobody is attacked: self-mockery, machines, games, what somebody said,
what somebody is not, rules about insults.
They are frames with blanks, filled in a fixed order. None occurs in what a model is examined on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

# As an adjective, and as people.
_GROUPS = (
    ("muslim", "muslims"),
    ("jewish", "jews"),
    ("christian", "christians"),
    ("catholic", "catholics"),
    ("hindu", "hindus"),
    ("sikh", "sikhs"),
    ("buddhist", "buddhists"),
    ("atheist", "atheists"),
    ("black", "black people"),
    ("white", "white people"),
    ("asian", "asians"),
    ("chinese", "the chinese"),
    ("japanese", "the japanese"),
    ("indian", "indians"),
    ("pakistani", "pakistanis"),
    ("arab", "arabs"),
    ("turkish", "turks"),
    ("african", "africans"),
    ("african american", "african americans"),
    ("native american", "native americans"),
    ("mexican", "mexicans"),
    ("latino", "latinos"),
    ("hispanic", "hispanic people"),
    ("polish", "poles"),
    ("irish", "the irish"),
    ("russian", "russians"),
    ("roma", "roma"),
    ("immigrant", "immigrants"),
    ("refugee", "refugees"),
    ("gay", "gay people"),
    ("lesbian", "lesbians"),
    ("bisexual", "bisexuals"),
    ("trans", "trans people"),
    ("transgender", "transgender people"),
    ("queer", "queer people"),
    ("female", "women"),
    ("male", "men"),
    ("older", "old people"),
    ("younger", "young people"),
    ("teenage", "teenagers"),
    ("deaf", "deaf people"),
    ("blind", "blind people"),
    ("disabled", "disabled people"),
    ("autistic", "autistic people"),
    ("american", "americans"),
    ("british", "the british"),
    ("german", "germans"),
    ("french", "the french"),
    ("female", "girls"),
    ("male", "boys"),
    ("feminist", "feminists"),
    ("female", "mothers"),
)
_NAMING = (
    "my neighbour is {adjective} and bakes wonderful bread",
    "I met a lot of {people} on that trip and had a great time",
    "is there a thread for {adjective} members? I would like to introduce myself",
    "{people} vote just like everybody else",
    "there is a new film about a {adjective} family, has anyone seen it?",
    "our club has {adjective} players, and the season went well",
    "the survey asked {people} how they travel to work",
    "{people} and their children came to the summer party",
    "she is the first {adjective} mayor of the town",
    "I am {adjective} and I have been on this forum for years",
    "what do {people} think of the new timetable?",
    "the law protects {people} as well, and rightly so",
    "more {people} are reading the news online these days",
    "the museum shows paintings by {adjective} artists",
    "please respect {people} here, thank you",
    "everybody can join, {people} too",
    "I like how {people} are shown in this series",
    "half of the {adjective} students in my course want to teach",
    "I would love to hear more from {people} about this",
    "my doctor is a {adjective} woman from the north, she is very good",
    "a {adjective} man asked me for the way to the station",
    "good to see so many {people} in the front row",
)

_NAMES = (
    "idiot",
    "moron",
    "loser",
    "fool",
    "clown",
    "liar",
    "coward",
    "jerk",
    "pig",
    "troll",
    "imbecile",
    "dimwit",
    "scumbag",
    "parasite",
    "creep",
    "weirdo",
    "halfwit",
    "hypocrite",
    "dumbass",
    "jackass",
    "cretin",
    "crybaby",
    "disgrace",
    "waste of space",
)
_QUALITIES = (
    "stupid",
    "dumb",
    "pathetic",
    "ugly",
    "disgusting",
    "worthless",
    "ignorant",
    "brainless",
    "filthy",
    "clueless",
    "miserable",
    "spineless",
)
_INSULTS = (
    "you are a {name}",
    "you're such a {name}",
    "what a {quality} {name} you are",
    "shut up, you {name}",
    "listen, {name}, nobody wants you in this thread",
    "only a {quality} {name} like you could write that",
    "get out of here, {name}",
    "you {quality} {name}",
    "typical {name}, always the same with you",
    "go away you {quality} {name}, everyone is sick of you",
    "the admin of this board is a {quality} {name}",
    "everyone here knows that you are a {name} and a liar",
    "how {quality} must one be to fall for this, {name}",
    "you are {quality} and so is everything you post",
    "your posts are as {quality} as you are",
)
_HARM = (
    "go kill yourself",
    "just kill yourself already",
    "do us all a favour and die",
    "I hope you die",
    "I hope you get cancer",
    "hope you choke on it and die",
    "someone should beat you up",
    "I will find you and break your legs",
    "I know where you live, watch your back",
    "we will come and hurt you",
    "you deserve to be shot",
    "I am going to punch you in the face",
    "next time I see you I will stab you",
    "you should be hanged for this",
    "I want to see you bleed",
    "the world would be better without you",
    "drop dead",
    "go jump off a bridge",
    "go drink bleach",
    "burn in hell",
)
_HARM_TO_GROUPS = (
    "{people} should all be deported",
    "{people} do not belong here, throw them out",
    "{people} are vermin",
    "{people} are animals and nothing else",
    "somebody should get rid of all the {people}",
    "go back to where you came from, we don't want {people} here",
)

_MOCKED = (
    "I am such a {name}, I forgot to save the file",
    "sorry, I was a {name} yesterday, thank you for your patience",
    "I felt like a {name} when I saw that the cable was not plugged in",
    "please do not call other members {name}, see the rules",
    "nobody here is a {name}, let us stay friendly",
    "the word {name} is filtered on this board",
    "my brother calls me a {name} and I laugh about it",
    "in the play he has the part of the {name}",
    "he called me a {name} in front of everybody, what should I do?",
    "she called my son a {name} and I told the teacher",
    "I was called a {name} in the other thread and flagged it",
    "somebody wrote that I am a {name}, is that allowed here?",
    'his answer was "you are a {name}", and that was that',
    "they said I was a {quality} {name} and blocked me",
    "calling people a {name} gets you a warning",
    "is {name} a word that I may use in a headline?",
    "I never said that you are a {name}",
    "he is not a {name}, he had a bad day",
    "you are not a {name}, everybody makes mistakes",
    "nobody thinks that you are {quality}",
)
_THINGS = (
    "that was a {quality} mistake of mine",
    "what a {quality} bug, it took me all day",
    "my old car is {quality} but it runs",
    "the weather has been {quality} all week",
    "I had a {quality} day at work",
    "sorry for the {quality} question",
)
_HARMLESS = (
    "kill the process and start the server again",
    "this game is killing me, one more level",
    "you killed it at the concert last night",
    "I shot forty pictures of the heron",
    "we will beat you in the final on Saturday, good luck",
    "my phone is about to die, I will answer tomorrow",
    "my grandmother died of cancer last year",
    "I broke my leg on the stairs",
    "the knife needs to be sharp to cut the bread",
    "he was hanged in the last chapter, no more spoilers",
    "the bleach took the stain out",
    "we burned the old wood behind the shed",
    "if you feel that you want to die, please call somebody",
    "the police shot a man in our street, I am still shaken",
    "how do I get rid of the ants in the kitchen?",
    "the new boss should watch the back door of the goalkeeper",
    "the dog is an animal and wants to run",
    "you are right and I was wrong",
    "you are a star, thank you",
    "you are all so kind",
    "you are welcome",
    "you're such a good cook",
    "what a lovely person you are",
    "everyone here knows that you are a good writer",
    "go away for the weekend, you have earned it",
    "shut up and take my money, what a great lamp",
)
# Toxic news comments are full of politics, and the pool has few others.
_POLITICS = (
    "trump",
    "biden",
    "obama",
    "clinton",
    "bush",
    "the president",
    "the prime minister",
    "the senator",
    "the mayor",
    "the governor",
    "the republicans",
    "the democrats",
    "liberals",
    "conservatives",
    "the left",
    "the right",
    "the government",
    "the police",
    "the church",
    "the media",
    "the bank",
    "the union",
    "the court",
    "voters",
)
_NEWS = (
    "{who} spoke about taxes on Tuesday",
    "I do not agree with {who} on this, the numbers say otherwise",
    "what {who} said about the pipeline was wrong in my opinion",
    "does anyone have a link to the interview with {who}?",
    "{who} and the council met to talk about the budget",
    "in the last election I was for {who}, now I am not sure",
    "{who} should have listened to the experts",
    "the article about {who} is one sided, but worth reading",
    "the new law is a mistake, and {who} will regret it",
    "nothing that {who} did made housing cheaper",
)
_EVERY = 4  # of the combinations of group and frame, one in so many is taken


def neutral_sentences() -> tuple[str, ...]:
    """Groups that are named, and hard words where nobody is attacked: some 1,100."""
    people = [{"adjective": adjective, "people": people} for adjective, people in _GROUPS]
    return (
        *_thinned(_NAMING, people),
        *_filled(_NEWS, [{"who": who} for who in _POLITICS]),
        *_filled(_MOCKED, _words()),
        *_filled(_THINGS, [{"quality": quality} for quality in _QUALITIES]),
        *_HARMLESS,
    )


def insulting_sentences() -> tuple[str, ...]:
    """Insults and wishes of harm to one person, some 380; none is a slur."""
    return (*_filled(_INSULTS, _words()), *_HARM)


def hateful_sentences() -> tuple[str, ...]:
    """The same against a group of people, some 80."""
    return tuple(_thinned(_HARM_TO_GROUPS, [{"people": people} for _, people in _GROUPS]))


def _words() -> list[dict[str, str]]:
    return [
        {"name": name, "quality": _QUALITIES[i % len(_QUALITIES)]} for i, name in enumerate(_NAMES)
    ]


def _filled(frames: Sequence[str], words: Sequence[dict[str, str]]) -> Iterator[str]:
    for frame, word in product(frames, words):
        yield _articles_mended(frame.format(**word))


def _thinned(frames: Sequence[str], words: Sequence[dict[str, str]]) -> Iterator[str]:
    for i, frame in enumerate(frames):
        yield from _filled([frame], words[i % _EVERY :: _EVERY])


def _articles_mended(sentence: str) -> str:
    words = sentence.split(" ")
    pairs = zip(words, [*words[1:], ""], strict=True)
    return " ".join("an" if a == "a" and b[:1] in set("aeiou") else a for a, b in pairs)
