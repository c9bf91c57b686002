"""What is asked for in a request, checked as the Perspective API checks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moderator.domain import attribute
from moderator.domain.community import Communities, Community
from moderator.web.compat.perspective.errors import Refusal, refused, shown

MOST_BYTES = 20_480
PROBABILITY = "PROBABILITY"

_UNSPECIFIED = "SCORE_TYPE_UNSPECIFIED"  # probabilities, where there are any
_TEXT_TYPES = {None, "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"}

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An attribute that is asked for; `threshold` is the least value that is told."""

    name: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an analyze request asks. `community_id` and `client_token` are as the client wrote them.

    `languages` are those the site says the text is in, empty where it leaves that open.
    """

    text: str
    community: Community
    community_id: str | None
    wanted: tuple[Wanted, ...]
    languages: tuple[str, ...]
    stores: bool
    by_sentence: bool
    drops_unsupported: bool
    client_token: str

    @property
    def foreign(self) -> list[str]:
        """The languages that are not English, by ISO 639 or BCP 47."""
        return [
            language
            for language in self.languages
            if language.lower().replace("_", "-").split("-")[0] != "en"
        ]

    @property
    def is_english(self) -> bool:
        """Whether the site says so: then no language is guessed."""
        return bool(self.languages) and not self.foreign


def question_of(message: Message, communities: Communities, key_id: str | None) -> Question:
    """What is asked; `key_id` is the public part of the key it came with. Raises Refusal."""
    text = text_of(message)
    community_id = message.get("communityId") or None
    community = communities.of(community_id, key_id)
    return Question(
        text=text,
        community=community,
        community_id=community_id,
        wanted=tuple(_wanted(message, community)),
        languages=tuple(languages_of(message)),
        stores=not message.get("doNotStore", False),
        by_sentence=message.get("spanAnnotations", False),
        drops_unsupported=message.get("dropUnsupportedAttributes", False),
        client_token=message.get("clientToken", ""),
    )


def text_of(message: Message) -> str:
    """The comment's text. Raises Refusal."""
    comment: Message = message.get("comment", {})
    text: str = comment.get("text", "")
    if not text.strip():
        raise refused("COMMENT_EMPTY", "Comment must be non-empty.")
    if comment.get("type") not in _TEXT_TYPES:
        raise refused("INVALID_REQUEST", "Currently, only 'PLAIN_TEXT' comments are supported")
    size = len(text.encode())
    if size > MOST_BYTES:
        raise refused(
            "COMMENT_TOO_LONG",
            f"Comment text was too many bytes. Value ({size}) exceeded limit ({MOST_BYTES}).",
        )
    context: Message = message.get("context", {})
    if context.get("entries") and "articleAndParentComment" in context:
        raise refused(
            "INVALID_REQUEST",
            "Context can have either entries or article_and_parent_comment, but both fields were"
            " populated.",
        )
    return text


def languages_of(message: Message) -> list[str]:
    """The languages the site says the text is in, as written; empty where it leaves it open."""
    return [language for language in message.get("languages", []) if language]


def not_in_language(name: str, languages: list[str], *, told_as: str) -> Refusal:
    """The refusal of an attribute for a text in these languages, requested or detected ones."""
    return refused(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {name} does not support request languages: {','.join(languages)}",
        languageNotSupportedByAttributeError={told_as: languages, "attribute": name},
    )


def unknown(name: str) -> Refusal:
    """The refusal of an attribute that is not answered."""
    return refused("INVALID_REQUEST", f"Unknown requested attribute: {shown(name)}")


def require_probability(name: str, score_type: str | None) -> None:
    """Refuse scores of an attribute that are no probabilities."""
    if score_type not in (None, PROBABILITY, _UNSPECIFIED):
        raise refused(
            "INVALID_REQUEST",
            f"Requested score type {score_type} is not supported by attribute {name}",
        )


def _wanted(message: Message, community: Community) -> Iterator[Wanted]:
    """The attributes asked for, in that order.

    With `dropUnsupportedAttributes` those that Perspective has and we have not are left out.
    """
    requested: Message = message.get("requestedAttributes", {})
    if not requested:
        raise refused("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    drops = message.get("dropUnsupportedAttributes", False)
    for name, parameters in requested.items():
        if community.answers(name):
            yield Wanted(name=name, threshold=_threshold(name, parameters))
        elif not drops or name not in attribute.known():
            raise unknown(name)


def _threshold(name: str, parameters: Message) -> float | None:
    require_probability(name, parameters.get("scoreType"))
    threshold: float | None = parameters.get("scoreThreshold")
    if threshold is not None and not 0.0 <= threshold <= 1.0:
        raise refused("INVALID_REQUEST", f"Score threshold of {name} must be between 0 and 1")
    return threshold
