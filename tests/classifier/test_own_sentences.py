"""The training sentences of our own: mild, whole, and not what a model is examined on."""

from __future__ import annotations

from moderator.classifier.own_sentences import (
    hateful_sentences,
    insulting_sentences,
    neutral_sentences,
)

ALL = (*neutral_sentences(), *insulting_sentences(), *hateful_sentences())


def test_no_blank_is_left_open() -> None:
    assert not [sentence for sentence in ALL if "{" in sentence or "  " in sentence]


def test_an_article_fits_the_word_that_follows() -> None:
    assert "you are an idiot" in ALL
    assert "you are a fool" in ALL
    assert not [sentence for sentence in ALL if " a i" in sentence or " a u" in sentence]


def test_no_sentence_is_both_an_insult_and_none() -> None:
    assert not set(neutral_sentences()) & {*insulting_sentences(), *hateful_sentences()}


def test_they_are_the_same_each_time() -> None:
    assert neutral_sentences() == neutral_sentences()
    assert len(neutral_sentences()) > 700
    assert len(insulting_sentences()) > 300
    assert len(hateful_sentences()) > 50
