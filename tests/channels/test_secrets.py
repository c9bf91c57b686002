"""What must never come back from a channel: the URL, the password, the text, the address.

Everything that can go wrong, each with canaries in every place where something secret stands.
"""

from __future__ import annotations

import logging
import traceback

import pytest
import trustme

from moderator.channels import KINDS, build
from moderator.domain.errors import ChannelError
from tests.channels.alerts import a_message, an_alert
from tests.receivers import HttpReply, SlackReceiver, SmtpReceiver, SmtpReply

CANARIES = (
    "CanaryOfTheWebhook",
    "canary-password",
    "Y2FuYXJ5",
    "canary comment",
    "canary@",
    "127.0.0.1",
)
ALERT = an_alert(excerpt="a canary comment", author_name="canary comment")
ECHO = b"CanaryOfTheWebhook canary-password a canary comment canary@example.org"


def check_silence(channel, caplog):
    """One attempt that fails, and that tells nothing."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ChannelError) as error:
        channel.send(a_message(ALERT), channel.recipients[0])

    told = "".join(traceback.format_exception(error.value))
    told = "\n".join(line for line in told.splitlines() if not line.startswith("  "))
    for text in (str(error.value), repr(error.value), told, caplog.text):
        assert not [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize(
    "reply",
    [
        HttpReply(status=400, body=ECHO),
        HttpReply(status=200, body=ECHO),
        HttpReply(status=302, headers={"Location": "http://127.0.0.1/CanaryOfTheWebhook"}),
        HttpReply(status=403, body=ECHO),
        HttpReply(status=404, body=ECHO),
        HttpReply(status=429, body=ECHO, headers={"Retry-After": "canary comment"}),
        HttpReply(status=500, body=ECHO),
        HttpReply(raw=ECHO),
        HttpReply(raw=b"HTTP/1.1 200 " + ECHO + b"\r\n" + ECHO + b"\r\n\r\n"),
        HttpReply(lost="before"),
        HttpReply(lost="after"),
        HttpReply(lost="during", body=ECHO),
    ],
)
def test_slack_tells_no_secret(reply, caplog):
    """Whatever is answered, also where it echoes all we sent."""
    with SlackReceiver() as slack:
        slack.default = reply
        settings = KINDS["slack"].settings.model_validate(
            {"url": slack.url, "allow_hosts": [slack.host_port]}
        )
        check_silence(build("mods", settings), caplog)


@pytest.mark.parametrize(
    "stage", ["connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "end"]
)
@pytest.mark.parametrize(
    "reply",
    [
        SmtpReply(raw=b"450 4.0.0 " + ECHO + b"\r\n"),
        SmtpReply(raw=b"550-" + ECHO + b"\r\n550 5.0.0 " + ECHO + b"\r\n"),
        SmtpReply(raw=ECHO + b"\r\n"),
        SmtpReply(then="close"),
        SmtpReply(then="reset"),
    ],
)
def test_the_mail_server_tells_no_secret(stage, reply, caplog, tmp_path):
    """At every stage of the conversation."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with SmtpReceiver(ca=ca, login=("canary", "canary-password")) as smtp:
        smtp.always(stage, reply)
        settings = KINDS["email"].settings.model_validate(
            {
                "smtp": smtp.url,
                "from": "canary@example.org",
                "to": ["canary@example.org"],
                "allow_hosts": [smtp.host_port],
                "ca_file": str(tmp_path / "ca.pem"),
            }
        )
        check_silence(build("mods", settings), caplog)


@pytest.mark.parametrize("kind", ["slack", "email"])
def test_a_host_that_is_away_tells_no_secret(kind, caplog):
    """Closed ports, names that do not exist."""
    with SlackReceiver() as closed:
        port = closed.port
    for host in ("127.0.0.1", "canary-password.invalid"):
        kinds: dict[str, dict[str, object]] = {
            "slack": {"url": f"https://{host}:{port}/CanaryOfTheWebhook"},
            "email": {
                "smtp": f"smtp://canary:canary-password@{host}:{port}",
                "from": "canary@example.org",
                "to": ["canary@example.org"],
            },
        }
        settings = kinds[kind] | {"allow_hosts": [f"{host}:{port}"]}
        check_silence(build("mods", KINDS[kind].settings.model_validate(settings)), caplog)
