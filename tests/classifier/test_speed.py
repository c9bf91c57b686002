"""Comments to be timed on: of a known length, and never met twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
import pytest

from moderator.classifier.metrics import Floats
from moderator.classifier.recipe import Fitted
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.speed import COMMENT, cut, measure_speed, words_of
from moderator.domain.errors import DataError


def test_comments_are_cut_from_the_words_in_order() -> None:
    words = words_of(["the calm goose", "swims"])

    assert [cut(words, 10), cut(words, 10)] == ["the calm g", "swims the "]


def test_words_begin_anew_when_they_are_used_up() -> None:
    assert list(islice(words_of(["a b"]), 5)) == ["a", "b", "a", "b", "a"]


def test_without_words_nothing_can_be_timed() -> None:
    with pytest.raises(DataError, match="no word to make comments of"):
        words_of(["", " "])


def test_a_model_file_is_timed_without_a_pipeline(default_model: Fitted) -> None:
    scorer = CompiledScorer(default_model.weights, name="mild", digest="")

    speed = measure_speed(scorer, words_of(["a calm goose"]), read_before=["a boat"])

    assert 0.0 < speed.unseen_s < speed.long_s
    assert speed.again_s > 0.0
    assert speed.compiled_per_s > 0.0
    assert (speed.pipeline_s, speed.pipeline_per_s) == (None, None)


def test_the_pipeline_is_timed_on_comments_that_the_scorer_did_not_read(
    default_model: Fitted,
) -> None:
    scorer = CompiledScorer(default_model.weights, name="mild", digest="")
    met: list[str] = []

    def pipeline(texts: Sequence[str]) -> Floats:
        met.extend(texts)
        return np.zeros((len(texts), 3))

    words = words_of([f"goose{i}" for i in range(100_000)])
    speed = measure_speed(scorer, words, read_before=(), pipeline=pipeline)

    assert speed.pipeline_s is not None
    assert speed.pipeline_per_s is not None
    assert {len(text) for text in met} == {COMMENT}
    assert len(set(met)) == len(met)
    assert met[0].split()[1] not in {"goose1", "goose2"}
