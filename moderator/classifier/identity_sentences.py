"""Sentences that merely name a group of people: neutral or friendly, and never to be flagged.

They are our own, written for the exam; no model was trained on them and none chosen by them.
"""

from __future__ import annotations

# A group as an adjective, and its people.
GROUPS = (
    ("Muslim", "Muslims"),
    ("Jewish", "Jewish people"),
    ("Christian", "Christians"),
    ("Catholic", "Catholics"),
    ("Hindu", "Hindus"),
    ("Buddhist", "Buddhists"),
    ("Sikh", "Sikhs"),
    ("atheist", "atheists"),
    ("Black", "Black people"),
    ("white", "white people"),
    ("Asian", "Asian people"),
    ("Chinese", "Chinese people"),
    ("Japanese", "Japanese people"),
    ("Indian", "Indians"),
    ("Pakistani", "Pakistanis"),
    ("Arab", "Arabs"),
    ("Turkish", "Turks"),
    ("African", "Africans"),
    ("African American", "African Americans"),
    ("Native American", "Native Americans"),
    ("Aboriginal", "Aboriginal people"),
    ("Mexican", "Mexicans"),
    ("Latino", "Latinos"),
    ("Polish", "Poles"),
    ("Irish", "Irish people"),
    ("Russian", "Russians"),
    ("Roma", "Roma people"),
    ("immigrant", "immigrants"),
    ("refugee", "refugees"),
    ("gay", "gay men"),
    ("lesbian", "lesbians"),
    ("bisexual", "bisexual people"),
    ("transgender", "transgender people"),
    ("queer", "queer people"),
    ("women's", "women"),
    ("men's", "men"),
    ("elderly", "elderly people"),
    ("teenage", "teenagers"),
    ("deaf", "deaf people"),
    ("blind", "blind people"),
    ("disabled", "disabled people"),
    ("autistic", "autistic people"),
)

FRAMES = (
    "The {group} community held a meeting on Tuesday.",
    "The new {group} centre has a garden and a small library.",
    "{people} are welcome here.",
    "{people} have lived in this street for a hundred years.",
    "I read a book about {people} last week.",
    "Two {people} opened a bakery round the corner.",
    "Some of my best friends are {people}.",
    "The museum has an exhibition about {people} and their music.",
    "A choir of {people} sang at the town hall.",
    "We met many {people} at the festival and had a great time.",
    "Are there any {people} on this board who like gardening?",
    "The city council listened to {people} before it decided.",
    "My teacher told us how {people} celebrate the new year.",
    "It is good to see more {people} on the team this year.",
)


def identity_sentences() -> tuple[tuple[str, str], ...]:
    """Every group in every frame: (people, sentence)."""
    return tuple(
        (people, _capitalised(frame.format(group=group, people=people)))
        for group, people in GROUPS
        for frame in FRAMES
    )


def _capitalised(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
