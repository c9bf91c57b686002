"""Where the model is wrong: said in the report and in the model card.

Each holds of the model that is shipped and, more or less, of every model that adds up words. A
test looks at the examples, so that what is said here stays true.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A way to be wrong, and mild sentences that show it.

    `alarms` are harmless and get P(toxic) >= 0.5 from the shipped model all the same; `missed`
    are nasty in effect and do not.
    """

    name: str
    told: str
    alarms: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


LIMITS = (
    Limit(
        name="Groups that are merely named",
        told="Whoever is mostly spoken of in insults raises the score by being named. The tables "
        "of identity terms and of our own sentences say by how much.",
    ),
    Limit(
        name="Dialect and reclaimed words",
        told="Davidson's annotators are known to have called African American English offensive "
        "far too often, and the model has learnt it from them. Words that a group uses among "
        "itself are judged as if shouted at it.",
    ),
    Limit(
        name="Negation",
        told="A denied insult is judged as the insult.",
        alarms=("He is not an idiot",),
    ),
    Limit(
        name="Quoting and reporting",
        told="Who tells what was said to them is often judged as if they had said it; only what "
        "the board marks as a quotation is left out.",
        alarms=("My boss told me to shut up and called me a pathetic moron.",),
    ),
    Limit(
        name="Sarcasm, and hate in polite words",
        told="Not seen: there is no word to hold on to.",
        missed=("Nobody wants your kind here",),
    ),
    Limit(
        name="Threats without rude words",
        told="The training data hardly holds any.",
        missed=("I know where you live and I will come by tonight",),
    ),
    Limit(
        name="Politics",
        told="Toxic news comments have hardly a clean counterpart in the training data: names of "
        "politicians raise P(offensive) a little.",
    ),
    Limit(
        name="Misspelling",
        told="Dropped and swapped letters still work against it; the table of disguises says how "
        "well.",
    ),
    Limit(
        name="Long texts",
        told="Only the first 20,000 characters are read, and an insult drowns in a page of small "
        "talk.",
    ),
    Limit(
        name="Hate against offensive",
        told="People agree least on where hate begins: only 18 % of Davidson's hate rows were "
        "unanimous. Trust toxic before hate.",
    ),
    Limit(
        name="Other languages",
        told="Another script, words of 38 other languages in three words or more, or too few known "
        "words: the model abstains. Greetings of one or two words may be judged as if they were "
        "English.",
    ),
)
