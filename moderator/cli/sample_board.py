"""The board that `moderator demo` shows: two quiet weeks, and a discussion that turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = 14
A_DAY = 12  # comments a day of the past
APART = timedelta(minutes=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleComment:
    """One comment of the sample board."""

    id: str
    thread: str
    author: str
    text: str
    created_at: datetime


# (thread, author, text): mild on purpose, and enough to be told apart. Some are heated, one of
# these disguised; one quotes an insult and one speaks of it, as people do who are not heated.
DISCUSSION = (
    ("sourdough", "ann", "My starter finally doubled overnight! Thanks for all the tips."),
    ("sourdough", "ben", "Lovely crumb. Which flour did you use?"),
    ("bike-lanes", "cleo", "I think the new bike lane makes the crossing a lot safer."),
    ("bike-lanes", "dan", "I disagree, the old layout was easier for buses."),
    ("bike-lanes", "eve", "You are an idiot, dan. Nobody cares what you think."),
    ("sourdough", "fay", "Half rye, half wheat, 75 % water. Happy baking!"),
    ("bike-lanes", "dan", "Shut up you stupid moron, you know nothing."),
    ("bike-lanes", "eve", "Go to hell, you p4thetic 1d1ot."),
    ("bike-lanes", "gus", "> Shut up you stupid moron\n\nLet us keep this friendly, please."),
    ("bike-lanes", "ivy", "Calling someone a moron is against the rules here."),
)

# What was said before. The rude ones are below what the demonstration's own triggers ask for, so
# that there is something left to find.
CIVIL = (
    ("sourdough", "ann", "The starter smells like vinegar, is that normal?"),
    ("bike-lanes", "cleo", "I rode there this morning and it was wonderful."),
    ("market", "hal", "See you all at the market on Saturday."),
    ("sourdough", "ben", "Let it rest overnight, the flavour gets much better."),
    ("bike-lanes", "dan", "Buses were late again because of the roadworks."),
    ("market", "joy", "I lost a blue glove near the station, has anybody found it?"),
    ("sourdough", "fay", "Could you post the recipe again? The link is broken."),
    ("bike-lanes", "gus", "Kids need a safe way to school, that is all I ask."),
    ("market", "ann", "Great photo! Where was it taken?"),
    ("sourdough", "joy", "Too much salt slows the yeast down."),
    ("bike-lanes", "ivy", "The council meets on Thursday, bring your questions."),
    ("market", "ben", "I moved here last month and like it a lot."),
    ("sourdough", "hal", "My grandmother used potato water, it works."),
    ("bike-lanes", "cleo", "The path along the river is flooded, take the bridge."),
    ("market", "fay", "Does the library sell old maps?"),
    ("sourdough", "ann", "It rained all day, so I baked."),
    ("bike-lanes", "dan", "I respectfully disagree, here are the figures."),
    ("market", "gus", "The last bus leaves at half past eleven."),
    ("sourdough", "ivy", "You are right, I had that wrong."),
)
RUDE = {  # by the number of the comment whose place it takes
    9: ("bike-lanes", "eve", "You people are ridiculous."),
    31: ("sourdough", "dan", "This is a load of crap and you know it."),
    34: ("bike-lanes", "eve", "I hate this stupid crossing."),
    58: ("bike-lanes", "dan", "That rule is dumb as hell."),
    71: ("market", "eve", "Damn, that crust is ugly."),
    94: ("bike-lanes", "gus", "Who lets these morons drive buses?"),
    97: ("bike-lanes", "eve", "Are you stupid, or do you just not read?"),
    120: ("market", "hal", "Only an idiot would park there."),
    139: ("bike-lanes", "eve", "Do your homework before you post such rubbish, you fool."),
    141: ("bike-lanes", "dan", "Typical nonsense from you, as always."),
    160: ("sourdough", "eve", "Stop being such a clown."),
}


def past(now: datetime) -> Iterator[SampleComment]:
    """What was written in the `DAYS` days before `now`, oldest first."""
    for number in range(DAYS * A_DAY):
        day, place = divmod(number, A_DAY)
        thread, author, text = RUDE.get(number, CIVIL[number % len(CIVIL)])
        yield SampleComment(
            id=f"past-{number}",
            thread=thread,
            author=author,
            text=text,
            created_at=now - timedelta(days=DAYS - day) + place * APART,
        )


def discussion(now: datetime) -> Iterator[SampleComment]:
    """What is written now."""
    for number, (thread, author, text) in enumerate(DISCUSSION):
        yield SampleComment(id=str(number), thread=thread, author=author, text=text, created_at=now)
