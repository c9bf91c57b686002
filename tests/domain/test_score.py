"""What a score says beyond its numbers."""

from __future__ import annotations

import pytest

from moderator.domain.score import Label, Term, Transformation, evades
from tests.builders import a_score

T = Transformation


def word(weight: float, *undone: Transformation, label: Label = Label.OFFENSIVE) -> Term:
    """One word of a judgement."""
    return Term(term="goose", start=0, end=5, label=label, weight=weight, transformations=undone)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], False),
        ([word(1.0)], False),  # it stands there openly
        *[([word(1.0, each)], True) for each in T if each not in (T.ENTITY, T.DIACRITIC)],
        ([word(1.0, T.ENTITY)], False),  # the board's doing
        ([word(1.0, T.DIACRITIC)], False),  # a name, or a language
        ([word(1.0, T.DIACRITIC, T.LEET)], True),
        ([word(-1.0, T.LEET)], False),  # it spoke against the label
        ([word(0.0, T.LEET)], False),
        ([word(1.0, T.LEET, label=Label.NEITHER)], False),  # a harmless word, however written
        ([word(-1.0, T.LEET, label=Label.NEITHER)], True),  # it spoke for the others
        ([word(2.0), word(0.1, T.MASKED)], True),
    ],
)
def test_a_disguised_word_that_spoke_for_hate_or_offence_is_evasion(
    words: list[Term], expected: bool
) -> None:
    """The words of the judgement decide, not those that nobody weighed."""
    assert evades(a_score(why=tuple(words))) is expected
