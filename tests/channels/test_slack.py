"""Slack's answers, row by row (K1-K13), from a far end that gives them."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
import trustme

from moderator.channels.outbound import Outbound
from moderator.channels.slack import SlackChannel, SlackSettings
from moderator.domain.errors import ChannelError, Fault
from tests.channels.alerts import a_message
from tests.receivers import SECRET_PATH, HttpReply, SlackReceiver

PASSING, REFUSED, BROKEN = Fault.PASSING, Fault.REFUSED, Fault.BROKEN


@pytest.fixture
def slack():
    """A Slack of the test's own."""
    with SlackReceiver() as receiver:
        yield receiver


def channel_to(slack, deadline_s=10.0, **settings):
    """A channel that sends to it."""
    facts = {"url": slack.url, "allow_hosts": [slack.host_port]}
    outbound = Outbound(allow_hosts=(slack.host_port,), deadline_s=deadline_s)
    return SlackChannel("mods", SlackSettings(**(facts | settings)), outbound=outbound)


def failed(channel):
    """The error of one message, which tells nobody anything secret."""
    with pytest.raises(ChannelError) as error:
        channel.send(a_message(), "")
    for secret in (SECRET_PATH, "Canary", "127.0.0.1", "goose"):
        assert secret not in str(error.value)
    return error.value


def test_k1_ok_is_sent(slack):
    """And what Slack said is handed back."""
    channel = channel_to(slack)

    assert channel.send(a_message(), "") == "200 ok"
    assert slack.requests[0].json["blocks"][-1]["elements"][0]["text"].endswith("key 01JD9Q.mods")
    assert (channel.kind, channel.recipients) == ("slack", ("",))


@pytest.mark.parametrize(
    "body",
    [b"<html>Welcome to our Wi-Fi</html>", b'{"ok":false}', b"", b"OK", b"not ok", b"\xff" * 99],
)
def test_k2_a_page_of_somebody_else_is_not_sent_and_broken_at_the_third_time(slack, body):
    """A 200 alone proves nothing: Slack says `ok`."""
    slack.default = HttpReply(body=body)
    channel = channel_to(slack)

    errors = [failed(channel) for _ in range(3)]

    assert [error.fault for error in errors] == [PASSING, PASSING, BROKEN]
    assert {str(error) for error in errors} == {"an answer that is not Slack's: 200"}
    assert not any(error.maybe_sent for error in errors)


def test_k2_one_sensible_answer_forgives_the_senseless_ones(slack):
    """Three in a row it must be."""
    page = HttpReply(body=b"<html>")
    slack.script(page, page, HttpReply(status=503, body=b""), page, page, HttpReply(), page)
    channel = channel_to(slack)

    assert failed(channel).fault is failed(channel).fault is PASSING
    assert str(failed(channel)) == "Slack answered 503"
    assert failed(channel).fault is failed(channel).fault is PASSING
    assert channel.send(a_message(), "") == "200 ok"
    assert failed(channel).fault is PASSING


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_k3_a_redirect_is_a_failure_and_not_followed(slack, status):
    """Whoever answers so is not Slack."""
    slack.default = HttpReply(status=status, body=b"", headers={"Location": slack.url})
    channel = channel_to(slack)

    assert [failed(channel).fault for _ in range(3)] == [PASSING, PASSING, BROKEN]
    assert len(slack.requests) == 3


@pytest.mark.parametrize(
    "word", ["invalid_payload", "no_text", "too_many_attachments", "invalid_blocks", "msg_too_long"]
)
def test_k4_a_message_slack_dislikes_is_sent_once_more_as_plain_text(slack, word, caplog):
    """An alert in plain words beats none, and our fault is logged as one."""
    slack.script(HttpReply(status=400, body=word.encode()))

    assert channel_to(slack).send(a_message(), "") == "200 ok"
    first, second = slack.requests
    assert "blocks" in first.json
    assert "blocks" not in second.json
    assert "silly goose" in second.json["text"]
    (record,) = [record for record in caplog.records if record.name == "moderator.channels.slack"]
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"channel mods: Slack answered 400 {word} to our blocks"


def test_k4_a_message_slack_dislikes_in_any_form_is_refused(slack):
    """It is dead; others may be taken."""
    slack.default = HttpReply(status=400, body=b"invalid_payload")

    error = failed(channel_to(slack))

    assert (error.fault, str(error)) == (REFUSED, "Slack answered 400 invalid_payload")
    assert len(slack.requests) == 2


def test_k4_trouble_with_the_second_form_is_that_trouble(slack):
    """A rate limit in between is obeyed."""
    slack.script(
        HttpReply(status=400, body=b"invalid_payload"),
        HttpReply(status=429, headers={"Retry-After": "7"}),
    )

    error = failed(channel_to(slack))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, 7.0, True)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (400, "user_not_found"),  # K5
        (400, "invalid_token"),
        (403, "invalid_token"),
        (401, ""),
        (403, "action_prohibited"),  # K6
        (403, "posting_to_general_channel_denied"),
        (404, "no_service"),  # K7
        (404, "channel_not_found"),
        (404, "no_team"),
        (404, "team_disabled"),
        (404, "<html>not found</html>"),
        (410, "channel_is_archived"),  # K8
    ],
)
def test_k5_to_k8_a_channel_that_takes_nothing_is_broken(slack, status, word):
    """One attempt, no second form: a person must mend it."""
    slack.default = HttpReply(status=status, body=word.encode())

    error = failed(channel_to(slack))

    told = f"{status} {word}" if word.isidentifier() else str(status)
    assert (error.fault, str(error)) == (BROKEN, f"Slack answered {told}")
    assert not error.hold_channel
    assert len(slack.requests) == 1


@pytest.mark.parametrize(
    ("header", "floor"),
    [
        ("30", 30.0),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),
        ("0", 0.0),
        ("-1", 60.0),
        ("abc", 60.0),
        ("1e9", 60.0),
        ("1000000000", 86_400.0),
        (None, 60.0),
        (("30", "90"), 90.0),
    ],
)
def test_k9_too_many_requests_hold_the_whole_channel(slack, header, floor):
    """For as long as Slack says, a minute where it does not say, a day at most."""
    headers = {"Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
    repeated: tuple[tuple[str, str], ...] = ()
    if isinstance(header, tuple):
        repeated = tuple(("Retry-After", value) for value in header)
    elif header is not None:
        headers["Retry-After"] = header
    slack.script(
        HttpReply(status=429, body=b"rate_limited", headers=headers, repeated_headers=repeated)
    )

    error = failed(channel_to(slack))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, floor, True)


@pytest.mark.parametrize(
    ("status", "word", "maybe_sent"),
    [
        (500, "rollup_error", False),
        (502, "", True),
        (503, "", False),
        (504, "", True),
        (599, "", False),
        (408, "", False),
    ],
)
def test_k10_trouble_on_slacks_side_passes(slack, status, word, maybe_sent):
    """A gateway that lost its own request does not know whether it was taken."""
    slack.default = HttpReply(status=status, body=word.encode())
    channel = channel_to(slack)

    errors = [failed(channel) for _ in range(4)]

    assert {error.fault for error in errors} == {PASSING}
    assert {error.retry_after_s for error in errors} == {None}
    assert {error.maybe_sent for error in errors} == {maybe_sent}
    assert not errors[0].hold_channel


def test_k10_a_floor_that_comes_with_it_is_obeyed(slack):
    """503 with Retry-After speaks for all messages."""
    slack.script(HttpReply(status=503, body=b"", headers={"Retry-After": "120"}))

    error = failed(channel_to(slack))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, 120.0, True)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (HttpReply(body=b"o" * 200_000), "an answer that is not Slack's: 200"),
        (HttpReply(status=500, body=b"o" * 50_000, endless=True), "Slack answered 500"),
        (HttpReply(delay_s=20), "the far end gave no answer in time"),
        (HttpReply(raw=b"H", drip_s=1), "the far end gave no answer in time"),
    ],
)
def test_k11_monstrous_answers_end_in_time(slack, reply, told):
    """Long, endless, late."""
    slack.script(reply)

    assert str(failed(channel_to(slack, deadline_s=0.4))) == told


@pytest.mark.parametrize("lost", ["before", "after", "during"])
def test_k12_a_lost_connection_passes_and_may_mean_sent(slack, lost):
    """The repeat has the same key."""
    slack.script(HttpReply(lost=lost, body=b"ok" * 10))
    channel = channel_to(slack)

    error = failed(channel)
    channel.send(a_message(), "")

    assert (error.fault, error.maybe_sent) == (PASSING, True)
    assert slack.requests[-1].json["blocks"][-1]["elements"][0]["text"].endswith("01JD9Q.mods")


def test_k12_a_wrong_certificate_passes_twice_and_then_is_broken():
    """F38: never without verification."""
    with SlackReceiver(ca=trustme.CA()) as slack:
        channel = channel_to(slack)

        errors = [failed(channel) for _ in range(3)]

    assert [error.fault for error in errors] == [PASSING, PASSING, BROKEN]
    assert "certificate" in str(errors[0])
    assert slack.requests == []


@pytest.mark.parametrize(("status", "body"), [(201, b"ok"), (202, b"ok\n"), (204, b"")])
def test_k13_an_odd_yes_is_a_yes_with_a_warning(slack, caplog, status, body):
    """It was taken; that it is odd stands in the log."""
    slack.script(HttpReply(status=status, body=body))

    assert channel_to(slack).send(a_message(), "").startswith(str(status))
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("status", [402, 406, 411, 413, 414, 415, 418, 422, 499])
def test_any_other_no_is_about_the_message(slack, status):
    """Tried in both forms, then dead: retrying for three days would not help."""
    slack.default = HttpReply(status=status, body=b"")

    assert failed(channel_to(slack)).fault is REFUSED
    assert len(slack.requests) == 2


def test_the_excerpt_is_a_setting(slack):
    """None of the comment leaves the house where it is 0."""
    channel_to(slack, excerpt=0).send(a_message(), "")

    assert "goose" not in slack.requests[0].body.decode()


def test_one_channel_serves_several_threads(slack):
    """Each request on a connection of its own."""
    channel = channel_to(slack)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: channel.send(a_message(), ""), range(24)))

    assert answers == ["200 ok"] * 24
    assert len(slack.requests) == 24
