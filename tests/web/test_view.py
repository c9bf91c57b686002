"""What the pages say of an alert, in words."""

from __future__ import annotations

import pytest

from moderator.domain.trigger import Severity
from moderator.web.pages.view import alert_view
from tests.channels.alerts import RAISED_AT, an_alert


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        (
            {"share": 2 / 3, "share_threshold": 0.5},
            {"Share": "66.6% of the comments counted (asked for: 50.0%)"},
        ),
        (
            {"rise": 2.99, "rise_threshold": 2.5},
            {"Rise": "2.9 times the usual (asked for: 2.5)"},
        ),
        ({"rise": 60.0, "rise_threshold": 3.0}, {"Rise": "60 times the usual (asked for: 3)"}),
    ],
)
def test_an_alerts_own_page_tells_what_its_window_came_to(changes, expected):
    """Rounded down; a list tells less."""
    alert = an_alert(**changes)
    told = {fact.name: fact.text for fact in alert_view(alert, [], RAISED_AT).facts}
    assert {name: told[name] for name in ("Share", "Rise") if name in told} == expected
    in_a_list = alert_view(alert, [], RAISED_AT, in_full=False).facts
    assert not {"Share", "Rise"} & {fact.name for fact in in_a_list}


def test_a_page_names_the_severity():
    """Its word serves as a class, too."""
    assert alert_view(an_alert(severity=Severity.CRITICAL), [], RAISED_AT).severity == "critical"
