"""What people said about comments, and what counts as their yes or no.

The settled meaning of "toxic, yes or no", by which every precision figure is counted:

- A moderator's own word, on our page or by our API, is what it says: `fine` is no; `toxic`,
  `hate` and `offensive` are yes.
- A board's decision about a comment is no where it was approved and yes where it was rejected.
  Boards reject for other reasons, too: that is the price of having many of these.
- Of Perspective's attributes those for toxicity as a whole are yes from 0.5 on, else no. Those for
  one kind of it (an insult, a threat) are yes from 0.5 on and say nothing below: what is no threat
  may still be toxic. All others, and spam, say nothing.
- Where several people spoke, a moderator's own word outweighs what came by way of another system;
  among equals the newest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.score import Label

MAX_CLIENT_TOKEN = 256  # code points kept of what a client calls its request

JUDGEMENT = "judgement"  # the attribute of a moderator's own word; `said` holds the word
DECISION = "decision"  # a board's moderators approved (0) or rejected (1) the comment
SPAM = "spam"  # reported as spam (1) or as none (0)

_YES_FROM = 0.5
_WHOLE = {JUDGEMENT, DECISION, "TOXICITY", "TOXICITY_FAST", "LIKELY_TO_REJECT"}
_KIND_OF = {"IDENTITY_ATTACK": Label.HATE, "INSULT": Label.OFFENSIVE}
_KINDS = {"SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "THREAT"}


class Origin(StrEnum):
    """By which way a verdict came."""

    PAGE = "page"
    API = "api"
    PERSPECTIVE = "perspective"  # suggestscore
    CORAL = "coral"  # a decision in Coral's queues
    AKISMET = "akismet"


class Word(StrEnum):
    """What a moderator says of a comment; `toxic` is one of the two last, left open which."""

    FINE = "fine"
    TOXIC = "toxic"
    HATE = "hate"
    OFFENSIVE = "offensive"


_NAMED = {Word.HATE: Label.HATE, Word.OFFENSIVE: Label.OFFENSIVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one person, or one key, said about one text.

    `comment_id` None: known by its text alone; `text_digest` is the SHA-256 of the comment's
    plain text in hex, as in `Version.digest`, and is kept only while the verdict waits for its
    comment, keyed. `version` None: not joined to a stored version yet. `attribute` is one of
    JUDGEMENT (then `said` is set), DECISION, SPAM or one of Perspective's, `value` its value 0..1.
    `who` is "key:<id>", "page:<name>" or "coral": the newest word of each counts. `community` and
    `client_token` are the client's own names for where it comes from and for its request.
    """

    source: str
    comment_id: str | None = None
    version: str | None = None
    text_digest: str | None = None
    attribute: str
    value: float
    said: Word | None = None
    who: str
    origin: Origin
    said_at: datetime
    community: str | None = None
    client_token: str | None = None

    def __post_init__(self) -> None:
        if self.comment_id is None and self.text_digest is None:
            raise ValueError("a verdict is about a comment or about a text")
        if not 0.0 <= self.value <= 1.0:  # false for NaN, too
            raise ValueError("a verdict's value lies outside 0..1")
        if (self.attribute == JUDGEMENT) != (self.said is not None):
            raise ValueError("a moderator's judgement, and nothing else, is a word")


def judgement(
    word: Word,
    *,
    source: str,
    comment_id: str,
    version: str | None = None,
    who: str,
    origin: Origin,
    said_at: datetime,
) -> Verdict:
    """A moderator's own word about a comment, or about the one `version` of it they saw."""
    return Verdict(
        source=source,
        comment_id=comment_id,
        version=version,
        attribute=JUDGEMENT,
        value=0.0 if word is Word.FINE else 1.0,
        said=word,
        who=who,
        origin=origin,
        said_at=said_at,
    )


def says_toxic(verdict: Verdict) -> bool | None:
    """What one verdict says on toxic, yes or no; None where it says neither."""
    attribute = verdict.attribute.removesuffix("_EXPERIMENTAL")
    yes = verdict.value >= _YES_FROM
    if attribute in _WHOLE:
        return yes
    return True if attribute in _KINDS and yes else None


def deciding(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict that counts of those about one text: `says_toxic` of it is the settled answer.

    None where nobody said yes or no. Of two of the same moment the later one in order counts.
    """
    spoken = [verdict for verdict in verdicts if says_toxic(verdict) is not None]
    own = [verdict for verdict in spoken if verdict.attribute == JUDGEMENT]
    ordered = sorted(own or spoken, key=lambda verdict: verdict.said_at)
    return ordered[-1] if ordered else None


def is_toxic(verdicts: Iterable[Verdict]) -> bool | None:
    """What people settled on about one text, None where nobody said yes or no."""
    verdict = deciding(verdicts)
    return None if verdict is None else says_toxic(verdict)


def label_said(verdicts: Sequence[Verdict]) -> Label | None:
    """The model's label that people gave a text, None where they said no more than "toxic".

    Only for texts on which they said yes or no. A moderator's word names it; else an identity
    attack is hate, and an insult is an offence.
    """
    decided = deciding(verdicts)
    assert decided is not None
    if not says_toxic(decided):
        return Label.NEITHER
    if decided.said is not None:
        return _NAMED.get(decided.said)
    said = {
        verdict.attribute.removesuffix("_EXPERIMENTAL")
        for verdict in verdicts
        if verdict.value >= _YES_FROM
    }
    return next((label for name, label in _KIND_OF.items() if name in said), None)
