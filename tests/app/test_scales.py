"""Scales that were fitted to another model than the one in force."""

from __future__ import annotations

import pytest

from moderator.app import Service
from moderator.config import load_settings, server_settings
from tests.builders import MarkedScorer

SCALE = "perspective: {scales: {TOXICITY: {from: toxic, model: %s, knots: [[0, 0], [1, 0.5]]}}}\n"


@pytest.mark.parametrize("fitted_to", ["old@000000000000", MarkedScorer().model])
def test_the_log_names_them_at_the_start(fitted_to, sqlite_url, tmp_path, caplog):
    config = tmp_path / "config.yaml"
    config.write_text("triggers: {}\nchannels: {}\n" + SCALE % fitted_to)
    settings = load_settings(config, {})
    server = server_settings({"DATABASE_URL": sqlite_url})
    service = Service(settings, server, {}, MarkedScorer())
    service.start()
    service.stop()
    found = [record.scales for record in caplog.records if "another model" in record.message]
    misfits = [["perspective.scales.TOXICITY"]] if fitted_to.startswith("old") else []
    assert found == misfits
