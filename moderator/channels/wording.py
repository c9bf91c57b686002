"""What a message says, once, for every channel: plain words in the order a phone shows them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from moderator.channels.digest_wording import MAX_LINE_EXCERPT, word_digest
from moderator.channels.notice_wording import word_notice
from moderator.channels.phrases import (
    MAX_NAME,
    MAX_TITLE,
    TEST,
    Fact,
    Link,
    Wording,
    many,
    percent,
    shown_name,
    span,
    web_link,
    when,
)
from moderator.channels.visible import one_line, shown, utf16_units
from moderator.domain.alert import Alert
from moderator.domain.message import Digest, Message
from moderator.domain.notice import Notice
from moderator.domain.score import Label
from moderator.domain.trigger import MAX_HITS, Mode, Scope

MAX_TITLE_NAME = 40
MAX_WORDS = 5
MAX_DISGUISES = 2  # told of a word

_LABELS = {
    Label.HATE: "hate",
    Label.OFFENSIVE: "offensive language",
    Label.NEITHER: "neither hate nor offensive",
}


def word(message: Message, excerpt: int) -> Wording:
    """Put a message into words, with at most `excerpt` code points of a comment (0: none)."""
    about = message.about
    if isinstance(about, Notice):
        return word_notice(message, about)
    if isinstance(about, Digest):
        lines = [_line(alert, excerpt) for alert in about.told]
        return word_digest(message, about, lines)
    return _word_alert(message, about, excerpt)


def _word_alert(message: Message, alert: Alert, excerpt: int) -> Wording:
    return Wording(
        title=_title(message, alert),
        notes=_notes(message, alert),
        lead=_lead(alert, told=excerpt > 0),
        said=excerpt_of(alert, excerpt),
        facts=_facts(alert, told=excerpt > 0),
        links=_links(message, alert),
        footer=f"Alert {one_line(alert.id, MAX_NAME)} · key {one_line(message.key, 200)}",
    )


def excerpt_of(alert: Alert, limit: int) -> str:
    """The start of the comment, made visible, with the mark of a cut where there was more."""
    said = shown(alert.excerpt, limit)
    return f"{said}…" if said and alert.excerpt_cut and not said.endswith("…") else said


def _title(message: Message, alert: Alert) -> str:
    held = {
        "TEST": message.is_test,
        "SHADOW": alert.mode is Mode.SHADOW,
        "ESCALATED": alert.escalated_at is not None,
    }
    marks = "".join(f"{mark}: " for mark, holds in held.items() if holds)
    trigger = one_line(alert.trigger, MAX_TITLE_NAME) or "alert"
    words = f"{marks}{trigger}: {_what(alert)}{_of_whom(alert)}"
    return one_line(words, MAX_TITLE, utf16_units)


def _line(alert: Alert, excerpt: int) -> str:
    """An alert of a digest on one line."""
    trigger = one_line(alert.trigger, MAX_TITLE_NAME) or "alert"
    line = f"{alert.severity}, {when(alert.raised_at)}, {trigger}: {_what(alert)}{_of_whom(alert)}"
    if alert.escalated_at is not None:
        line += f" (escalated: {alert.escalated_because})"
    said = " ".join(shown(alert.excerpt, min(excerpt, MAX_LINE_EXCERPT)).split())
    return f"{line}: “{said}”" if said else line


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
    return f"{least}{many(alert.count, 'hit')}{within}"


def _of_whom(alert: Alert) -> str:
    author = one_line(alert.author_name or alert.author_id or "", MAX_TITLE_NAME)
    board = one_line(alert.board or "", MAX_TITLE_NAME)
    thread = one_line(alert.thread_id or "", MAX_TITLE_NAME)
    if alert.scope is Scope.THREAD:
        return f" in thread {thread}" + (f" ({board})" if board else "")
    if alert.scope is Scope.BOARD:
        return f" in {board or one_line(alert.source, MAX_TITLE_NAME)}"
    return (f" by {author}" if author else "") + (f" in {board}" if board else "")


def _notes(message: Message, alert: Alert) -> tuple[str, ...]:
    notes = []
    if message.is_test:
        notes.append(TEST)
    if alert.mode is Mode.SHADOW:
        notes.append("This trigger is only being tried out (shadow mode).")
    if alert.since_edited:
        notes.append("The comment has been edited since. This is the earlier text.")
    if alert.escalated_at is not None:
        notes.append(f"Escalated: {alert.escalated_because}.")
    if alert.acknowledged_at is not None:
        by = one_line(alert.acknowledged_by or "", MAX_NAME)
        seen = when(alert.acknowledged_at)
        notes.append(f"Already taken care of{f' by {by}' if by else ''} on {seen}.")
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
        ("Written", when(alert.written_at)),
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


def _where(alert: Alert) -> str:
    board, thread = shown_name(alert.board), shown_name(alert.thread_id)
    comment = shown_name(alert.comment_id)
    places = [board, f"thread {thread}" if thread else "", f"comment {comment}"]
    return ", ".join(place for place in places if place) + f" ({shown_name(alert.source)})"


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
    return ", ".join([*when, *_budgeted(alert), *mean, *_of_window(alert), *_disguise(alert)])


def _of_window(alert: Alert) -> Iterator[str]:
    """What all comments of the window came to, where the trigger asks for that."""
    if alert.share is not None and alert.share_threshold is not None:
        yield _against("share of hits", alert.share, alert.share_threshold)
    if alert.rise is not None and alert.rise_threshold is not None:
        # Rounded down to a tenth, so that it never seems to reach what it did not.
        times = math.floor(round(alert.rise * 10, 6)) / 10
        yield f"{times:g} times the usual (threshold {alert.rise_threshold:g})"


def _disguise(alert: Alert) -> Iterator[str]:
    if alert.evasion:
        yield "words in disguise"


def _budgeted(alert: Alert) -> Iterator[str]:
    """Who set the threshold of `when`, where it does not stand so in the file."""
    if alert.budget is None:
        return
    if alert.always_above in alert.thresholds.values():
        yield f"told whatever the budget of {alert.budget:g} a day"
    else:
        yield f"set by the budget of {alert.budget:g} a day"


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
    if not alert.folded:
        return ""
    if alert.scope is not Scope.COMMENT:
        return f"{many(alert.folded, 'more hit')}, part of this alert"
    copies = "1 more copy" if alert.folded == 1 else f"{alert.folded:,} more copies"
    by = f" by {many(alert.folded_authors, 'author')}" if alert.folded_authors else ""
    return f"{copies} of it{by}, part of this alert"


def _address(alert: Alert) -> str:
    """The comment's address where it cannot be a link; what it is, people must see themselves."""
    if not alert.url or web_link("", alert.url):
        return ""
    return f"not a web address: {shown_name(alert.url)}"


def _links(message: Message, alert: Alert) -> tuple[Link, ...]:
    wanted = (("Open the comment", alert.url), ("Open the alert", message.page_url))
    links = [web_link(text, url) for text, url in wanted if url]
    return tuple(link for link in links if link)
