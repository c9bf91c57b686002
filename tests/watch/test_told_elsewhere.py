"""A channel that is broken for real, and a mail server that is told of it."""

from __future__ import annotations

import threading

import pytest

from moderator import channels
from moderator.alerting import Rules
from moderator.dispatch import Dispatcher
from moderator.domain.trigger import Trigger
from moderator.ingest import ingest
from moderator.storage import outbox
from moderator.storage.engine import write
from moderator.watch import Lookout, Scope, Watch
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at
from tests.receivers import HttpReply, SlackReceiver, SmtpReceiver


@pytest.fixture
def slack():
    """A Slack whose webhook was withdrawn."""
    with SlackReceiver() as slack:
        slack.script(HttpReply(status=404, body=b"no_service"))
        yield slack


@pytest.fixture
def smtp():
    """A mail server that works."""
    with SmtpReceiver() as smtp:
        yield smtp


@pytest.fixture
def built(slack, smtp):
    """Both channels, as a configuration makes them."""
    blocks = {
        "mods-slack": {"kind": "slack", "url": slack.url, "allow_hosts": [slack.host_port]},
        "mods-email": {
            "kind": "email",
            "smtp": smtp.url,
            "allow_hosts": [smtp.host_port],
            "from": "bot@mod.example.org",
            "to": ["ann@mods.example.org"],
        },
    }
    settings = {
        name: channels.KINDS[block["kind"]].settings.model_validate(block)
        for name, block in blocks.items()
    }
    return {name: channels.build(name, block) for name, block in settings.items()}


def test_a_withdrawn_slack_url_is_told_by_mail_and_so_is_its_end(engine, built, slack, smtp):
    now = [NOON]
    recipients = {name: channel.recipients for name, channel in built.items()}
    rude = Trigger(name="rude", when={"hate": 0.8}, notify=("mods-slack",))
    rules = Rules(triggers=(rude,), recipients=recipients)
    scope = Scope(
        on=frozenset({Watch.CHANNEL}), sources=(), notify=recipients, recipients=recipients
    )
    dispatcher = Dispatcher(
        engine=engine,
        owner="me",
        jitter=lambda: 0.0,
        page_url=lambda _: None,
        stopping=threading.Event(),
        clock=lambda _: now[0],
    )
    ids = iter(("no_1", "no_2"))
    lookout = Lookout(engine, "marked@0", lambda: next(ids), clock=lambda _: now[0])
    ingest(
        engine,
        MarkedScorer(),
        rules,
        [a_delivery(an_event("hate=0.9 you silly goose"))],
        now=now[0],
        new_id=lambda: "al_1",
    )

    dispatcher.dispatch_due("mods-slack", built["mods-slack"])
    lookout.look(scope)
    dispatcher.dispatch_due("mods-email", built["mods-email"])

    (mail,) = smtp.messages
    text = mail.mail.get_body(("plain",)).get_content()
    assert "Channel mods-slack is broken" in mail.mail["Subject"]
    assert "no_service" in text
    assert "goose" not in text
    assert slack.url not in mail.mail.as_string()

    with write(engine) as tx:
        outbox.note_success(tx, "mods-slack", now[0])
    for minutes in (1, 17):
        now[0] = at(minutes)
        lookout.look(scope)
    dispatcher.dispatch_due("mods-email", built["mods-email"])
    assert "Channel mods-slack works again" in smtp.messages[1].mail["Subject"]
    assert len(slack.requests) == 1
