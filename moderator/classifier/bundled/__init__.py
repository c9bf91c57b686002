"""The model that comes with the package.

Rebuilt by one command, where DATA.csv is Davidson's labelled data and POOL the folder of the pool:

    moderator train DATA.csv --pool POOL --folds 5 --compare \\
        --out moderator/classifier/bundled/model.joblib

The same data, recipe and library versions give the same bytes. `--folds 5 --compare` makes no
other model; it fills the card's figures, and takes twenty minutes instead of one or two.
"""

from __future__ import annotations

import json
from importlib import resources
from importlib.resources.abc import Traversable

from moderator.classifier.artefact import load_bytes
from moderator.classifier.scorer import CompiledScorer
from moderator.domain.errors import ModelError


def load_bundled(package: Traversable | None = None) -> CompiledScorer:
    """Load the bundled model, pinned by the card beside it; ModelError when it is damaged.

    `package` is the folder that holds both; this one unless said.
    """
    folder = resources.files(__name__) if package is None else package
    try:
        card = json.loads(folder.joinpath("model.card.json").read_text(encoding="utf-8"))
        raw = folder.joinpath("model.joblib").read_bytes()
        pinned = str(card["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"the bundled model is damaged: {type(exc).__name__}") from exc
    return load_bytes(raw, pinned, where="the bundled model")
