"""What the pages say of an alert, in words."""

from __future__ import annotations

import pytest

from moderator.domain.delivery import DeliveryState, Owed
from moderator.domain.trigger import Severity
from moderator.web.pages.view import alert_view
from tests.channels.alerts import RAISED_AT, an_alert


@pytest.mark.parametrize(
    ("together", "told"),
    [(0, "waiting"), (1, "waiting"), (2, "waiting, together with 1 other"),
     (412, "waiting, together with 411 others")],
)  # fmt: skip
def test_an_alert_says_how_many_are_told_with_it(together, told):
    owed = Owed(
        channel="mods",
        recipient="",
        key=None,
        together=together,
        state=DeliveryState.PENDING,
        due_at=RAISED_AT,
        settled_at=None,
    )
    (delivery,) = alert_view(an_alert(), [owed], RAISED_AT).deliveries
    assert delivery.text == told


def test_a_page_names_the_severity():
    """Its word serves as a class, too."""
    assert alert_view(an_alert(severity=Severity.CRITICAL), [], RAISED_AT).severity == "critical"
