"""A moderator's whole visit, on both databases."""

from __future__ import annotations

import re
from typing import Any

from moderator.domain.delivery import AttemptOutcome, DeliveryState


def token_in(page: Any) -> dict[str, str]:
    """The token of a page's form."""
    (token, *_) = re.findall(r'name="token" value="([0-9a-f]{64})"', page.text)
    return {"token": token}


def test_from_the_link_in_a_message_to_the_alert_and_out_again(site):
    for number in range(25):
        site.send("hate=0.9 goose", id=str(number))
    site.send("abstain", id="unjudged")
    site.attempt(AttemptOutcome.SENT, "200 ok", DeliveryState.SENT)
    browser = site.client

    assert browser.get("/alerts/al_3").headers["location"] == "/login?next=/alerts/al_3"
    link = site.login_link()
    home = browser.post(link, data=token_in(browser.get(link)), follow_redirects=True)
    assert home.status_code == 200
    assert "1 comment was not judged" in home.text

    older = browser.get(re.findall(r'href="(/\?cursor=[^"]+)"', home.text)[0])
    assert "Older alerts" in older.text
    alert = browser.get("/alerts/al_3")
    assert "200 ok" in alert.text

    assert browser.post("/logout", data=token_in(alert)).status_code == 303
    assert browser.get("/").status_code == 303
    assert browser.post(link, data=token_in(browser.get(link))).status_code == 401
