"""The training pool: further labelled texts under licences that let a model be shipped.

Their labels are not ours. Each file's labels are read as a belief about our three classes, and
each row weighs as much as its label can be trusted. Files kept for testing are not listed here;
of files that have no test part, `is_test_row` sets one aside.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderator.classifier.dataset import read_columns
from moderator.classifier.own_sentences import (
    hateful_sentences,
    insulting_sentences,
    neutral_sentences,
)
from moderator.domain.errors import DataError

# The words that name a group of people in the sentence templates. Two sentences that differ in
# these alone are one sentence: both are trained on, or both are tested on.
_GROUPS = (
    "lesbian gay bisexual transgender trans queer lgbt lgbtq homosexual straight heterosexual male "
    "female nonbinary african american black white european hispanic latino latina latinx mexican "
    "canadian asian indian eastern middle chinese japanese christian muslim jewish buddhist "
    "catholic protestant sikh taoist old older young younger teenage millenial aged elderly blind "
    "deaf paralyzed"
)
GROUPS = frozenset(_GROUPS.split())
_WORD = re.compile("[a-z]+")

EVERYDAY_FILE = "goemotions_test.csv"  # its clean rows measure false alarms; never trained on


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What a source's label says about (hate, offensive, neither), summing to 1, and how surely.

    `weight` is how much a row counts in training; one Davidson row counts `DAVIDSON_WEIGHT`.
    """

    hate: float
    offensive: float
    neither: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSource:
    """One file of the pool: where it came from, its licence, and how its labels are read.

    A row whose label is not listed is left out; where `split`, so are the test rows. A source
    that stands `apart` was gathered about one topic, or its labels mean less than ours: how often
    it is toxic says nothing about its words (see `corpus`). One that `calibrates` holds comments
    as they are written on boards, under labels that mean what ours do.
    """

    file: str
    source: str
    licence: str
    beliefs: Mapping[str, Belief]
    split: bool = False
    apart: bool = False
    calibrates: bool = False


def _belief(hate: float, offensive: float, neither: float, weight: float) -> Belief:
    return Belief(hate=hate, offensive=offensive, neither=neither, weight=weight)


OWN = "own_sentences"
_OWN_TOXIC = _belief(0.1, 0.9, 0.0, 12.0)
_OWN_HATEFUL = _belief(0.8, 0.2, 0.0, 12.0)
_OWN_NEUTRAL = _belief(0.0, 0.0, 1.0, 12.0)
_MLMA_HATEFUL = _belief(0.7, 0.3, 0.0, 0.4)

POOL = (
    PoolSource(
        file="goemotions_train.csv",
        source="Google GoEmotions",
        licence="Apache-2.0",
        beliefs={"clean": _belief(0.0, 0.0, 1.0, 1.0), "neg": _belief(0.0, 0.3, 0.7, 0.7)},
        calibrates=True,
    ),
    PoolSource(
        file="civil_toxicspans.csv",
        source="ipavlopoulos/toxic_spans (Civil Comments)",
        licence="CC0-1.0",
        beliefs={"civil_toxic": _belief(0.05, 0.95, 0.0, 2.0)},
        calibrates=True,
    ),
    PoolSource(
        file="edos_train.csv",
        source="rewire-online/edos",
        licence="CC0-1.0",
        # "Not sexist" is not always clean; but it must weigh as much as "sexist", or the bare
        # mention of women is learnt as a sign of hate.
        beliefs={"1": _belief(0.5, 0.5, 0.0, 4.0), "0": _belief(0.0, 0.1, 0.9, 4.0)},
        apart=True,
    ),
    PoolSource(
        file="misogyny_train.csv",
        source="ellamguest/online-misogyny-eacl2021",
        licence="MIT",
        beliefs={"1": _belief(0.5, 0.5, 0.0, 4.0), "0": _belief(0.0, 0.1, 0.9, 4.0)},
        apart=True,
    ),
    PoolSource(
        file="hatemoji_train.csv",
        source="HannahKirk/Hatemoji",
        licence="CC-BY-4.0",
        beliefs={"1": _belief(0.9, 0.1, 0.0, 1.5), "0": _belief(0.0, 0.0, 1.0, 1.5)},
        apart=True,
    ),
    PoolSource(
        file="madlibs_templates.csv",
        source="conversationai/unintended-ml-bias-analysis",
        licence="CC-BY-4.0",
        beliefs={"1": _belief(0.4, 0.6, 0.0, 4.0), "0": _belief(0.0, 0.0, 1.0, 4.0)},
        split=True,
    ),
    PoolSource(
        file="mlma_en.csv",
        source="HKUST-KnowComp/MLMA_hate_speech",
        licence="MIT",
        # Its labels are sets of words joined by "_"; only the least ambiguous ones are read.
        beliefs={
            "normal": _belief(0.0, 0.0, 1.0, 0.4),
            "offensive": _belief(0.05, 0.95, 0.0, 0.3),
            "hateful": _MLMA_HATEFUL,
            "offensive_hateful": _MLMA_HATEFUL,
            "abusive_hateful": _MLMA_HATEFUL,
            "hateful_disrespectful": _MLMA_HATEFUL,
            "abusive_offensive_hateful": _MLMA_HATEFUL,
            "offensive_hateful_disrespectful": _MLMA_HATEFUL,
        },
        apart=True,
    ),
    PoolSource(
        file="fox.csv",
        source="sjtuprog/fox-news-comments",
        licence="MIT",
        beliefs={"1": _belief(0.8, 0.2, 0.0, 5.6), "0": _belief(0.0, 0.0, 1.0, 5.6)},
        split=True,
        apart=True,
    ),
    PoolSource(
        file="surge.csv",
        source="surge-ai/toxicity",
        licence="MIT",
        beliefs={"1": _belief(0.2, 0.8, 0.0, 4.0), "0": _belief(0.0, 0.0, 1.0, 4.0)},
        calibrates=True,
    ),
    PoolSource(
        file="toxigen_demos.csv",
        source="microsoft/TOXIGEN",
        licence="CDLA-Permissive-2.0",
        beliefs={"1": _belief(0.9, 0.1, 0.0, 4.0), "0": _belief(0.0, 0.0, 1.0, 4.0)},
        apart=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRows:
    """The pool's texts with what is believed of them.

    `targets` has shape (n, 3), rows summing to 1; `weights` shape (n,); `apart` shape (n,
    sources that stand apart), 1.0 where a row is of the source; `calibrates` shape (n,).
    `digests` holds each file's SHA-256 in hex.
    """

    texts: tuple[str, ...]
    targets: NDArray[np.float64]
    weights: NDArray[np.float64]
    apart: NDArray[np.float64]
    calibrates: NDArray[np.bool_]
    digests: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.texts)

    def without(self, rows: Sequence[int]) -> PoolRows:
        """The pool without the rows at these positions."""
        kept = np.ones(len(self), dtype=bool)
        kept[list(rows)] = False
        return PoolRows(
            texts=tuple(self.texts[i] for i in np.flatnonzero(kept)),
            targets=self.targets[kept],
            weights=self.weights[kept],
            apart=self.apart[kept],
            calibrates=self.calibrates[kept],
            digests=self.digests,
        )

    def digest(self) -> str:
        """One SHA-256 in hex over what is trained on: texts, beliefs, weights and sources apart."""
        columns = [self.targets, self.weights, self.apart, self.calibrates]
        numbers = np.column_stack(columns).astype("<f8").tobytes()
        texts = "\0".join(self.texts).encode("utf-8", "surrogatepass")
        return hashlib.sha256(numbers + texts).hexdigest()


def read_pool(folder: Path) -> PoolRows:
    """Read every training file of the pool from a folder, and add sentences of our own.

    Raises DataError naming the file when one is missing, unreadable or holds no row of a
    known label.
    """
    texts: list[str] = []
    beliefs: list[Belief] = []
    sources: list[str] = []
    digests = {}
    for source in POOL:
        path = folder / source.file
        rows, digests[source.file] = read_columns(path, ("text", "label"))
        known = [(row["text"], source.beliefs.get(row["label"])) for row in rows]
        held = [
            (text, belief)
            for text, belief in known
            if belief is not None and text.strip() and not (source.split and is_test_row(text))
        ]
        if not held:
            raise DataError(f"{path}: no row has one of the labels {', '.join(source.beliefs)}")
        texts.extend(text for text, _ in held)
        beliefs.extend(belief for _, belief in held)
        sources.extend(source.file for _ in held)
    for sentences, belief in (
        (neutral_sentences(), _OWN_NEUTRAL),
        (insulting_sentences(), _OWN_TOXIC),
        (hateful_sentences(), _OWN_HATEFUL),
    ):
        texts.extend(sentences)
        beliefs.extend(belief for _ in sentences)
        sources.extend(OWN for _ in sentences)
    return PoolRows(
        texts=tuple(texts),
        targets=np.array([(b.hate, b.offensive, b.neither) for b in beliefs]),
        weights=np.array([b.weight for b in beliefs]),
        apart=np.column_stack(
            [np.array(sources) == source.file for source in POOL if source.apart]
        ).astype(np.float64),
        calibrates=np.isin(sources, [source.file for source in POOL if source.calibrates]),
        digests=digests,
    )


def is_test_row(text: str) -> bool:
    """Is this row of a file without a test part kept for testing? Two rows in five are.

    It depends on the text alone, without case, marks and the names of groups.
    """
    words = [word for word in _WORD.findall(text.lower()) if word not in GROUPS]
    return hashlib.sha256(" ".join(words).encode()).digest()[0] % 5 < 2


def read_everyday(path: Path) -> tuple[str, ...]:
    """The texts labelled `clean` in a file of the pool: talk that nothing is wrong with."""
    rows, _ = read_columns(path, ("text", "label"))
    clean = tuple(row["text"] for row in rows if row["label"] == "clean")
    if not clean:
        raise DataError(f"{path}: no row is labelled clean")
    return clean
