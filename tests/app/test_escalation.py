"""The service tells more people of an alert that stood too long, as soon as it looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from moderator.alerting import Rules
from moderator.config import load_settings
from moderator.ingest import ingest
from moderator.storage import alerts, outbox
from moderator.storage.engine import read
from tests.app.test_reload import CONFIG, Folder, awaited, folder
from tests.builders import MarkedScorer, a_delivery, an_event

__all__ = ["folder"]

ESCALATING = CONFIG.replace(
    "notify: [terminal]}",
    "notify: [terminal], escalate: {unacknowledged: 30m, notify: [pager]}}",
).replace("channels:\n", "channels:\n  pager: {kind: console}\n")


def test_what_stood_too_long_while_nothing_ran_is_escalated_at_the_start(folder: Folder) -> None:
    """And told: the pager's message goes out."""
    folder.file.write_text(ESCALATING % 0.8)
    triggers = load_settings(folder.file, folder.environ).triggers
    ingest(
        folder.engine,
        MarkedScorer(),
        Rules(triggers=triggers, recipients={"terminal": ("",)}),
        [a_delivery(an_event("hate=0.9"))],
        now=datetime.now(UTC) - timedelta(minutes=31),
        new_id=lambda: "al_1",
    )
    with folder.service():
        awaited(lambda: states(folder) == [("pager", "sent"), ("terminal", "sent")])
    with read(folder.engine) as tx:
        alert = alerts.alert(tx, "al_1")
    assert alert is not None
    assert alert.escalated_because == "nobody has taken care of it for 30 minutes"


def states(folder: Folder) -> list[tuple[str, str]]:
    """Where the alert's messages stand, by channel."""
    with read(folder.engine) as tx:
        owed = outbox.owed_for(tx, ["al_1"])["al_1"]
    return sorted((each.channel, each.state.value) for each in owed)
