"""MODEL_CARD.md, made of a model's card: `python -m moderator.classifier.card_page CARD PAGE`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from moderator.classifier.card import findings_in
from moderator.classifier.card_prose import PROSE
from moderator.classifier.figures import Findings
from moderator.classifier.limits import LIMITS, Limit
from moderator.classifier.report import tables, trials
from moderator.classifier.report.headline import WORD, headline, outcome
from moderator.classifier.report.numbers import count, share, size
from moderator.classifier.report.table import Table

MOST_TERMS = 10  # identity terms shown, the worst


def model_card(card: Mapping[str, Any]) -> str:
    """The whole page in Markdown, its numbers from the card: the same card, the same page.

    `card` is what `train` writes as JSON. Raises KeyError where it is something else.
    """
    found = findings_in(card)
    return PROSE.substitute(
        name=card["name"],
        sha256=card["sha256"],
        size=size(card["bytes"]),
        headline="" if found is None else f"\n{_listed(_first(found))}\n",
        terms=count(card["terms"]),
        base_rate=_base_rate(found),
        hate_factor=f"{card['rule']['hate_factor']:g}",
        rows=count(sum(file["rows"] for file in card["trained_on"])),
        pool_rows=count(card["pool_rows"]),
        left_out=count(card["pool_rows_left_out"]),
        sources=tables.trained_on(card).markdown(),
        figures=_unmeasured() if found is None else _figures(found),
        limits="\n".join(map(_limit, LIMITS)),
        versions=", ".join(f"{name} {version}" for name, version in card["versions"].items()),
    )


def _first(found: Findings) -> tuple[str, ...]:
    """What matters most; what not to do with it is said below."""
    sentences = (*headline(found), outcome(found))
    return tuple(said for said in sentences if said and said != WORD)


def _listed(sentences: tuple[str, ...]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _base_rate(found: Findings | None) -> str:
    rate = None if found is None else found.columns[-1].base_rate
    if rate is None:
        return "They refer to the mix of texts that it was trained on."
    return (
        f"They refer to texts of which {share(rate)} are toxic; `base_rate:` of a source brings "
        "them to its board's."
    )


def _limit(limit: Limit) -> str:
    examples = [f"“{text}” is flagged" for text in limit.alarms]
    examples += [f"“{text}” is not flagged" for text in limit.missed]
    return f"- **{limit.name}.** {limit.told}" + (f" {'; '.join(examples)}." if examples else "")


def _unmeasured() -> str:
    return "## How good it is\n\nThis card holds no figures; `make model` measures them.\n"


def _figures(found: Findings) -> str:
    """Every table of the report that belongs to the model rather than to a day."""
    shown = (
        ("How good it is", (tables.reach(found), tables.labelled(found), tables.confusion(found))),
        ("Ordinary talk", (trials.everyday(found),)),
        ("Other sources", (trials.ranking(found),)),
        ("Disguised words", (trials.disguises(found),)),
        ("People who are merely named", (trials.templates(found), _worst(found))),
        ("Innocent sentences", (trials.sentences(found),)),
        ("Speed and size", (tables.speed(found),)),
    )
    parts = [_chapter(title, held) for title, held in shown]
    notes = _listed(found.notes)
    return "\n".join([*(part for part in parts if part), f"## How to read this\n\n{notes}\n"])


def _chapter(title: str, held: tuple[Table, ...]) -> str:
    measured = [table.markdown() for table in held if table.is_measured]
    return "\n".join([f"## {title}\n", *measured]) if measured else ""


def _worst(found: Findings) -> Table:
    every = trials.template_terms(found)
    return replace(
        every,
        caption=f"The {MOST_TERMS} terms most often flagged. {every.caption}",
        rows=every.rows[:MOST_TERMS],
    )


def main(arguments: list[str] | None = None) -> None:
    """Read a card and write its page, both named on the command line."""
    parser = argparse.ArgumentParser(description="Write MODEL_CARD.md from a model's card.")
    parser.add_argument("card", type=Path, help="the card, JSON")
    parser.add_argument("page", type=Path, help="where the page goes, Markdown")
    given = parser.parse_args(arguments)
    page = model_card(json.loads(given.card.read_text(encoding="utf-8")))
    given.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
