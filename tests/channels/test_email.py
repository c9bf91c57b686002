"""A mail server's answers, row by row (E1-E13), from one that gives them."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import trustme
from aiosmtpd.controller import Controller

from moderator.channels.email import EmailChannel, EmailSettings
from moderator.domain.errors import ChannelError, Fault
from tests.channels.alerts import TEXT, a_message
from tests.receivers import SmtpReceiver, SmtpReply

PASSING, REFUSED, BROKEN = Fault.PASSING, Fault.REFUSED, Fault.BROKEN
LOGIN = ("bot", "canary-password")
TO = "mods@example.org"


@pytest.fixture(scope="module")
def ca():
    """A certificate authority."""
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(ca, tmp_path_factory):
    """Its certificate, for the settings."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def smtp():
    """A mail server without TLS and login, on a listed port of this machine."""
    with SmtpReceiver() as receiver:
        yield receiver


@pytest.fixture
def secure(ca):
    """A mail server with STARTTLS and a login."""
    with SmtpReceiver(ca=ca, login=LOGIN) as receiver:
        yield receiver


def channel_to(server, deadline_s=10.0, **settings):
    """A channel that sends to it."""
    facts = {
        "smtp": server.url,
        "from": "bot@example.org",
        "to": [TO],
        "allow_hosts": [server.host_port],
    }
    return EmailChannel("mods", EmailSettings(**(facts | settings)), deadline_s=deadline_s)


def failed(channel, recipient=TO):
    """The error of one message, which tells nobody anything secret."""
    with pytest.raises(ChannelError) as error:
        channel.send(a_message(), recipient)
    for secret in ("canary", "127.0.0.1", "goose", "mods@", "bot@"):
        assert secret not in str(error.value)
    assert error.value.__context__ is None or error.value.__suppress_context__
    return error.value


def test_a_message_is_taken(smtp):
    """From the greeting to the goodbye, and the answer is handed back."""
    channel = channel_to(smtp)

    assert channel.send(a_message(), TO) == "250 2.0.0 queued as 4D1F"
    (message,) = smtp.messages
    assert (message.sender, message.recipients) == ("bot@example.org", (TO,))
    assert not message.is_encrypted
    assert message.mail["Subject"] == "slur: hate 86% by ann in general"
    assert TEXT in message.mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert [command.split()[0] for command in smtp.commands] == [
        "ehlo", "mail", "rcpt", "DATA", "quit",
    ]  # fmt: skip
    assert smtp.commands[0] == "ehlo example.org"  # not this machine's own name
    assert channel.kind == "email"


def test_a_password_crosses_only_an_encrypted_line(secure, ca_file):
    """STARTTLS first, with the certificate checked, then the login."""
    channel_to(secure, ca_file=ca_file).send(a_message(), TO)

    assert secure.messages[0].is_encrypted
    assert secure.messages[0].user == "bot"
    verbs = [command.split()[0].upper() for command in secure.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_tls_from_the_first_byte(ca, ca_file):
    """smtps://"""
    with SmtpReceiver(ca=ca, implicit=True, login=LOGIN) as smtp:
        channel_to(smtp, ca_file=ca_file).send(a_message(), TO)

        assert smtp.messages[0].is_encrypted
        assert smtp.messages[0].user == "bot"


def test_a_listed_server_that_offers_tls_gets_it(ca, ca_file):
    """Even without a password."""
    with SmtpReceiver(ca=ca) as smtp:
        channel_to(smtp, ca_file=ca_file).send(a_message(), TO)

        assert smtp.messages[0].is_encrypted


def test_tls_off_is_obeyed_for_a_listed_server(ca):
    """One with a certificate of its own making, say."""
    with SmtpReceiver(ca=ca) as smtp:
        channel_to(smtp, smtp=smtp.url + "?tls=off").send(a_message(), TO)

        assert not smtp.messages[0].is_encrypted


@pytest.mark.parametrize("methods", [("PLAIN",), ("LOGIN",), ("CRAM-MD5", "LOGIN", "PLAIN")])
def test_either_usual_login_works(ca, ca_file, methods):
    """Whatever else the server offers; letters of any script."""
    login = ("bot@example.org", "pässword%20")
    with SmtpReceiver(ca=ca, login=login, methods=methods) as smtp:
        url = f"smtp://bot%40example.org:p%C3%A4ssword%2520@127.0.0.1:{smtp.port}"
        channel_to(smtp, smtp=url, ca_file=ca_file).send(a_message(), TO)

        assert smtp.messages[0].user == "bot@example.org"


def test_each_recipient_gets_a_message_of_their_own(smtp):
    """E5: one bad address spoils no other; each message has its own id."""
    people = ["ann@example.org", "bea@example.org", "cyd@example.org"]
    channel = channel_to(smtp, to=people)
    smtp.always("rcpt", "550 5.1.1 <bea@example.org> unknown", recipient="bea@example.org")
    assert channel.recipients == tuple(people)

    channel.send(a_message(), people[0])
    error = failed(channel, people[1])
    channel.send(a_message(), people[2])

    assert (error.fault, str(error)) == (REFUSED, "the mail server answered 550 5.1.1 to RCPT")
    assert [message.recipients for message in smtp.messages] == [(people[0],), (people[2],)]
    assert [str(message.mail["To"]) for message in smtp.messages] == [people[0], people[2]]
    assert len({message.mail["Message-ID"] for message in smtp.messages}) == 2


STAGES = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "end")


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        #       connect  EHLO     STARTTLS AUTH     MAIL     RCPT     DATA     end
        (421, (PASSING, PASSING, PASSING, PASSING, PASSING, PASSING, PASSING, PASSING)),
        (451, (PASSING, PASSING, BROKEN, PASSING, PASSING, PASSING, PASSING, PASSING)),
        (535, (BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN)),
        (550, (BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, REFUSED, REFUSED, REFUSED)),
        (554, (BROKEN, BROKEN, BROKEN, BROKEN, REFUSED, REFUSED, REFUSED, REFUSED)),
    ],
)
@pytest.mark.parametrize("stage", STAGES)
def test_e1_to_e7_every_no_at_every_stage(secure, ca_file, code, faults, stage):
    """A code of each row of the table; test_smtp_replies.py holds every other code."""
    secure.always(stage, f"{code} canary you silly goose")

    error = failed(channel_to(secure, ca_file=ca_file))

    assert error.fault is faults[STAGES.index(stage)]
    assert f" {code} to " in str(error)
    assert not error.maybe_sent
    assert secure.messages == []
    assert secure.connections == 1


def test_e1_421_keeps_the_channel_back(smtp):
    """The server takes nothing from anybody just now."""
    smtp.script("mail", SmtpReply(text="421 4.3.2 shutting down", then="close"))

    error = failed(channel_to(smtp))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, 30.0, True)


def test_e2_greylisting_waits_five_minutes(smtp):
    """And holds this message alone."""
    smtp.script("rcpt", "451 4.7.1 Greylisted, please try again")

    error = failed(channel_to(smtp))

    assert (error.fault, error.retry_after_s, error.hold_channel) == (PASSING, 300.0, False)
    assert str(error) == "the mail server answered 451 4.7.1 to RCPT"


def test_e3_without_starttls_nothing_is_sent():
    """A server, or somebody before it, that offers none."""
    with SmtpReceiver(login=LOGIN) as smtp:
        error = failed(channel_to(smtp))

        assert (error.fault, str(error)) == (BROKEN, "the mail server offers no encryption")
        assert [command.split()[0] for command in smtp.commands] == ["ehlo"]


def test_e3_a_server_from_before_ehlo_has_no_tls():
    """HELO is tried, and then there is no encryption to ask for."""
    with SmtpReceiver(login=LOGIN) as smtp:
        smtp.always("ehlo", "502 5.5.1 what?")

        assert failed(channel_to(smtp)).fault is BROKEN
        assert [command.split()[0] for command in smtp.commands] == ["ehlo", "helo"]


def test_a_listed_server_from_before_ehlo_gets_its_mail(smtp):
    """RFC 821 still works."""
    smtp.always("ehlo", "500 what?")

    assert channel_to(smtp).send(a_message(), TO).startswith("250")


def test_e3_words_in_clear_behind_the_starttls_answer_are_thrown_away(secure, ca_file):
    """Injected answers do not count as the encrypted server's (CVE-2011-0411's kind)."""
    injected = b"220 go ahead\r\n250-evil.test\r\n250 AUTH PLAIN\r\n235 welcome\r\n"
    secure.script("starttls", SmtpReply(raw=injected))

    channel_to(secure, ca_file=ca_file).send(a_message(), TO)

    verbs = [command.split()[0].upper() for command in secure.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


def test_e4_a_wrong_password_is_tried_once(ca, ca_file):
    """Each try with each method would lock the account."""
    with SmtpReceiver(ca=ca, login=LOGIN) as smtp:
        channel = channel_to(
            smtp, smtp=f"smtp://bot:canary-wrong@127.0.0.1:{smtp.port}", ca_file=ca_file
        )

        error = failed(channel)

        assert (error.fault, str(error)) == (BROKEN, "the mail server answered 535 5.7.8 to AUTH")
        assert len([command for command in smtp.commands if command.startswith("AUTH")]) == 1


def test_e4_a_server_without_a_login_we_know_is_broken(ca, ca_file):
    """A person must choose another server or way."""
    with SmtpReceiver(ca=ca, login=LOGIN, methods=("XOAUTH2",)) as smtp:
        error = failed(channel_to(smtp, ca_file=ca_file))

        assert error.fault is BROKEN
        assert str(error) == "the mail server offers no login by AUTH PLAIN or LOGIN"


@pytest.mark.parametrize("stage", ["mail", "data", "end"])
def test_e6_a_message_too_big_is_sent_once_more_in_short(smtp, stage):
    """Plain text with the start of the comment, under the same id."""
    smtp.script(stage, "552 5.3.4 message too big")
    message = a_message()

    assert channel_to(smtp).send(message, TO) == "250 2.0.0 queued as 4D1F"
    (taken,) = smtp.messages
    assert taken.mail.get_content_type() == "text/plain"
    assert "silly goose" in taken.mail.get_content()
    assert taken.mail["Message-ID"].startswith("<01JD9Q.mods.")
    assert smtp.connections == 2


def test_e6_a_message_too_big_in_short_is_refused(smtp):
    """It is dead; others may be taken."""
    smtp.always("end", "552 5.3.4 message too big")

    assert failed(channel_to(smtp)).fault is REFUSED
    assert smtp.connections == 2


def test_e6_a_full_mailbox_gets_no_shorter_message(smtp):
    """552 at RCPT is not about the message."""
    smtp.always("rcpt", "552 5.2.2 mailbox full")

    assert failed(channel_to(smtp)).fault is REFUSED
    assert smtp.connections == 1


@pytest.mark.parametrize(
    "reply",
    [
        "220-one\r\n220-two\r\n220 three",
        "220",
        "220 " + "x" * 5_000,
        SmtpReply(raw=b"220 \xff\xfe\x00\x1b[31m\r\n"),
        SmtpReply(raw=b"220 bare newline\n"),
    ],
)
def test_e8_odd_but_rightful_answers_work(smtp, reply):
    """Many lines, no text, long text, bytes of no alphabet."""
    smtp.script("connect", reply)

    assert channel_to(smtp).send(a_message(), TO).startswith("250")


@pytest.mark.parametrize(
    "raw",
    [
        b"hello\r\n",
        b"\r\n",
        b"25\r\n",
        b"2500 x\r\n",
        b"999 x\r\n",
        b"\xff\xfe2\x005\x000\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"250 " + b"x" * 10_000_000 + b"\r\n",
        b"250-x\r\n" * 200_000,
        b"250-xxxxxxxxxx\r\n" * 8_000,  # 64 KiB end with a line
        b"250 no newline",
    ],
    ids=lambda raw: raw[:12].decode("latin-1"),
)
@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data", "end"])
def test_e8_what_is_not_smtp_passes(smtp, raw, stage):
    """A line of 10 MB, lines without end, another protocol: nothing is believed of it."""
    smtp.script(stage, SmtpReply(raw=raw, then="close"))

    error = failed(channel_to(smtp))

    assert error.fault is PASSING
    assert error.maybe_sent is (stage == "end")


@pytest.mark.parametrize("answer", ["251 2.0.0 elsewhere", "354 go on", "220 hello"])
def test_e8_an_odd_yes_to_the_message_may_mean_sent(smtp, answer):
    """Neither the 250 it takes nor a no."""
    smtp.script("end", answer)

    error = failed(channel_to(smtp))

    assert (error.fault, error.maybe_sent) == (PASSING, True)


@pytest.mark.parametrize("then", ["close", "reset"])
def test_e9_a_connection_lost_after_the_dot_may_mean_sent(smtp, then):
    """RFC 1047: the repeat has the same id, so that the reader's server can drop it."""
    smtp.script("end", SmtpReply(then=then))
    channel = channel_to(smtp)

    error = failed(channel)
    channel.send(a_message(), TO)

    assert (error.fault, error.maybe_sent) == (PASSING, True)
    assert str(error) == "the mail server broke off the connection at the end of the message"
    first, second = smtp.messages
    assert first.mail["Message-ID"] == second.mail["Message-ID"]
    assert first.mail["Date"] == second.mail["Date"]


def test_e9_silence_after_the_dot_may_mean_sent(smtp):
    """The deadline ends the waiting."""
    smtp.script("end", SmtpReply(delay_s=30))

    error = failed(channel_to(smtp, deadline_s=0.4))

    assert (error.fault, error.maybe_sent) == (PASSING, True)
    assert str(error) == "the mail server gave no answer in time at the end of the message"


@pytest.mark.parametrize("then", ["close", "reset"])
@pytest.mark.parametrize("stage", ["connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data"])
def test_a_connection_lost_before_the_dot_passes(secure, ca_file, stage, then):
    """Nothing was sent, and nothing is said to have been."""
    secure.script(stage, SmtpReply(then=then))

    error = failed(channel_to(secure, ca_file=ca_file))

    assert (error.fault, error.maybe_sent) == (PASSING, False)
    assert secure.messages == []


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_e10_a_dripping_server_is_left_by_the_deadline(smtp, stage):
    """One byte at a time would keep every single read alive."""
    smtp.script(stage, SmtpReply(text="250 " + "x" * 1_000, drip_s=0.02))
    start = time.monotonic()

    error = failed(channel_to(smtp, deadline_s=0.4))

    assert time.monotonic() - start < 1.0
    assert (error.fault, error.maybe_sent) == (PASSING, False)
    assert "in time" in str(error)


@pytest.mark.parametrize(
    "reply",
    [
        SmtpReply(then="close"),
        SmtpReply(then="reset"),
        SmtpReply(text="500 no"),
        SmtpReply(raw=b"x\n"),
    ],
)
def test_e11_what_happens_at_the_goodbye_does_not_matter(smtp, reply):
    """The 250 to the message was the answer."""
    smtp.script("quit", reply)

    assert channel_to(smtp).send(a_message(), TO) == "250 2.0.0 queued as 4D1F"


def test_a_certificate_for_another_name_passes_twice_and_then_is_broken(ca, ca_file):
    """F38: never without verification, and no password for whoever it is."""
    with SmtpReceiver(ca=ca, name="other.test", login=LOGIN) as smtp:
        channel = channel_to(smtp, ca_file=ca_file)

        errors = [failed(channel) for _ in range(3)]

        assert [error.fault for error in errors] == [PASSING, PASSING, BROKEN]
        assert str(errors[0]) == "the far end's certificate is for another address"
        assert not [command for command in smtp.commands if command.startswith("AUTH")]


@pytest.mark.parametrize("implicit", [True, False])
def test_an_unknown_authority_is_not_trusted(ca, implicit):
    """Without `ca_file` only the system's certificates count."""
    with SmtpReceiver(ca=ca, implicit=implicit, login=LOGIN) as smtp:
        assert "certificate" in str(failed(channel_to(smtp)))
        assert smtp.messages == []


def test_a_server_without_tls_behind_smtps_passes(smtp):
    """It may be on its way up; nothing was said in clear."""
    error = failed(channel_to(smtp, smtp=smtp.url.replace("smtp:", "smtps:"), deadline_s=2))

    assert (error.fault, error.maybe_sent) == (PASSING, False)
    assert str(error) == "no encrypted connection could be agreed on"


def test_a_closed_port_passes():
    """The server may come back."""
    with SmtpReceiver() as smtp:
        channel = channel_to(smtp)

    assert str(failed(channel)) == "the connection was refused"


def test_a_public_name_with_a_private_address_is_broken(smtp):
    """No alert goes to a machine of the inner network that was not listed."""
    settings = EmailSettings(
        **{"smtp": f"smtp://mail.example.org:{smtp.port}", "from": "bot@example.org", "to": [TO]}
    )
    channel = EmailChannel("mods", settings, resolve=lambda host, port: ["127.0.0.1"])

    error = failed(channel)

    assert error.fault is BROKEN
    assert smtp.connections == 0


def test_lines_with_dots_arrive_as_they_were(smtp):
    """E13: dot stuffing, over the wire."""
    text = ".\n..\n.a\n" + "x" * 900
    message = a_message()
    channel = channel_to(smtp, excerpt=1_000)
    object.__setattr__(message.about, "excerpt", text)

    channel.send(message, TO)

    assert f"“{text}”" in smtp.messages[0].mail.get_body(("plain",)).get_content().replace(
        "\r\n", "\n"
    )


def test_the_excerpt_is_a_setting(smtp):
    """None of the comment leaves the house where it is 0."""
    channel_to(smtp, excerpt=0).send(a_message(), TO)

    mail = smtp.messages[0].mail
    assert "goose" not in "".join(part.get_content() for part in mail.iter_parts())


def test_one_channel_serves_several_threads(smtp):
    """Each message on a connection of its own."""
    channel = channel_to(smtp)
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: channel.send(a_message(), TO), range(16)))

    assert answers == {"250 2.0.0 queued as 4D1F"}
    assert len(smtp.messages) == 16


class Inbox:
    """What an independent mail server, aiosmtpd, was given."""

    def __init__(self):
        self.content = []

    async def handle_DATA(self, server, session, envelope):
        """Take everything."""
        self.content.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 taken"


def test_a_mail_server_of_others_takes_our_messages():
    """aiosmtpd reads the protocol by its own lights."""
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings = EmailSettings(
            **{
                "smtp": f"smtp://127.0.0.1:{port}",
                "from": "bot@example.org",
                "to": [TO],
                "allow_hosts": [f"127.0.0.1:{port}"],
            }
        )
        answer = EmailChannel("mods", settings).send(a_message(), TO)
    finally:
        controller.stop()

    ((sender, recipients, content),) = inbox.content
    assert answer == "250 2.0.0"
    assert (sender, recipients) == ("bot@example.org", [TO])
    assert b"Subject: slur: hate 86% by ann in general\r\n" in content
