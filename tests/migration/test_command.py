"""`moderator migrate perspective`, and the service that then answers on the old scale."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from moderator.classifier.bundled import load_bundled
from moderator.cli import main
from moderator.config import load_settings
from tests.migration.site import analyzed, mild_site, write_export
from tests.reliability.service import ServiceProcess

THRESHOLDS = (0.5, 0.6, 0.7)
OPEN = "public: [perspective]\ntriggers: {}\nchannels: {}\n"
CANARY = "is stupid"


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run the command in an empty folder; returns exit code, standard output and error."""
    monkeypatch.delenv("MODERATOR_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["migrate", "perspective", *arguments])
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


def block_in(out: str) -> str:
    """What is to be pasted, out of what was printed."""
    return out.partition("To paste into the configuration:\n\n")[2]


def test_old_thresholds_keep_their_alert_rate_on_comments_that_nobody_fitted(
    run, sqlite_url, tmp_path
):
    """Export, command, paste, restart: the service answers on the old scale from then on."""
    comments = mild_site(8_000)
    fitted, unseen = comments[:4_000], comments[4_000:]
    write_export(tmp_path / "export.csv", fitted, column="toxicity")
    code, out, err = run("export.csv")
    assert code == 0
    assert err == (
        "written: perspective-migration/report.html\n"
        "written: perspective-migration/perspective.yaml\n"
    )
    assert block_in(out) == Path("perspective-migration/perspective.yaml").read_text()

    Path("config.yaml").write_text(OPEN + block_in(out))
    settings = load_settings(Path("config.yaml"), {})
    site = settings.perspective.in_force().other
    scores: Any = load_bundled().score_many([each.text for each in unseen])
    after: Any = [site.value_of("TOXICITY", score.probabilities) for score in scores]
    for threshold in THRESHOLDS:
        before = sum(each.toxicity >= threshold for each in unseen)
        assert sum(value >= threshold for value in after) == pytest.approx(before, rel=0.05)

    few = [each.text for each in unseen[:5]]
    with ServiceProcess(tmp_path, OPEN, sqlite_url) as service:
        assert analyzed(service, few) == pytest.approx([s.probabilities.toxic for s in scores[:5]])
    with ServiceProcess(tmp_path, OPEN + block_in(out), sqlite_url) as service:
        assert analyzed(service, few) == pytest.approx(after[:5])


def test_the_figures_and_what_could_not_be_read_are_told_without_a_comment(run, tmp_path):
    export = write_export(tmp_path / "export.csv", mild_site(600))
    with export.open("a") as out:
        out.write("x1,,0.5\nx2,fine,loud\n")
    code, out, err = run("export.csv", "--json", "--report", "r", "--days", "3")
    assert code == 0
    assert err.splitlines()[:2] == [
        "export.csv:602: its text is empty",
        "export.csv:603: its TOXICITY is no number",
    ]
    told = json.loads(out)
    assert (told["comments"], told["days"]) == (600, 3.0)
    assert [row["line"] for row in told["bad_rows"]] == [602, 603]
    assert CANARY not in out + err + Path("r/perspective.yaml").read_text()
    assert CANARY in Path("r/report.html").read_text()
    assert stat.S_IMODE(Path("r/report.html").stat().st_mode) == 0o600


def test_a_communitys_scales_stand_under_its_name(run, tmp_path):
    write_export(tmp_path / "export.csv", mild_site(600))
    _, out, _ = run("export.csv", "--community", "news", "--threshold", "TOXICITY=0.83")
    community = yaml.safe_load(block_in(out))["perspective"]["communities"]["news"]
    assert 0.83 in [old for _, old in community["scales"]["TOXICITY"]["knots"]]


def test_the_same_export_gives_the_same_block(run, tmp_path):
    write_export(tmp_path / "export.csv", mild_site(600))
    assert run("export.csv")[1] == run("export.csv")[1]


def test_where_nothing_is_offered_there_is_nothing_to_paste(run, tmp_path):
    write_export(tmp_path / "export.csv", mild_site(600), column="THREAT")
    Path("perspective-migration").mkdir()
    code, out, err = run("export.csv", "--threshold", "THREAT=0.999")
    assert code == 0
    assert "no scale: the model does not answer it by itself" in out
    assert "No scale is offered, so there is nothing to paste." in out
    assert err == "written: perspective-migration/report.html\n"


def test_an_export_without_a_usable_row_ends_with_65(run, tmp_path):
    (tmp_path / "export.csv").write_text("id,text,TOXICITY\n1,,0.5\n")
    assert run("export.csv") == (
        65,
        "",
        "moderator: export.csv: no row can be used\nexport.csv:2: its text is empty\n",
    )


def test_comments_are_judged_at_the_base_rate_that_the_route_judges_at(run, tmp_path):
    """An estimate would move the scale from day to day."""
    write_export(tmp_path / "export.csv", mild_site(600))
    secret = "kQ7-forum-9vLz2mXw4RtB8cNd6Y"
    source = f"sources: {{news: {{kind: generic, secrets: [{secret}], base_rate: RATE}}}}\n"
    fitted = []
    for rate in ("0.15", "0.01"):
        Path("config.yaml").write_text(OPEN + source.replace("RATE", rate))
        fitted.append(yaml.safe_load(block_in(run("export.csv", "--community", "news")[1])))
    blocks = [each["perspective"]["communities"]["news"]["scales"]["TOXICITY"] for each in fitted]
    assert blocks[0]["knots"] != blocks[1]["knots"]
    Path("config.yaml").write_text(OPEN + source.replace("RATE", "estimate"))
    code, _, err = run("export.csv", "--community", "news")
    assert code == 78
    assert "sources.news.base_rate: is estimated anew each day" in err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--threshold", "TOXICTY=0.5", "(did you mean TOXICITY?)"),
        ("--threshold", "TOXICITY=5", "above 0 and is 1 at most"),
        ("--threshold", "TOXICITY", "above 0 and is 1 at most"),
        ("--community", "News!", "is not a name"),
        ("--days", "0", "must be above 0"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(run, tmp_path, option, value, said):
    write_export(tmp_path / "export.csv", mild_site(5))
    code, _, err = run("export.csv", option, value)
    assert code == 2
    assert said in err
