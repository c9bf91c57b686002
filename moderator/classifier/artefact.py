"""The model file: packed, pinned, checked and loaded.

A model is two files: `model.joblib`, a joblib file of plain strings, bytes and arrays, and beside
it `model.card.json`, which says what the model is and holds the SHA-256 of the first. Opening a
joblib file can run code, so none is opened before its digest was found equal to a pinned one.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import joblib
import numpy as np
from numpy.typing import NDArray

from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.weights import LABEL_NAMES, Link, Reading, Rule, Weights
from moderator.domain.errors import ModelError

FORMAT = 2
LARGEST_FILE = 64 * 1024 * 1024  # bytes
MOST_TERMS = 2_000_000
TOLERANCE = 1e-6  # of a golden sentence's probability
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIELDS = {
    "format": int,
    "name": str,
    "labels": list,
    "reading": str,
    "terms": bytes,
    "idf": np.ndarray,
    "coef": np.ndarray,
    "intercept": np.ndarray,
    "slope": np.ndarray,
    "bias": np.ndarray,
    "link": str,
    "rule": str,
    "hate_factor": float,
    "base_rate": float,
    "lexicon": bytes,
    "golden": list,
}

# Mild sentences with which a loaded model proves that it scores as it did when it was trained.
GOLDEN_SENTENCES = (
    "Thank you for the help, that worked on the first try.",
    "You are a silly goose and everybody knows it!",
    "What a stupid idea, only an idiot would do that.",
    "I hate Mondays.",
    "Women and men, old and young, all are welcome here.",
    "Shut up, you m0r0n, n o b o d y asked you.",
    "@ann see https://example.org/a?b=c &amp; tell me what you think",
    "I do not think that he is a bad person.",
    "Ｔｈｉｓ is écrit in \u200bodd lettеrs",
    "lol",
)


def card_path(model: Path) -> Path:
    """Where a model file's card lies: `model.joblib` has `model.card.json` beside it."""
    return model.with_name(model.name.removesuffix(".joblib") + ".card.json")


class Trained(Protocol):
    """What can be packed: plain weights, and the pipeline's word on what they must yield."""

    @property
    def weights(self) -> Weights: ...

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]: ...


def pack(trained: Trained, *, name: str) -> bytes:
    """The content of a model file. The same model and library versions give the same bytes."""
    weights = trained.weights
    content = {
        "format": FORMAT,
        "name": name,
        "labels": list(LABEL_NAMES),
        "reading": weights.reading.value,
        "terms": "\n".join(weights.terms).encode(),
        "idf": weights.idf.astype(weights.precision),
        "coef": weights.coef.astype(weights.precision),
        "intercept": weights.intercept,
        "slope": weights.slope,
        "bias": weights.bias,
        "link": weights.link.value,
        "rule": weights.rule.value,
        "hate_factor": weights.hate_factor,
        "base_rate": weights.base_rate or 0.0,  # none declared
        "lexicon": "\n".join(weights.lexicon).encode(),
        "golden": trained.probabilities(GOLDEN_SENTENCES).tolist(),
    }
    buffer = io.BytesIO()
    joblib.dump(content, buffer, compress=("zlib", 9))
    return buffer.getvalue()


def load(path: Path, expected_sha256: str | None) -> CompiledScorer:
    """Load a model file whose SHA-256 is the expected one, and let it prove itself.

    The file is read once, and what was hashed is what is opened. Raises ModelError, which names
    the file and what is wrong, when there is no pin, the file cannot be read, its digest is
    another, or it does not hold what it must.
    """
    if expected_sha256 is None or not _DIGEST.fullmatch(expected_sha256.lower()):
        raise ModelError(
            f"{path}: no SHA-256 is pinned for this model (64 hex digits), so it is not opened"
        )
    raw = _read(path)
    return load_bytes(raw, expected_sha256.lower(), where=str(path))


def load_bytes(raw: bytes, expected_sha256: str, *, where: str) -> CompiledScorer:
    """As `load`, for the content of a file that lies at `where`."""
    found = hashlib.sha256(raw).hexdigest()
    if found != expected_sha256:
        raise ModelError(
            f"{where}: SHA-256 is {found}, pinned is {expected_sha256}; the file was not opened"
        )
    content = _checked(_opened(raw, where), where)
    weights = _weights(content, where)
    scorer = CompiledScorer(weights, name=content["name"], digest=found)
    _prove(scorer, content["golden"], where)
    return scorer


def read_card(path: Path) -> dict[str, Any]:
    """The model card of a model file. Raises ModelError when there is none or it is no card."""
    place = card_path(path)
    try:
        card = json.loads(_read(place))
    except ValueError as exc:
        raise ModelError(f"{place}: is not JSON") from exc
    if not isinstance(card, dict) or not isinstance(card.get("sha256"), str):
        raise ModelError(f"{place}: holds no sha256")
    return card


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ModelError(f"{path}: is a folder, not a model file")
        if not 0 < size <= LARGEST_FILE:
            raise ModelError(f"{path}: has {size} bytes, not between 1 and {LARGEST_FILE}")
        return path.read_bytes()
    except OSError as exc:
        raise ModelError(f"{path}: cannot be read: {exc.strerror or type(exc).__name__}") from exc


def _opened(raw: bytes, where: str) -> object:
    try:
        return joblib.load(io.BytesIO(raw))
    except Exception as exc:  # a truncated or foreign file fails in any way it likes
        raise ModelError(f"{where}: is not a model file: {type(exc).__name__}") from exc


def _checked(content: object, where: str) -> Mapping[str, Any]:
    if not isinstance(content, dict) or set(content) != set(_FIELDS):
        raise ModelError(f"{where}: does not hold the fields of a model")
    for field, kind in _FIELDS.items():
        if not isinstance(content[field], kind):
            raise ModelError(f"{where}: {field} is not of type {kind.__name__}")
    if content["format"] != FORMAT:
        raise ModelError(f"{where}: format {content['format']}, this version reads {FORMAT}")
    if content["labels"] != list(LABEL_NAMES):
        raise ModelError(f"{where}: its classes are not {', '.join(LABEL_NAMES)}, in this order")
    return content


def _weights(content: Mapping[str, Any], where: str) -> Weights:
    try:
        terms = tuple(content["terms"].decode().split("\n"))
        lexicon = tuple(content["lexicon"].decode().split())
        reading, link = Reading(content["reading"]), Link(content["link"])
        rule = Rule(content["rule"])
    except ValueError as exc:
        raise ModelError(
            f"{where}: its terms, lexicon, reading, link or rule cannot be read"
        ) from exc
    if len(terms) > MOST_TERMS or any(a >= b for a, b in pairwise(terms)):
        raise ModelError(f"{where}: its terms are too many or not in order")
    shapes = {"idf": (len(terms),), "coef": (len(terms), 3)} | dict.fromkeys(
        ("intercept", "slope", "bias"), (3,)
    )
    arrays = {field: _array(content, field, shape, where) for field, shape in shapes.items()}
    hate_factor = content["hate_factor"]
    if not 0.0 < hate_factor < math.inf:
        raise ModelError(f"{where}: hate_factor is not a number above zero")
    base_rate = content["base_rate"]
    if not 0.0 <= base_rate < 1.0:
        raise ModelError(f"{where}: base_rate is not a share")
    return Weights(
        reading=reading,
        terms=terms,
        link=link,
        rule=rule,
        hate_factor=hate_factor,
        base_rate=base_rate or None,
        lexicon=lexicon,
        **arrays,
    )


def _array(
    content: Mapping[str, Any], field: str, shape: tuple[int, ...], where: str
) -> np.ndarray[Any, np.dtype[np.float64]]:
    array = content[field]
    if array.dtype not in (np.float32, np.float64) or array.shape != shape:
        raise ModelError(f"{where}: {field} has not the shape {shape} of real numbers")
    if not np.isfinite(array).all():
        raise ModelError(f"{where}: {field} holds numbers that are not finite")
    return np.asarray(array, dtype=np.float64)


def _prove(scorer: CompiledScorer, golden: Sequence[object], where: str) -> None:
    found = [scorer.probabilities(sentence) for sentence in GOLDEN_SENTENCES]
    expected = np.asarray(golden, dtype=np.float64) if _is_table(golden) else np.empty(0)
    if expected.shape != (len(found), 3) or not np.allclose(
        found, expected, rtol=0.0, atol=TOLERANCE
    ):
        raise ModelError(f"{where}: does not score its golden sentences as it did when trained")


def _is_table(golden: Sequence[object]) -> bool:
    return all(
        isinstance(row, list) and len(row) == 3 and all(isinstance(p, float) for p in row)
        for row in golden
    )
