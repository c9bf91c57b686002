"""What an alert says, once, for every channel: plain words in the order a phone shows them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote, urlsplit

from moderator.channels.visible import is_hidden, one_line, shown, utf16_units
from moderator.domain.alert import Alert, Message
from moderator.domain.score import Label
from moderator.domain.trigger import MAX_HITS, Mode, Scope

MAX_TITLE = 150  # UTF-16 units: what a Slack header may hold, and a subject line
MAX_NAME = 80  # code points shown of a name that a stranger chose
MAX_TITLE_NAME = 40
MAX_URL = 1_000  # with everything encoded
MAX_WORDS = 5
MAX_DISGUISES = 2  # told of a word

_SAFE_IN_URLS = "/%:@!$&'()*+,;=~-._?"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?|[0-9a-f:]+")
_LABELS = {
    Label.HATE: "hate",
    Label.OFFENSIVE: "offensive language",
    Label.NEITHER: "neither hate nor offensive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of an alert: `name: text`. `text` may hold what a stranger wrote, made visible."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A web address that may be opened: http or https, ASCII, no user name, no brackets in it.

    Where `url` itself is not shown, `text` and `host` are, so that nobody is led astray.
    """

    text: str
    host: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An alert in plain words. Nothing in it is markup: each channel escapes all of it.

    `title` is one line of at most `MAX_TITLE` UTF-16 units without control characters. `notes`
    are sentences to be read first (a test, an edited comment). `lead` introduces `said`, which
    is empty where the channel is set to send no text. `footer` holds the key of the message.
    """

    title: str
    notes: tuple[str, ...]
    lead: str
    said: str
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]
    footer: str


def word(message: Message, excerpt: int) -> Wording:
    """Put an alert into words, with at most `excerpt` code points of the comment (0: none)."""
    alert = message.alert
    said = shown(alert.excerpt, excerpt)
    if said and alert.excerpt_cut and not said.endswith("…"):
        said += "…"
    return Wording(
        title=_title(message),
        notes=_notes(message),
        lead=_lead(alert, told=excerpt > 0),
        said=said,
        facts=_facts(alert, told=excerpt > 0),
        links=_links(message),
        footer=f"Alert {one_line(alert.id, MAX_NAME)} · key {one_line(message.key, 200)}",
    )


def percent(value: float, decimals: int = 0) -> str:
    """A probability in per cent, rounded down, so that it never seems to reach what it did not.

    0.869 -> "86%", 0.004 -> "<1%", 0.8055 with one decimal -> "80.5%".
    """
    if 0 < value < 0.01 and not decimals:
        return "<1%"
    steps = 10**decimals
    return f"{math.floor(round(value * 100 * steps, 6)) / steps:.{decimals}f}%"


def span(seconds: int) -> str:
    """A length of time in its largest whole unit: 600 -> "10 minutes", 86 400 -> "24 hours"."""
    for length, unit, least in ((86_400, "day", 2), (3_600, "hour", 1), (60, "minute", 1)):
        if seconds % length == 0 and seconds >= length * least:
            return _many(seconds // length, unit)
    return _many(seconds, "second")


def web_link(text: str, url: str) -> Link | None:
    """A link that may be shown as one, None where `url` is not a plain web address."""
    if "\\" in url or any(is_hidden(c) or c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    path, query, fragment = (
        quote(part, safe=_SAFE_IN_URLS) for part in (parts.path, parts.query, parts.fragment)
    )
    tail = path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    address = f"{parts.scheme}://{place}{tail}"
    return Link(text=text, host=host, url=address) if len(address) <= MAX_URL else None


def _title(message: Message) -> str:
    alert = message.alert
    marks = ("TEST: " if message.is_test else "") + (
        "SHADOW: " if alert.mode is Mode.SHADOW else ""
    )
    trigger = one_line(alert.trigger, MAX_TITLE_NAME) or "alert"
    words = f"{marks}{trigger}: {_what(alert)}{_of_whom(alert)}"
    return one_line(words, MAX_TITLE, utf16_units)


def _what(alert: Alert) -> str:
    """What happened: "hate 86%", "5 hits within 10 minutes", "mean toxic 61% over 1 hour"."""
    means = [f"mean {name} {percent(alert.means[name])}" for name in alert.mean_thresholds]
    if alert.count > 1:
        hits = _hits(alert)
        return ", ".join([hits, *means])
    values = [f"{name} {percent(alert.probabilities.of(name))}" for name in alert.thresholds]
    if means and alert.within_s:
        means[-1] += f" over {span(alert.within_s)}"
    return ", ".join([*values, *means]) or _LABELS[alert.label]


def _hits(alert: Alert) -> str:
    least = "at least " if alert.count >= MAX_HITS else ""
    within = f" within {span(alert.within_s)}" if alert.within_s else ""
    return f"{least}{_many(alert.count, 'hit')}{within}"


def _of_whom(alert: Alert) -> str:
    author = one_line(alert.author_name or alert.author_id or "", MAX_TITLE_NAME)
    board = one_line(alert.board or "", MAX_TITLE_NAME)
    thread = one_line(alert.thread_id or "", MAX_TITLE_NAME)
    if alert.scope is Scope.THREAD:
        return f" in thread {thread}" + (f" ({board})" if board else "")
    if alert.scope is Scope.BOARD:
        return f" in {board or one_line(alert.source, MAX_TITLE_NAME)}"
    return (f" by {author}" if author else "") + (f" in {board}" if board else "")


def _notes(message: Message) -> tuple[str, ...]:
    alert = message.alert
    notes = []
    if message.is_test:
        notes.append("This is a test. Nothing happened and nobody needs to act.")
    if alert.mode is Mode.SHADOW:
        notes.append("This trigger is only being tried out (shadow mode).")
    if alert.since_edited:
        notes.append("The comment has been edited since. This is the earlier text.")
    if alert.escalated_at is not None:
        notes.append(f"Escalated: {alert.escalated_because}.")
    if alert.acknowledged_at is not None:
        by = one_line(alert.acknowledged_by or "", MAX_NAME)
        when = _when(alert.acknowledged_at)
        notes.append(f"Already taken care of{f' by {by}' if by else ''} on {when}.")
    return tuple(notes)


def _lead(alert: Alert, told: bool) -> str:
    if not told:
        return "This channel does not show what was written. Open the comment to read it."
    author = one_line(alert.author_name or alert.author_id or "", MAX_NAME) or "Somebody"
    return f"{author} wrote:" if alert.count == 1 else f"Most recently, {author} wrote:"


def _facts(alert: Alert, told: bool) -> tuple[Fact, ...]:
    """The lines under the comment. Where its text may not be told, neither may words of it."""
    lines = (
        ("By", _by(alert)),
        ("Where", _where(alert)),
        ("Written", _when(alert.written_at)),
        ("Judged", _judged(alert)),
        ("Reached", _reached(alert)),
        ("Because of", _weighed_most(alert) if told else ""),
        ("Trigger", _trigger(alert)),
        ("Since then", _folded(alert)),
        ("Address", _address(alert) if told else ""),
    )
    return tuple(Fact(name=name, text=text) for name, text in lines if text)


def _by(alert: Alert) -> str:
    name, identity = shown_name(alert.author_name), shown_name(alert.author_id)
    if name and identity and name != identity:
        return f"{name} (id {identity})"
    return name or identity


def shown_name(name: str | None) -> str:
    """A name that a stranger chose, on one line, with what is invisible in it written out."""
    return " ".join(shown(name or "", MAX_NAME).split())


def _where(alert: Alert) -> str:
    board, thread = shown_name(alert.board), shown_name(alert.thread_id)
    comment = shown_name(alert.comment_id)
    places = [board, f"thread {thread}" if thread else "", f"comment {comment}"]
    return ", ".join(place for place in places if place) + f" ({shown_name(alert.source)})"


def _when(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


def _judged(alert: Alert) -> str:
    values = ", ".join(f"{label} {percent(alert.probabilities.of(label))}" for label in Label)
    return f"{_LABELS[alert.label]} ({values})"


def _reached(alert: Alert) -> str:
    when = [
        _against(name, alert.probabilities.of(name), least)
        for name, least in alert.thresholds.items()
    ]
    mean = [
        _against(f"mean {name}", alert.means[name], least)
        for name, least in alert.mean_thresholds.items()
    ]
    return ", ".join(when + mean)


def _against(name: str, value: float, least: float) -> str:
    hundredfold = (Decimal(repr(least)) * 100).normalize()
    exponent = hundredfold.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{name} {percent(value, decimals)} (threshold {hundredfold:f}%)"


def _weighed_most(alert: Alert) -> str:
    disguises: dict[str, list[str]] = {}
    for term in alert.why:
        if term.weight > 0:
            disguises.setdefault(shown_name(term.term), []).extend(term.transformations)
    words = list(disguises.items())[:MAX_WORDS]
    return ", ".join(f"“{word}”{_disguised(names)}" for word, names in words)


def _disguised(names: list[str]) -> str:
    told = list(dict.fromkeys(names))
    return f" ({', '.join(told[:MAX_DISGUISES])})" if told else ""


def _trigger(alert: Alert) -> str:
    places = {
        Scope.COMMENT: "one comment",
        Scope.THREAD: f"{_hits(alert)} in one thread",
        Scope.AUTHOR: f"{_hits(alert)} by one author",
        Scope.BOARD: f"{_hits(alert)} on one board",
    }
    return f"{shown_name(alert.trigger)}, {places[alert.scope]}"


def _folded(alert: Alert) -> str:
    return f"{_many(alert.folded, 'more hit')}, part of this alert" if alert.folded else ""


def _address(alert: Alert) -> str:
    """The comment's address where it cannot be a link; what it is, people must see themselves."""
    if not alert.url or web_link("", alert.url):
        return ""
    return f"not a web address: {shown_name(alert.url)}"


def _links(message: Message) -> tuple[Link, ...]:
    wanted = (("Open the comment", message.alert.url), ("Open the alert", message.page_url))
    links = [web_link(text, url) for text, url in wanted if url]
    return tuple(link for link in links if link)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
