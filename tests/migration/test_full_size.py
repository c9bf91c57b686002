"""Moving a site of 20,000 comments over; its old scores are by another model, with noise."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from moderator.classifier.bundled import load_bundled
from moderator.classifier.dataset import read_labelled
from moderator.classifier.metrics import toxic_of
from moderator.classifier.pool import read_everyday
from moderator.classifier.tutorial import Tutorial
from moderator.cli import main
from tests.migration.site import Scored, analyzed, write_export
from tests.reliability.service import ServiceProcess

DATA = Path(os.environ.get("MODERATOR_SHARED", "../shared")) / "data"
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
OPEN = "public: [perspective]\ntriggers: {}\nchannels: {}\n"
COMMENTS, RUDE, FITTED_TO = 20_000, 3_000, 4_000
MILDER, NOISE = 3.0, 0.7  # of log odds: the old scorer took tweets for what is usual


@pytest.fixture(scope="module")
def site() -> list[Scored]:
    """Tweets and everyday talk; the tutorial's recipe, made of other tweets, was the old scorer."""
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not there")
    chance = np.random.default_rng(5)
    rows = read_labelled(DATA / "davidson" / "labeled_data.csv")
    order = chance.permutation(len(rows))
    old = Tutorial().fit(rows.take(order[:FITTED_TO]))
    tweets = rows.take(order[FITTED_TO : FITTED_TO + RUDE]).texts
    talk = read_everyday(DATA / "pool" / "goemotions_train.csv")
    # What our model would not judge is left out here: no scale can keep its alerts.
    said = [*tweets, *talk]
    scores = load_bundled().score_many(said)
    judged = [t for t, score in zip(said, scores, strict=True) if score.probabilities is not None]
    judged = judged[:COMMENTS]
    texts = [judged[i] for i in chance.permutation(COMMENTS)]
    told = np.clip(toxic_of(old.probabilities(texts)), 1e-4, 1 - 1e-4)
    noisy = np.log(told / (1 - told)) - MILDER + chance.normal(0.0, NOISE, len(texts))
    old_scores = 1 / (1 + np.exp(-noisy))
    return [
        Scored(id=f"c{i}", text=text, toxicity=round(float(score), 6))
        for i, (text, score) in enumerate(zip(texts, old_scores, strict=True))
    ]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_old_thresholds_keep_their_alert_rate_within_5_percent_on_the_other_half(
    site, sqlite_url, tmp_path, capsys
):
    """The report is written, the block pasted, the service restarted and asked about each."""
    assert len(site) == COMMENTS
    fitted, unseen = site[: COMMENTS // 2], site[COMMENTS // 2 :]
    export = write_export(tmp_path / "export.csv", fitted)
    with pytest.raises(SystemExit) as ended:
        main(["migrate", "perspective", str(export), "--report", str(tmp_path / "report")])
    assert not ended.value.code
    assert (tmp_path / "report" / "report.html").stat().st_size > 10_000
    block = (tmp_path / "report" / "perspective.yaml").read_text()
    assert block in capsys.readouterr().out

    texts = [each.text for each in unseen]
    service = ServiceProcess(tmp_path, OPEN, sqlite_url)
    with service:
        raw = analyzed(service, texts[:1_000], connections=4)
    (tmp_path / "config.yaml").write_text(OPEN + block)
    with service:
        after = analyzed(service, texts, connections=4)
    assert after[:1_000] != raw
    for threshold in THRESHOLDS:
        before = sum(each.toxicity >= threshold for each in unseen)
        now = sum(value >= threshold for value in after)
        with capsys.disabled():
            print(f"\n{threshold}: {before} alerts before, {now} after", end="")  # noqa: T201
        assert now == pytest.approx(before, rel=0.05)
