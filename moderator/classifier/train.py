"""Training: from a labelled file to a model file, its card and a report of honest figures."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from moderator.classifier import artefact
from moderator.classifier.card import written
from moderator.classifier.comparison import reach, reach_table
from moderator.classifier.crossval import FOLDS
from moderator.classifier.dataset import LabelledRows, read_labelled
from moderator.classifier.duplicates import near_duplicates
from moderator.classifier.examination import ALONE_RECIPE, Examination, examine
from moderator.classifier.figures import Findings
from moderator.classifier.pool import POOL, PoolRows, read_pool
from moderator.classifier.progress import steps
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
    configuration. `findings` are what held-out folds and the exam said, the trained recipe last;
    None where no fold was measured. `left_out` counts the pool's rows that say nearly what a
    labelled row says.
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
    findings: Findings | None

    def table(self) -> str:
        """What was aimed at and what was reached, in Markdown; empty where no fold was measured."""
        if self.findings is None:
            return ""
        return reach_table(self.findings.reach, [c.name for c in self.findings.columns])


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

    `pool` is a folder with the training pool and the test files beside it (`pool.POOL` and `exam`
    name them); only the default recipe is trained on it. `folds`, 0 to 5, says how many of five
    folds are held out in turn and measured, the exam with them; the model itself is then fitted on
    all rows. With `compare` the other recipes are measured on the same folds, which takes 2 to 15
    minutes a fold for the tutorial's. `keep` is a folder where fold results are kept, so that a
    broken run goes on where it stopped.

    Raises DataError for malformed data, an unknown recipe or a wrong number of folds, and
    ModelError when the result cannot be written.
    """
    if not 0 <= folds <= FOLDS:
        raise DataError(f"folds must lie between 0 and {FOLDS}, not {folds}")
    recipe_named(recipe)  # a wrong name is told before anything is read
    rows = read_labelled(data)
    held, left_out = pool_without_duplicates(pool, rows) if pool is not None else (None, 0)
    chosen = recipe_named(recipe, held)
    recipes = _measured(chosen, held, compare)
    found = (
        examine(rows, recipes, folds=folds, pool=pool, pool_rows=held, keep=keep) if folds else None
    )
    with steps(f"training {chosen.name}", total=5) as step:
        fitted = chosen.fit(rows, step)
    used = held if chosen.name == "default" else None
    return _written(fitted, chosen, rows, used, left_out, found, out)


def pool_without_duplicates(folder: Path, rows: LabelledRows) -> tuple[PoolRows, int]:
    """The pool without what a labelled row says, too: it may be held out and tested on."""
    pool = read_pool(folder)
    same = near_duplicates(pool.texts, rows.texts)
    return pool.without(same), len(same)


def _measured(chosen: Recipe, pool: PoolRows | None, compare: bool) -> list[Recipe]:
    """What is measured on each fold, the recipe that is trained last."""
    if not compare:
        return [chosen]
    others = [recipe_named(name, pool) for name in RECIPE_NAMES if name != chosen.name]
    alone = [Default(name=ALONE_RECIPE)] if pool is not None else []
    return [*others, *alone, chosen]


def _written(
    fitted: Fitted,
    recipe: Recipe,
    rows: LabelledRows,
    pool: PoolRows | None,
    left_out: int,
    found: Examination | None,
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
        findings=None if found is None else _findings(model, digest, rows, found),
    )
    card = written(_card(report, recipe, fitted, rows, pool))
    _write(out, raw)
    _write(report.card_path, card.encode())
    _write(report.report_path, _page(report).encode())
    return report


def _findings(model: str, digest: str, rows: LabelledRows, found: Examination) -> Findings:
    return Findings(
        model=model,
        sha256=digest,
        data=rows.name,
        data_sha256=rows.digest,
        rows=len(rows),
        trained_on=False,
        abstained={},
        columns=found.columns,
        reach=reach(found.columns),
        notes=found.notes,
    )


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
        "findings": None if report.findings is None else asdict(report.findings),
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
    if report.findings is not None:
        lines += [report.table(), *(f"- {note}" for note in report.findings.notes), ""]
    return "\n".join(lines)
