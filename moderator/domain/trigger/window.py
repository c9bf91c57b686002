"""What a trigger remembers of one scope key, and what that adds up to around a moment.

Everything that is kept is a sorted set or a sum of whole numbers: in whatever order comments
arrive, the same is remembered of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from moderator.domain.comment import from_micros, micros
from moderator.domain.trigger.copies import OpenAlert
from moderator.domain.trigger.rule import Sighting, Trigger, needs_every_comment

SLICES = 60  # the window of a mean or a share moves on in steps of one sixtieth of its length
MAX_HITS = 256  # hits remembered a window; a count above it is said as "at least"
PAST = 168  # window lengths that a scope key's usual level is taken over: a week, of hours
HISTORY = 50  # comments that have to be judged before a level is a usual one
UNIT = 10**9  # probabilities add up as whole parts of this: floats would, by order, round apart

JUDGED, HITS, SUMS = 0, 1, 2  # what stands where in a tally

Tally = list[int]  # judged comments, hits among them, and for each `mean` its sum in parts of UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a trigger remembers of one scope key. Plain values, so that it can be stored as JSON.

    `hits` holds (microseconds since 1970, comment id), oldest first, one a comment: its earliest
    version that was a hit. `slices` maps a slice's number to its tally, `past` the number of a
    whole window length; `measured` says for what they were taken, because tallies of another span
    or other thresholds do not go together. `fired_at` is the time of the last alert's last comment,
    `alerts` how many there have been, `alert_id` the last one's id. `open` are the alerts that
    copies fold into, of a trigger that looks at single comments.
    """

    hits: tuple[tuple[int, str], ...] = ()
    slices: dict[int, Tally] = field(default_factory=dict)
    past: dict[int, Tally] = field(default_factory=dict)
    measured: str = ""
    fired_at: datetime | None = None
    alerts: int = 0
    alert_id: str | None = None
    open: tuple[OpenAlert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A window in numbers: its hits, the means of all judged comments, and the hits' share of
    them. `rise` is how many times as high they are as usual, None where that is not known.
    """

    count: int
    means: dict[str, float]
    share: float
    rise: float | None = None


def remember(trigger: Trigger, window: Window, seen: Sighting, hit: bool) -> Window:
    """The window with this comment in it, and without what can no longer matter."""
    if hit:
        window = replace(window, hits=_with_hit(trigger, window.hits, seen))
    if not needs_every_comment(trigger):
        return window
    kind = _kind(trigger)
    if window.measured != kind:
        window = replace(window, slices={}, past={}, measured=kind)
    number, more = _slice_of(trigger, seen.at), _tally(trigger, seen, hit)
    past = window.past
    if trigger.rise is not None:
        past = _with_tally(past, number // SLICES, more, PAST)
    return replace(window, slices=_with_tally(window.slices, number, more, 2 * SLICES), past=past)


def count_around(trigger: Trigger, window: Window, at: datetime) -> int:
    """The most hits that any one window of length `within` holding `at` has."""
    span = _micros(trigger.within)
    here = micros(at)
    near = [moment for moment, _ in window.hits if abs(moment - here) <= span]
    best = 0
    start = 0
    for end, moment in enumerate(near):
        while moment - near[start] > span:
            start += 1
        if near[start] <= here <= moment:
            best = max(best, end - start + 1)
    return best


def measures(trigger: Trigger, window: Window, at: datetime) -> Iterator[Measure]:
    """Each window that holds `at` and ends with a hit, to a slice's precision, earliest first.

    Of such a window, too, a comment counts once, and only where the first of its hits lies.
    There is one, which ends at `at`, unless `at` is late: then what came after it may have been
    waiting for it. There is none where `at` is too late to be remembered.
    """
    length = _slice_length(trigger)
    here = micros(at) // length
    held = sorted(n for n in window.slices if here <= n < here + SLICES)
    for last in held:
        if window.slices[last][HITS]:
            inside = _total(t for n, t in window.slices.items() if last - SLICES < n <= last)
            count = _hits_between(window, (last - SLICES + 1) * length, (last + 1) * length)
            yield _measure(trigger, inside, count, _usual(window, last))


def _hits_between(window: Window, start: int, end: int) -> int:
    """How many of the hits lie at `start` or later, and before `end`."""
    return bisect_left(window.hits, (end,)) - bisect_left(window.hits, (start,))


def _with_hit(
    trigger: Trigger, hits: tuple[tuple[int, str], ...], seen: Sighting
) -> tuple[tuple[int, str], ...]:
    first = min((micros(seen.at), *(at for at, known in hits if known == seen.comment_id)))
    others = [entry for entry in hits if entry[1] != seen.comment_id]
    kept = sorted((*others, (first, seen.comment_id)))
    # A late comment may complete a window that ended up to `within` ago: keep two lengths.
    oldest = kept[-1][0] - 2 * _micros(trigger.within)
    return tuple(entry for entry in kept if entry[0] >= oldest)[-MAX_HITS:]


def _tally(trigger: Trigger, seen: Sighting, hit: bool) -> Tally:
    values = (seen.probabilities.of(name) for name in sorted(trigger.mean))
    return [1, int(hit), *(round(value * UNIT) for value in values)]


def _with_tally(kept: dict[int, Tally], number: int, more: Tally, length: int) -> dict[int, Tally]:
    if number in kept:  # nothing can have become too old
        return {**kept, number: _total((kept[number], more))}
    grown = {**kept, number: more}
    oldest = max(grown) - length
    return {n: tally for n, tally in grown.items() if n > oldest}


def _total(tallies: Iterable[Tally]) -> Tally:
    return [sum(column) for column in zip(*tallies, strict=True)]


def _usual(window: Window, last: int) -> Tally | None:
    """What there was before the window that ends with slice `last`, None where it is too little."""
    begun = (last - SLICES + 1) // SLICES
    before = [tally for number, tally in window.past.items() if number < begun]
    usual = _total(before) if before else [0]
    return usual if usual[JUDGED] >= HISTORY else None


def _rise(trigger: Trigger, inside: Tally, usual: Tally) -> float:
    """How many times as high as usual: the least of the means, or the hits' part.

    Where hardly anything ever was, one comment's worth of it is taken as usual.
    """
    places = range(SUMS, len(inside)) if trigger.mean else [HITS]
    one = UNIT if trigger.mean else 1
    return min((inside[i] * usual[JUDGED]) / (max(usual[i], one) * inside[JUDGED]) for i in places)


def _measure(trigger: Trigger, inside: Tally, count: int, usual: Tally | None) -> Measure:
    judged = inside[JUDGED]
    sums = zip(sorted(trigger.mean), inside[SUMS:], strict=True)
    return Measure(
        count=count,
        means={name: total / (judged * UNIT) for name, total in sums},
        share=inside[HITS] / judged,
        rise=None if usual is None else _rise(trigger, inside, usual),
    )


def _kind(trigger: Trigger) -> str:
    """What the tallies of this trigger tell: those of another kind are no use to it."""
    hits = (sorted(trigger.when.items()), trigger.evasion, trigger.new_author_within)
    return f"{_micros(trigger.within)} {sorted(trigger.mean)} {hits}"


def _slice_of(trigger: Trigger, at: datetime) -> int:
    return micros(at) // _slice_length(trigger)


def _slice_length(trigger: Trigger) -> int:
    return max(1, _micros(trigger.within) // SLICES)


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


def window_to_json(window: Window) -> dict[str, object]:
    """Plain JSON values that `window_from_json` reads back."""
    return {
        "hits": [list(hit) for hit in window.hits],
        "slices": _tallies_json(window.slices),
        "past": _tallies_json(window.past),
        "measured": window.measured,
        "fired_at": None if window.fired_at is None else micros(window.fired_at),
        "alerts": window.alerts,
        "alert_id": window.alert_id,
        "open": [_open_json(one) for one in window.open],
    }


def window_from_json(stored: dict[str, object]) -> Window:
    """The inverse of `window_to_json`. What an earlier version stored, too, is read."""
    hits = stored["hits"]
    fired_at = stored["fired_at"]
    alerts = stored["alerts"]
    alert_id = stored["alert_id"]
    open_alerts = stored.get("open", [])
    assert isinstance(hits, list)
    assert isinstance(open_alerts, list)
    assert isinstance(alerts, int)
    return Window(
        hits=tuple((int(at), str(comment_id)) for at, comment_id in hits),
        slices=_tallies(stored["slices"]),
        past=_tallies(stored.get("past", {})),
        measured=str(stored.get("measured", "")),
        fired_at=from_micros(fired_at) if isinstance(fired_at, int) else None,
        alerts=alerts,
        alert_id=alert_id if isinstance(alert_id, str) else None,
        open=tuple(_open_alert(*values) for values in open_alerts),
    )


def _open_json(one: OpenAlert) -> list[object]:
    return [one.at, one.likeness, one.alert_id, *([True] if one.certain else [])]


def _open_alert(at: int, likeness: str, alert_id: str, certain: bool = False) -> OpenAlert:
    return OpenAlert(at=at, likeness=likeness, alert_id=alert_id, certain=certain)


def _tallies_json(tallies: dict[int, Tally]) -> dict[str, Tally]:
    return {str(number): tally for number, tally in tallies.items()}


def _tallies(stored: object) -> dict[int, Tally]:
    assert isinstance(stored, dict)
    return {int(number): [int(part) for part in tally] for number, tally in stored.items()}
