"""A judgement as people read it on a terminal: the text with its words marked, and a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import typer

from moderator.channels.visible import one_line, shown
from moderator.domain.score import Score

LONGEST_SHOWN = 20_000  # code points of a text
LONGEST_WORD = 40

_BLANKS = re.compile(r"(\s+)")


def marked(text: str, judged: Score) -> str:
    """The text with the words that weighed on its decision set off.

    {+a word+} spoke for the label, [-a word-] against it; on a terminal they are coloured, too.
    What cannot be seen in the text is written out.
    """
    return "".join(_segments(text, judged))


def explained(text: str, judged: Score) -> str:
    """The marked text, what was decided, and what each word weighed; several lines."""
    return "\n".join([marked(text, judged), "", *_decision(judged), *_table(judged)])


def _segments(text: str, judged: Score) -> Iterator[str]:
    done = 0
    for term in sorted(judged.why, key=lambda term: term.start):
        if term.start < done:  # inside a character that stands for several letters
            continue
        yield _visible(text[done : term.start])
        word = _visible(text[term.start : term.end])
        if term.weight > 0:
            yield typer.style(f"{{+{word}+}}", bold=True, fg=typer.colors.RED)
        else:
            yield typer.style(f"[-{word}-]", fg=typer.colors.GREEN)
        done = term.end
    yield _visible(text[done:])


def _visible(text: str) -> str:
    """Nothing in it that a terminal would obey; a run of blanks is one, or ends the line."""
    return "".join(
        shown(part, LONGEST_SHOWN) if not part.isspace() else "\n" if "\n" in part else " "
        for part in _BLANKS.split(text)
    )


def _decision(judged: Score) -> Iterator[str]:
    p = judged.probabilities
    if p is None:
        yield f"not judged: {judged.abstained}"
    else:
        rate = f"{judged.base_rate:.3g}" if judged.base_rate else "not declared"
        yield f"{judged.label}"
        yield f"hate {p.hate:.3f}  offensive {p.offensive:.3f}  neither {p.neither:.3f}"
        yield f"base rate {rate}"
    yield f"words known {judged.coverage:.0%}"


def _table(judged: Score) -> Iterator[str]:
    """Word, weight and what hid it; then all else. The weights sum to the decision value."""
    if judged.residual is None:
        return
    rows = [
        (one_line(t.term, LONGEST_WORD), t.weight, ", ".join(t.transformations)) for t in judged.why
    ]
    rows.append(("the rest", judged.residual, "all other words, and the model's intercept"))
    width = max(len(word) for word, _, _ in rows)
    yield ""
    yield f"{'word':{width}}  {'weight':>7}  hidden by"
    for word, weight, note in rows:
        yield f"{word:{width}}  {weight:+7.3f}  {note}".rstrip()
