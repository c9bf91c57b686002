"""What the keys of a trigger mean together, and what to write where they do not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from moderator.config.budgets import of_budget
from moderator.config.problems import KeyPath, hint, shown
from moderator.domain.trigger import Act, Mode, Scope

WIDER_SCOPES = "thread, author or board"
SELECTED_BY_NAME = ("only", "except")
NO_LENGTH = "0s"

Contradiction = tuple[KeyPath, str]  # where in the trigger, and what to write instead


def contradictions(
    block: Mapping[str, Any], channels: Collection[str], sources: Collection[str]
) -> Iterator[Contradiction]:
    """What each key may be by itself and what does not fit together.

    `block` is as it was read: also one with other mistakes in it, so that all are told at once.
    """
    if not block.get("when") and not block.get("mean"):
        yield (), "nothing to look for: write when (when: {hate: 0.8}) or mean"
    yield from _of_span(block)
    yield from _of_copies(block)
    yield from of_budget(block)
    yield from _of_act(block)
    yield from _of_notify(block, channels)
    yield from _of_escalation(block, channels)
    for key in SELECTED_BY_NAME:
        yield from of_selection(key, block.get(key), sources)


def _of_span(block: Mapping[str, Any]) -> Iterator[Contradiction]:
    count = block.get("count")
    many = isinstance(count, int) and count > 1
    if block.get("scope", Scope.COMMENT) == Scope.COMMENT:
        for key in ("within", "mean", "share", "rise", "cooldown", "count"):
            if key in block and (key != "count" or many):
                yield (
                    (key,),
                    f"{key} needs more than one comment to look at: write scope:"
                    f" {WIDER_SCOPES}, or leave {key} out",
                )
    elif "within" not in block:
        given = {key: key in block for key in ("share", "rise")}
        spanning = {"count": many, "mean": bool(block.get("mean")), **given}
        for key in [key for key, is_asked in spanning.items() if is_asked][:1]:
            yield (key,), f"{key} needs the time that it is taken over: write within (within: 10m)"
    chosen = (block.get("when"), block.get("evasion"), block.get("new_author_within"))
    needing = {"share": True, "rise": not block.get("mean")}
    for key in [key for key, needs in needing.items() if needs and key in block]:
        if not any(chosen):
            message = f"{key} needs to know which comments count: write when (when: {{toxic: 0.6}})"
            yield (key,), message


def _of_copies(block: Mapping[str, Any]) -> Iterator[Contradiction]:
    if "fold_copies" in block and block.get("scope", Scope.COMMENT) != Scope.COMMENT:
        yield (
            ("fold_copies",),
            "fold_copies is about copies of a single comment: write scope: comment, or leave"
            " fold_copies out; here cooldown adds more of the same to an alert",
        )


def _of_act(block: Mapping[str, Any]) -> Iterator[Contradiction]:
    is_wider = block.get("scope", Scope.COMMENT) != Scope.COMMENT
    if is_wider and block.get("act", Act.NONE) != Act.NONE:
        yield (
            ("act",),
            "act is about the one comment that a board asks about: write scope: comment, or leave"
            " act out",
        )


def _of_notify(block: Mapping[str, Any], channels: Collection[str]) -> Iterator[Contradiction]:
    named = block.get("notify")
    if not named and block.get("mode", Mode.LIVE) == Mode.LIVE:
        known = f" ({', '.join(sorted(channels))})" if channels else ""
        yield (
            ("notify",) if "notify" in block else (),
            f"a live trigger has to tell someone: write notify with names of channels{known},"
            " or mode: shadow",
        )
    yield from _of_names(("notify",), named, channels)


def _of_names(path: KeyPath, named: object, channels: Collection[str]) -> Iterator[Contradiction]:
    """What is wrong with a list of channels as it was read."""
    if isinstance(named, str):
        meant = named or next(iter(sorted(channels)), "name")
        yield path, f"{shown(named)} is text; a list is expected: write [{meant}]"
    in_list = named if isinstance(named, list) else []
    for i, name in enumerate(in_list):
        if isinstance(name, str) and name not in channels:
            yield (*path, i), f"no channel is called {shown(name)}{hint(name, channels, {})}"
        elif name in in_list[:i]:
            yield (*path, i), f"{shown(name)} stands here twice"


def _of_escalation(block: Mapping[str, Any], channels: Collection[str]) -> Iterator[Contradiction]:
    asked = block.get("escalate")
    if not isinstance(asked, Mapping):
        return
    if "after" not in asked and "unacknowledged" not in asked:
        yield (
            ("escalate",),
            "it would never come to that: write after (after: 10, more hits) or unacknowledged"
            " (unacknowledged: 30m)",
        )
    named, told = asked.get("notify"), block.get("notify")
    if not named:
        others = sorted(set(channels).difference(told if isinstance(told, list) else ()))
        known = f" ({', '.join(others)})" if others else ""
        yield ("escalate", "notify"), f"write the channels that are told then{known}"
    yield from _of_names(("escalate", "notify"), named, channels)
    for i, name in enumerate(named if isinstance(named, list) else ()):
        if isinstance(told, list) and name in told:
            message = f"{shown(name)} is told at once already, by notify; name another channel"
            yield ("escalate", "notify", i), message
    if "after" in asked and not _adds_to_alerts(block):
        yield (
            ("escalate", "after"),
            "counts the hits that are added to an alert, and here none ever is: write"
            f" {_adding(block)}, or leave after out",
        )


def _adds_to_alerts(block: Mapping[str, Any]) -> bool:
    """Whether more of the same is added to an open alert; what is no length of time might be."""
    if block.get("scope", Scope.COMMENT) == Scope.COMMENT:
        return bool(block.get("fold_copies") != NO_LENGTH)
    return bool(block.get("cooldown", block.get("within", NO_LENGTH)) != NO_LENGTH)


def _adding(block: Mapping[str, Any]) -> str:
    is_wider = block.get("scope", Scope.COMMENT) != Scope.COMMENT
    return "cooldown (cooldown: 1h)" if is_wider else "fold_copies (fold_copies: 10m)"


def of_selection(key: str, block: object, sources: Collection[str]) -> Iterator[Contradiction]:
    """What is wrong with a choice of comments as it was read, beyond what its model says."""
    if block == {}:
        yield (key,), "is empty; name sources, boards, roles or authors, or leave it out"
    named = block.get("sources") if isinstance(block, Mapping) else None
    for i, name in enumerate(named if isinstance(named, list) else ()):
        if isinstance(name, str) and name not in sources:
            yield (
                (key, "sources", i),
                f"no source is called {shown(name)}{hint(name, sources, {})}",
            )
