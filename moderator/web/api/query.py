"""What may stand in a query string, read strictly: nothing is guessed, nothing is overlooked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from moderator.domain.errors import BadPayload
from moderator.domain.lookup import ScoreFilter
from moderator.domain.score import Label
from moderator.sources.members import Members
from moderator.web.api.cursor import LONGEST

MOST_ITEMS = 200
USUAL_ITEMS = 50
FIRST_YEAR, LAST_YEAR = 1970, 2200
LONGEST_NAME = 256

_DIGITS = re.compile("[0-9]{1,4}")
_DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,17})?")


def whole(text: object) -> object:
    """The number in a parameter's digits. Raises ValueError."""
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise ValueError("must be a whole number in digits")
    return int(text)


def _decimal(text: object) -> object:
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise ValueError("must be a decimal number such as 0.8")
    return float(text)


def _moment(text: object) -> object:
    try:
        when = Members({"time": text}, "").optional_time("time")
    except BadPayload as error:
        raise ValueError(str(error).removeprefix("time ")) from None
    if when is None or not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return when


def _sane(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not hold NUL")
    return text


def _flag(text: object) -> object:
    if text not in ("true", "false", "1", "0"):
        raise ValueError("must be true or false")
    return text in ("true", "1")


Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_sane)]
InPath = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME), AfterValidator(_sane)]
Probability = Annotated[float, BeforeValidator(_decimal), Field(ge=0, le=1)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Flag = Annotated[bool, BeforeValidator(_flag)]
RaisedIn = Literal["live", "shadow"]  # the modes of a trigger that raises alerts
Limit = Annotated[int, BeforeValidator(whole), Field(ge=1, le=MOST_ITEMS)]
Cursor = Annotated[str, Field(min_length=1, max_length=LONGEST, description="`next` of a page.")]


class Question(BaseModel):
    """A query string: each name known, each once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def name(self) -> str:
        """What the question is, apart from the page of its answer that is wanted."""
        asked = self.model_dump_json(exclude={"limit", "cursor"}, exclude_none=True)
        return f"{type(self).__name__} {asked}"


class ScoreQuestion(Question):
    """Which scores are wanted: all that is given must hold."""

    source: Name | None = None
    board: Name | None = None
    thread: Name | None = None
    author: Name | None = None
    label: Label | None = None
    min_hate: Probability | None = None
    min_offensive: Probability | None = None
    min_toxic: Probability | None = Field(None, description="Least of hate + offensive.")
    since: Moment | None = Field(None, description="Arrived at this time or later.")
    until: Moment | None = Field(None, description="Arrived before this time.")
    limit: Limit = USUAL_ITEMS
    cursor: Cursor | None = None

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> ScoreQuestion:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("until must be later than since")
        return self

    def filter(self) -> ScoreFilter:
        """The same as the stored past is asked."""
        return ScoreFilter(**self.model_dump(exclude={"limit", "cursor"}))


class HistoryQuestion(Question):
    """Whether every version of the comment is wanted."""

    history: Flag = False


class AlertQuestion(Question):
    """Which alerts are wanted: all that is given must hold."""

    trigger: Name | None = None
    source: Name | None = None
    mode: RaisedIn | None = None
    acknowledged: Flag | None = None
    limit: Limit = USUAL_ITEMS
    cursor: Cursor | None = None


class PageQuestion(Question):
    """Which part of a list is wanted."""

    limit: Limit = USUAL_ITEMS
    cursor: Cursor | None = None


class NoticeQuestion(PageQuestion):
    """Which notices are wanted: all that is given must hold."""

    kind: Name | None = None
    subject: Name | None = None
    lasting: Flag | None = Field(None, description="What is not over, or what is.")


class ConfigurationQuestion(PageQuestion):
    """Which part of the history is wanted."""


def each_once(request: Request) -> None:
    """Refuse a parameter that stands twice: two readers could differ on which one counts."""
    names = [name for name, _ in request.query_params.multi_items()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": "stands more than once"} for name in twice]
        )


EachOnce = Depends(each_once)
