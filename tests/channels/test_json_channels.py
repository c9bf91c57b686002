"""What all channels that hand JSON to a provider promise alike, against far ends that answer."""

from __future__ import annotations

import html
import json
import logging
import re
import traceback
from typing import Any

import pytest
import trustme

from moderator.channels import KINDS, build
from moderator.channels.json_channel import JsonChannel
from moderator.domain.errors import ChannelError, Fault
from tests.channels.alerts import HOSTILE, a_heated_thread, a_message, an_alert
from tests.channels.providers import (
    CANARY,
    DISCORD,
    MATRIX,
    PAGERDUTY,
    PROVIDERS,
    TEAMS,
    TELEGRAM,
    WEBHOOK,
    WITH_PROOF,
    Provider,
    replying,
    texts_in,
)
from tests.receivers import HttpReceiver, HttpReply

PASSING, REFUSED, BROKEN = Fault.PASSING, Fault.REFUSED, Fault.BROKEN
every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.kind)


@pytest.fixture
def far_end():
    """A provider of the test's own."""
    with HttpReceiver() as receiver:
        yield receiver


def failed(channel: JsonChannel[Any]) -> ChannelError:
    """The error of one message, which tells nobody anything secret."""
    with pytest.raises(ChannelError) as error:
        channel.send(a_message(), "")
    for secret in (CANARY, "127.0.0.1", "goose"):
        assert secret not in str(error.value)
    return error.value


@every_provider
def test_the_providers_own_yes_is_sent(far_end: HttpReceiver, provider: Provider) -> None:
    """With one request, whose key tells a repeat from a second alert."""
    far_end.default = provider.yes
    channel = provider.channel(far_end)

    assert channel.send(a_message(), "") == str(provider.yes.status)
    (request,) = far_end.requests
    assert "01JD9Q.mods" in json.dumps(request.json, ensure_ascii=False).replace("\\\\", "")
    assert "https://mod.example.org/alerts/01JD9Q" in request.body.decode().replace("\\\\", "")
    assert (channel.kind, channel.recipients) == (provider.kind, ("",))


@every_provider
def test_a_repeat_is_the_same_message(far_end: HttpReceiver, provider: Provider) -> None:
    """Byte by byte and at the same place; only the time of a signature may differ."""
    far_end.script(HttpReply(status=503), provider.yes)
    channel = provider.channel(far_end)

    failed(channel)
    channel.send(a_message(), "")

    first, second = far_end.requests
    assert (first.path, first.body) == (second.path, second.body)


@pytest.mark.parametrize("provider", WITH_PROOF, ids=lambda each: each.kind)
@pytest.mark.parametrize("body", [b"<html>Welcome to our Wi-Fi</html>", b"[" * 60_000, b"\xff" * 9])
def test_a_page_of_somebody_else_is_not_sent_and_broken_at_the_third_time(
    far_end: HttpReceiver, provider: Provider, body: bytes
) -> None:
    """K2: a 2xx alone proves nothing."""
    far_end.default = HttpReply(body=body)
    channel = provider.channel(far_end)

    errors = [failed(channel) for _ in range(3)]

    assert [error.fault for error in errors] == [PASSING, PASSING, BROKEN]
    assert str(errors[0]) == f"an answer that is not {provider.called}'s: 200"
    assert not errors[0].maybe_sent


@pytest.mark.parametrize("provider", WITH_PROOF, ids=lambda each: each.kind)
def test_one_sensible_answer_forgives_the_senseless_ones(
    far_end: HttpReceiver, provider: Provider
) -> None:
    """Three in a row it must be."""
    page = HttpReply(body=b"<html>")
    far_end.script(page, page, HttpReply(status=503), page, page, provider.yes, page)
    channel = provider.channel(far_end)

    assert [failed(channel).fault for _ in range(5)] == [PASSING] * 5
    channel.send(a_message(), "")
    assert failed(channel).fault is PASSING


@every_provider
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(
    far_end: HttpReceiver, provider: Provider, status: int
) -> None:
    """K3: whoever answers so is not the provider."""
    headers = {"Location": f"{far_end.origin}/elsewhere"}
    far_end.default = HttpReply(status=status, body=b"", headers=headers)
    channel = provider.channel(far_end)

    assert [failed(channel).fault for _ in range(3)] == [PASSING, PASSING, BROKEN]
    assert len(far_end.requests) == 3


@every_provider
@pytest.mark.parametrize("status", [400, 402, 406, 409, 413, 415, 422])
def test_a_message_that_is_disliked_in_every_form_is_refused(
    far_end: HttpReceiver, provider: Provider, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """K4: a plainer form where there is one, then it is dead; each refusal is logged."""
    far_end.default = replying(status, {"message": CANARY})

    error = failed(provider.channel(far_end))

    assert (error.fault, str(error)) == (REFUSED, f"{provider.called} answered {status}")
    assert len(far_end.requests) == provider.forms
    ours = [each for each in caplog.records if each.name == "moderator.channels.json_channel"]
    assert [each.levelno for each in ours] == [logging.ERROR] * (provider.forms - 1)


@pytest.mark.parametrize(
    "provider", [each for each in PROVIDERS if each.forms > 1], ids=lambda each: each.kind
)
def test_a_message_that_is_disliked_in_one_form_is_sent_in_a_plainer_one(
    far_end: HttpReceiver, provider: Provider
) -> None:
    """An alert in plain words beats none."""
    far_end.script(HttpReply(status=400, body=b"{}"), provider.yes)

    assert provider.channel(far_end).send(a_message(), "") == str(provider.yes.status)
    rich, plain = far_end.requests
    assert rich.json != plain.json
    assert "slur" in plain.body.decode()


@every_provider
@pytest.mark.parametrize("status", [401, 403, 404, 405, 407, 410, 451])
def test_what_speaks_of_the_channel_breaks_it(
    far_end: HttpReceiver, provider: Provider, status: int
) -> None:
    """K5-K8: a revoked token, a room that is gone."""
    far_end.default = replying(status, {})

    assert failed(provider.channel(far_end)).fault is BROKEN
    assert len(far_end.requests) == 1


@pytest.mark.parametrize(
    ("provider", "content"),
    [
        (DISCORD, {"code": 220001, "message": "a thread is needed"}),
        (TELEGRAM, {"ok": False, "description": "Bad Request: chat not found"}),
        (TELEGRAM, {"ok": False, "description": "Bad Request: CHAT_WRITE_FORBIDDEN"}),
        (MATRIX, {"errcode": "M_INVALID_PARAM"}),
        (PAGERDUTY, {"status": "invalid event", "errors": ["'routing_key' is invalid"]}),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)
def test_a_400_may_speak_of_the_channel(
    far_end: HttpReceiver, provider: Provider, content: dict[str, Any]
) -> None:
    """Each provider has words of its own for it."""
    far_end.default = replying(400, content)

    assert failed(provider.channel(far_end)).fault is BROKEN
    assert len(far_end.requests) == 1


@every_provider
@pytest.mark.parametrize(
    ("header", "wait"), [("30", 30.0), ("-1", 60.0), ("abc", 60.0), ("1e9", 60.0), (None, 60.0)]
)
def test_a_rate_limit_holds_the_channel(
    far_end: HttpReceiver, provider: Provider, header: str | None, wait: float
) -> None:
    """K9: Retry-After is a floor; a senseless or missing one is a minute."""
    headers = {} if header is None else {"Retry-After": header}
    far_end.default = HttpReply(status=429, body=b"{}", headers=headers)

    error = failed(provider.channel(far_end))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, wait, True)


@pytest.mark.parametrize(
    ("provider", "content"),
    [
        (DISCORD, {"retry_after": 90.5, "global": False}),
        (TELEGRAM, {"ok": False, "parameters": {"retry_after": 90.5}}),
        (MATRIX, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 90_500}),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)
@pytest.mark.parametrize(("header", "wait"), [("30", 90.5), ("120", 120.0), (None, 90.5)])
def test_of_two_waits_the_longer_one_counts(
    far_end: HttpReceiver,
    provider: Provider,
    content: dict[str, Any],
    header: str | None,
    wait: float,
) -> None:
    """In the header and in the JSON."""
    headers = {} if header is None else {"Retry_After": header}
    far_end.default = replying(429, content, **headers)

    assert failed(provider.channel(far_end)).retry_after_s == wait


@pytest.mark.parametrize("told", ["soon", True, -3, float("nan"), [5], {}])
def test_a_senseless_wait_in_the_json_is_a_minute(far_end: HttpReceiver, told: object) -> None:
    """Never a crash, never no wait."""
    far_end.default = replying(429, {"retry_after": told})

    assert failed(DISCORD.channel(far_end)).retry_after_s == 60.0


@pytest.mark.parametrize("told", [1e300, float("inf"), 10**300])
def test_an_endless_wait_is_a_day(far_end: HttpReceiver, told: float) -> None:
    """As of the header."""
    far_end.default = replying(429, {"retry_after": told})

    assert failed(DISCORD.channel(far_end)).retry_after_s == 86_400.0


@every_provider
@pytest.mark.parametrize("status", [408, 421, 425, 500, 502, 503, 504])
def test_trouble_on_their_side_passes(
    far_end: HttpReceiver, provider: Provider, status: int
) -> None:
    """K10: after a gateway's sigh nobody knows whether it arrived."""
    far_end.default = HttpReply(status=status, body=b"<html>")

    error = failed(provider.channel(far_end))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, None, False)
    assert error.maybe_sent == (status in (502, 504))
    assert len(far_end.requests) == 1


@every_provider
def test_a_wait_of_a_server_that_is_away_is_obeyed(
    far_end: HttpReceiver, provider: Provider
) -> None:
    """503 with Retry-After."""
    far_end.default = HttpReply(status=503, body=b"", headers={"Retry-After": "120"})

    error = failed(provider.channel(far_end))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, 120.0, True)


@every_provider
@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_connection_passes_and_may_mean_sent(
    far_end: HttpReceiver, provider: Provider, lost: Any
) -> None:
    """K12: the repeat has the same key."""
    far_end.script(HttpReply(lost=lost))

    error = failed(provider.channel(far_end))

    assert (error.fault, error.maybe_sent) == (PASSING, True)


@pytest.mark.parametrize(
    "provider", [each for each in WITH_PROOF if each is not TEAMS], ids=lambda each: each.kind
)
def test_half_an_answer_may_mean_sent(far_end: HttpReceiver, provider: Provider) -> None:
    """The status came, the proof did not."""
    far_end.script(HttpReply(status=200, body=provider.yes.body * 9, lost="during"))

    error = failed(provider.channel(far_end))

    assert (error.fault, error.maybe_sent) == (PASSING, True)


@every_provider
def test_a_late_answer_ends_in_time(far_end: HttpReceiver, provider: Provider) -> None:
    """K11."""
    far_end.script(HttpReply(delay_s=20))

    error = failed(provider.channel(far_end, deadline_s=0.3))

    assert str(error) == "the far end gave no answer in time"


@every_provider
def test_a_wrong_certificate_passes_twice_and_then_is_broken(provider: Provider) -> None:
    """F38: never without verification."""
    with HttpReceiver(ca=trustme.CA()) as far_end:
        channel = provider.channel(far_end)

        errors = [failed(channel) for _ in range(3)]

        assert [error.fault for error in errors] == [PASSING, PASSING, BROKEN]
        assert far_end.requests == []


@every_provider
def test_a_private_address_that_is_not_listed_is_never_asked(
    far_end: HttpReceiver, provider: Provider
) -> None:
    """The settings allow a name by its port; the name resolves to this machine."""
    facts = {"allow_hosts": [far_end.host_port], **provider.settings(far_end.origin)}
    settings = KINDS[provider.kind].settings.model_validate(facts)
    unlisted = settings.model_copy(update={"allow_hosts": ()})

    with pytest.raises(ChannelError, match="private or loopback") as error:
        build("mods", unlisted).send(a_message(), "")

    assert error.value.fault is BROKEN
    assert far_end.requests == []


ECHO = json.dumps(
    {"code": CANARY, "errcode": CANARY, "status": CANARY, "description": CANARY, "errors": [CANARY],
     "message": "a canary comment", "parameters": {"migrate_to_chat_id": CANARY}}
).encode()  # fmt: skip


@every_provider
@pytest.mark.parametrize(
    "reply",
    [
        HttpReply(status=200, body=b"<html>" + ECHO),
        HttpReply(status=302, body=ECHO, headers={"Location": f"http://127.0.0.1/{CANARY}"}),
        *(HttpReply(status=code, body=ECHO) for code in (400, 401, 403, 404, 500)),
        HttpReply(status=429, body=ECHO, headers={"Retry-After": CANARY}),
        HttpReply(raw=ECHO),
        HttpReply(raw=b"HTTP/1.1 500 " + ECHO + b"\r\n" + ECHO + b"\r\n\r\n"),
        HttpReply(lost="before"),
        HttpReply(lost="after"),
    ],
)
def test_no_channel_tells_a_secret(
    far_end: HttpReceiver,
    provider: Provider,
    reply: HttpReply,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever is answered, also where it echoes all we sent."""
    caplog.set_level(logging.DEBUG)
    far_end.default = reply
    channel = provider.channel(far_end)
    alert = an_alert(excerpt="a canary comment", author_name="canary comment")
    try:
        told = channel.send(a_message(alert), "")
    except ChannelError as error:
        lines = "".join(traceback.format_exception(error)).splitlines()
        told = "\n".join([repr(error), *(line for line in lines if not line.startswith("  "))])

    for canary in (CANARY, "canary comment", "127.0.0.1"):
        assert canary not in told + caplog.text
        assert canary not in repr(channel.settings).replace(far_end.origin, "").replace(
            far_end.host_port, ""
        )


@every_provider
def test_none_of_the_comment_leaves_the_house_where_excerpt_is_0(
    far_end: HttpReceiver, provider: Provider
) -> None:
    """Neither its text nor words of it."""
    far_end.default = provider.yes
    provider.channel(far_end, excerpt=0).send(a_message(), "")

    sent = far_end.requests[0].body.decode()
    assert not [word for word in ("goose", "silly", "pond!") if word in sent]


@every_provider
def test_the_comment_is_cut_to_the_excerpt(far_end: HttpReceiver, provider: Provider) -> None:
    """With the mark of a cut."""
    far_end.default = provider.yes
    provider.channel(far_end, excerpt=10).send(a_message(), "")

    sent = json.dumps(far_end.requests[0].json, ensure_ascii=False)
    assert "You are a…" in sent
    assert "agrees" not in sent


@every_provider
def test_a_test_says_that_it_is_one(far_end: HttpReceiver, provider: Provider) -> None:
    """`moderator channels test` must frighten nobody."""
    far_end.default = provider.yes
    provider.channel(far_end).send(a_message(is_test=True), "")

    assert "TEST" in far_end.requests[0].body.decode()


def hostile_alerts() -> list[Any]:
    """Each hostile text in all the places that a stranger can write to."""
    return [
        make(
            excerpt=text[:1_000],
            author_name=text,
            author_id=text,
            board=text,
            thread_id=text,
            url=text,
        )
        for text in HOSTILE
        for make in (an_alert, a_heated_thread)
    ]


_TAG = re.compile(
    r"</?(?:b|strong|code|pre|p|br|blockquote|ul|li)>|<a href=\"https://[^\"<>]*\">|</a>"
)


def harmless(provider: Provider, text: str) -> bool:
    """Whether a text does nothing where the provider reads it."""
    if provider is DISCORD:
        return not re.search(
            r"(?<!\\)(?:\\\\)*[@*_~`|<>#]|(?<!\\)(?:\\\\)*://", without_links(text)
        )
    if text.startswith(("<code>", "<p>")):  # Telegram's and Matrix's markup
        rest = _TAG.sub("", text)
        return not re.search("[<>]", rest) and html.escape(html.unescape(rest)) == rest
    calls = re.search(r"(?<!\[)(?:://|@(?:room|everyone|here|channel))", without_links(text))
    return not calls and "{{" not in (text if provider is TEAMS else "")


def without_links(text: str) -> str:
    """Our own links taken out: of the alert and, in an envelope, of the schema."""
    return re.sub(r"https?://(?:mod\.example\.org|adaptivecards\.io)[^\s)]*", "", text)


@pytest.mark.parametrize(
    "provider", [each for each in PROVIDERS if each is not WEBHOOK], ids=lambda each: each.kind
)
def test_hostile_text_does_nothing(far_end: HttpReceiver, provider: Provider) -> None:
    """No mention, no link, no tag, no format, in any place, in any form."""
    channel = provider.channel(far_end)
    for alert in hostile_alerts():
        for request in channel.forms(a_message(alert)):
            content = dict(request.payload)
            if "entities" in content:
                (entity,) = content["entities"]
                units = len(content.pop("text").encode("utf-16-le")) // 2
                assert (entity["type"], entity["offset"], entity["length"]) == ("code", 0, units)
            footer = [each.pop("footer") for each in content.get("embeds", ())]
            assert all(each["text"].startswith("Alert ") for each in footer)
            bad = [text for text in texts_in(content) if not harmless(provider, text)]
            assert bad == []


@every_provider
def test_hostile_text_is_sent_and_taken(far_end: HttpReceiver, provider: Provider) -> None:
    """Half surrogates, control characters, a thousand marks: it is JSON all the same."""
    far_end.default = provider.yes
    channel = provider.channel(far_end)
    alerts = hostile_alerts()
    alerts = alerts[::4] + alerts[3::4]  # each text once, by turns in a comment's and a thread's

    for alert in alerts:
        channel.send(a_message(alert), "")

    assert len([request.json for request in far_end.requests]) == len(alerts)
