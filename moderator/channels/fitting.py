"""A message cut to what a provider takes, so that what matters most goes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from moderator.channels.phrases import Wording
from moderator.channels.visible import cut

LEAST_SAID = 200  # code points of the comment that long facts have to make room for
SHORT_FACT = 60


def fitted(wording: Wording, fits: Callable[[Wording], bool]) -> Wording:
    """The fullest form of `wording` of which `fits` is true.

    First the comment's text gives way, down to `LEAST_SAID`, then the facts, then the links,
    then the rest of the text. Title, notes and key always stay: where even these do not fit,
    they are what comes back.
    """
    if fits(wording):
        return wording
    for form in _shorter(wording):
        if fits(replace(form, said=cut(form.said, LEAST_SAID))):
            break
    return replace(form, said=_most_said(form, fits))


def _shorter(wording: Wording) -> Iterator[Wording]:
    yield wording
    yield (
        wording := replace(
            wording,
            facts=tuple(replace(fact, text=cut(fact.text, SHORT_FACT)) for fact in wording.facts),
        )
    )
    yield (wording := replace(wording, facts=()))
    yield replace(wording, links=())


def _most_said(form: Wording, fits: Callable[[Wording], bool]) -> str:
    """The longest start of the text that fits, by halving."""
    kept, too_long = "", len(form.said) + 1
    enough = 0
    while too_long - enough > 1:
        middle = (enough + too_long) // 2
        candidate = cut(form.said, middle)
        if fits(replace(form, said=candidate)):
            kept, enough = candidate, middle
        else:
            too_long = middle
    return kept
