"""Training: from a labelled file to a model file, its card and a report of honest figures."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from moderator.classifier import artefact
from moderator.classifier.comparison import RecipeFigures, comparison_table, summed_up
from moderator.classifier.crossval import FOLDS, cross_validate
from moderator.classifier.dataset import LabelledRows, read_labelled
from moderator.classifier.duplicates import near_duplicates
from moderator.classifier.pool import EVERYDAY_FILE, POOL, PoolRows, read_everyday, read_pool
from moderator.classifier.progress import each, steps
from moderator.classifier.recipe import Fitted, Recipe
from moderator.classifier.recipes import RECIPE_NAMES, recipe_named
from moderator.classifier.robust import Default
from moderator.classifier.weights import LABEL_NAMES
from moderator.domain.errors import DataError, ModelError

VERSIONED = ("numpy", "scipy", "scikit-learn", "joblib", "stop-words")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """What came of a training.

    `model` is `<name>@<first 12 hex digits of sha256>`; `sha256` is the pin to put into the
    configuration. `figures` are those of held-out folds, one entry a recipe, the trained one
    last; empty where no fold was measured. `left_out` counts the pool's rows that say nearly what
    a labelled row says.
    """

    model: str
    sha256: str
    model_bytes: int
    model_path: Path
    card_path: Path
    report_path: Path
    rows: int
    pool_rows: int
    left_out: int
    figures: tuple[RecipeFigures, ...]

    def table(self) -> str:
        """The figures side by side, in Markdown; empty where no fold was measured."""
        return comparison_table(self.figures) if self.figures else ""


def train(
    data: Path,
    *,
    recipe: str = "default",
    out: Path = Path("model.joblib"),
    pool: Path | None = None,
    folds: int = 1,
    compare: bool = False,
    keep: Path | None = None,
) -> TrainingReport:
    """Fit a recipe on a labelled file and write the model, its card and a report.

    `pool` is a folder with the training pool (`pool.POOL` names its files); only the default
    recipe uses it. `folds`, 0 to 5, says how many of five folds are held out in turn and
    measured; the model itself is then fitted on all rows. With `compare` the other recipes are
    measured on the same folds, which takes 2 to 15 minutes a fold for the tutorial's. `keep` is a
    folder where fold results are kept, so that a broken run goes on where it stopped.

    Raises DataError for malformed data, an unknown recipe or a wrong number of folds, and
    ModelError when the result cannot be written.
    """
    if not 0 <= folds <= FOLDS:
        raise DataError(f"folds must lie between 0 and {FOLDS}, not {folds}")
    recipe_named(recipe)  # a wrong name is told before anything is read
    rows = read_labelled(data)
    held, left_out = _pool_without_duplicates(pool, rows) if pool is not None else (None, 0)
    chosen = recipe_named(recipe, held)
    measured = _measured(chosen, held, compare)
    results = cross_validate(rows, measured, everyday=_everyday_of(pool), folds=folds, keep=keep)
    shown = each(results, "measuring on held-out folds", folds * len(measured))
    figures = summed_up(shown, rows.labels)
    with steps(f"training {chosen.name}", total=5) as step:
        fitted = chosen.fit(rows, step)
    used = held if chosen.name == "default" else None
    return _written(fitted, chosen, rows, used, left_out, figures, out)


def _pool_without_duplicates(folder: Path, rows: LabelledRows) -> tuple[PoolRows, int]:
    """The pool without what a labelled row says, too: it may be held out and tested on."""
    pool = read_pool(folder)
    same = near_duplicates(pool.texts, rows.texts)
    return pool.without(same), len(same)


def _everyday_of(pool: Path | None) -> tuple[str, ...]:
    if pool is None or not (pool / EVERYDAY_FILE).exists():
        return ()
    return read_everyday(pool / EVERYDAY_FILE)


def _measured(chosen: Recipe, pool: PoolRows | None, compare: bool) -> list[Recipe]:
    """What is measured on each fold, the recipe that is trained last."""
    if not compare:
        return [chosen]
    others = [recipe_named(name, pool) for name in RECIPE_NAMES if name != chosen.name]
    alone = [Default(name="default-without-pool")] if pool is not None else []
    return [*others, *alone, chosen]


def _written(
    fitted: Fitted,
    recipe: Recipe,
    rows: LabelledRows,
    pool: PoolRows | None,
    left_out: int,
    figures: tuple[RecipeFigures, ...],
    out: Path,
) -> TrainingReport:
    raw = artefact.pack(fitted, name=recipe.name)
    digest = hashlib.sha256(raw).hexdigest()
    # It must load and prove itself here, before anybody relies on it.
    model = artefact.load_bytes(raw, digest, where=str(out)).model
    report = TrainingReport(
        model=model,
        sha256=digest,
        model_bytes=len(raw),
        model_path=out,
        card_path=artefact.card_path(out),
        report_path=artefact.card_path(out).with_suffix("").with_suffix(".report.md"),
        rows=len(rows),
        pool_rows=0 if pool is None else len(pool),
        left_out=0 if pool is None else left_out,
        figures=figures,
    )
    card = json.dumps(_card(report, recipe, fitted, rows, pool), indent=1) + "\n"
    _write(out, raw)
    _write(report.card_path, card.encode())
    _write(report.report_path, _page(report).encode())
    return report


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a service may be about to read the file."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise ModelError(f"{path}: cannot be written: {reason}") from exc


def _card(
    report: TrainingReport,
    recipe: Recipe,
    fitted: Fitted,
    rows: LabelledRows,
    pool: PoolRows | None,
) -> Mapping[str, object]:
    """The model card, fit for JSON. It names no time and no folder, and quotes no row."""
    scores = fitted.probabilities(artefact.GOLDEN_SENTENCES)
    return {
        "name": recipe.name,
        "sha256": report.sha256,
        "bytes": report.model_bytes,
        "labels": list(LABEL_NAMES),
        "recipe": recipe.name,
        "parameters": dict(recipe.parameters),
        "rule": {"kind": fitted.weights.rule, "hate_factor": fitted.weights.hate_factor},
        "terms": len(fitted.weights.terms),
        "trained_on": [{"file": rows.name, "sha256": rows.digest, "rows": len(rows)}],
        "pool": [] if pool is None else _pool_sources(pool),
        "pool_rows": report.pool_rows,
        "pool_rows_left_out": report.left_out,
        "measured": [asdict(figures) for figures in report.figures],
        "versions": {"python": platform.python_version()} | {n: version(n) for n in VERSIONED},
        "golden": [
            {"text": text, "scores": dict(zip(LABEL_NAMES, row, strict=True))}
            for text, row in zip(artefact.GOLDEN_SENTENCES, scores.tolist(), strict=True)
        ],
    }


def _pool_sources(pool: PoolRows) -> list[Mapping[str, str]]:
    return [
        {
            "file": source.file,
            "sha256": pool.digests[source.file],
            "source": source.source,
            "licence": source.licence,
        }
        for source in POOL
    ]


def _page(report: TrainingReport) -> str:
    lines = [
        f"# {report.model}\n",
        f"Trained on {report.rows} labelled rows and {report.pool_rows} rows of the pool; "
        f"{report.left_out} rows of the pool were left out as near-duplicates of labelled rows.\n",
        f"SHA-256 `{report.sha256}`, {report.model_bytes} bytes.\n",
    ]
    if report.figures:
        lines.append(f"Figures on held-out folds, the same for each column:\n\n{report.table()}")
    return "\n".join(lines)
