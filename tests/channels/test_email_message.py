"""The e-mail itself: its headers, its two parts, and what strangers cannot do to them."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.channels.email_message import (
    POLICY,
    compose,
    compose_short,
    encoded_words,
    message_id,
    plain_part,
)
from moderator.channels.wording import word
from tests.channels.alerts import (
    HOSTILE,
    TEXT,
    a_heated_thread,
    a_message,
    an_alert,
    written_into,
)

FIELDS = (
    "excerpt",
    "author_name",
    "author_id",
    "board",
    "thread_id",
    "comment_id",
    "url",
    "trigger",
    "id",
)
NAMES = {"channel": "mods", "sender": "bot@example.org", "recipient": "mods@example.org"}
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]


def sent(message=None, excerpt=400, build=compose):
    """What arrives, parsed from the bytes that were sent."""
    message = message or a_message()
    mail = build(message, word(message, excerpt), **NAMES)
    data = mail.as_bytes(policy=POLICY)
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert all(
        len(line) <= 998 and b"\r" not in line and b"\n" not in line for line in data.split(b"\r\n")
    )
    return message_from_bytes(data, policy=SMTP)


def test_a_usual_alert_as_a_mail_reader_gets_it():
    """Headers, the plain text in full, and an HTML part beside it."""
    mail = sent()

    assert [(name, mail[name]) for name in HEADERS[:-1]] == [
        ("From", "moderator <bot@example.org>"),
        ("To", "mods@example.org"),
        ("Subject", "slur: hate 86% by ann in general"),
        ("Date", "Sun, 22 Nov 2026 10:00:05 +0000"),
        ("Message-ID", message_id("01JD9Q.mods", "mods", "bot@example.org", "mods@example.org")),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
    ]
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == (
        "ann wrote:\n"
        f"“{TEXT}”\n"
        "\n"
        "By: ann (id 9)\n"
        "Where: general, thread 7, comment 42 (forum)\n"
        "Written: 22 Nov 2026, 10:00 UTC\n"
        "Judged: hate (hate 86%, offensive 12%, neither 1%)\n"
        "Reached: hate 86% (threshold 80%)\n"
        "Because of: “silly”, “goose”\n"
        "Trigger: slur, one comment\n"
        "\n"
        "Open the comment:\n"
        "https://forum.example.org/t/ponds/7/42\n"
        "\n"
        "Open the alert:\n"
        "https://mod.example.org/alerts/01JD9Q\n"
        "\n"
        "Alert 01JD9Q · key 01JD9Q.mods\n"
        "You get this because your address is in the settings of the moderation bot.\n"
    )


def check_headers(mail, wording):
    """Exactly the headers we wrote, each once, with the values we gave."""
    assert mail.keys() == HEADERS
    assert not mail.defects
    assert mail["To"].addresses[0].addr_spec == "mods@example.org"
    assert len(mail["To"].addresses) == len(mail["From"].addresses) == 1
    assert str(mail["Subject"]) == wording.title
    assert "@evil" not in "".join(value for name, value in mail.items() if name != "Subject")


@pytest.mark.parametrize("build", [compose, compose_short])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_stranger_writes_a_header(text, build):
    """W60: line ends of every kind, encoded words, boundaries."""
    for fields in written_into(FIELDS, text):
        message = a_message(a_heated_thread(**fields))
        mail = sent(message, build=build)
        assert {*mail.keys()} - {"Content-Transfer-Encoding"} == {*HEADERS}
        assert len({*mail.keys()}) == len(mail.keys())
        assert str(mail["Subject"]) == word(message, 400).title
        assert [address.addr_spec for address in mail["To"].addresses] == ["mods@example.org"]
        assert [address.addr_spec for address in mail["From"].addresses] == ["bot@example.org"]


anything = st.text(st.characters(exclude_categories=()), max_size=120)


@given(st.dictionaries(st.sampled_from(FIELDS), anything, min_size=1), anything)
def test_whatever_the_texts_the_headers_are_exact_and_the_text_arrives(fields, key):
    """Checklist 19, and E13: what is read is what was written, byte for byte."""
    message = a_message(an_alert(**fields), key=key)
    wording = word(message, 1_000)
    mail = sent(message, 1_000)

    check_headers(mail, wording)
    assert (
        mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == plain_part(wording) + "\n"
    )
    assert check_page(mail) >= 0


@given(st.text("\r\n\x0b\x0c\x1c\x85\u2028\u2029\x00:=? Bcc@evil.example", max_size=200))
def test_no_line_end_of_any_kind_reaches_the_subject(name):
    """W60, with letters that make it likely."""
    message = a_message(an_alert(author_name=name, board=name, trigger=name))

    check_headers(sent(message), word(message, 400))


@pytest.mark.parametrize(
    ("trigger", "author", "subject"),
    [
        ("", "", "alert: hate 86%"),  # E14: nothing left after cleaning
        ("\r\n\x00", "\u202e", "alert: hate 86%"),
        ("\U0001fabf\U0001fabf", "\U0001f600", "\U0001fabf\U0001fabf: hate 86% by \U0001f600"),
        ("t" * 10_000, "a" * 10_000, None),
    ],
)
def test_a_subject_is_never_empty_and_never_long(trigger, author, subject):
    """E14: at most 150 characters, also of a 10 KB name."""
    alert = an_alert(trigger=trigger, author_name=author, author_id=None, board=None)
    mail = sent(a_message(alert))

    assert subject in (None, str(mail["Subject"]))
    assert 0 < len(str(mail["Subject"])) <= 150


def test_a_name_in_any_script_stands_in_the_subject():
    """E12: as encoded words, the addresses in ASCII."""
    mail = sent(a_message(an_alert(author_name="Žofie 王", board="přátelé")))

    assert str(mail["Subject"]) == "slur: hate 86% by Žofie 王 in přátelé"


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=150))
def test_every_reader_decodes_the_subject_to_what_was_meant(text):
    """By the standard library's older reader, too; every line within RFC 2047's 76."""
    encoded = encoded_words(text)

    assert str(make_header(decode_header(encoded.replace("\r\n ", "\n ")))) == text
    first, *rest = encoded.splitlines()
    assert len(first) <= 150
    assert all(len(line) <= 76 for line in rest)


@pytest.mark.parametrize("value", ["a\r\nBcc: x@y", "a\n", "a\x0bb", "a\u2028b", ""])
def test_a_subject_with_a_line_end_cannot_be_set(value):
    """The wording has none; this is the second wall."""
    with pytest.raises(ValueError, match="one line"):
        EmailMessage(policy=POLICY)["Subject"] = value


class Page(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self):
        super().__init__()
        self.tags = []
        self.urls = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        """Note the tag and where it leads."""
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("src", "background", "srcset")
            assert "url(" not in (value or "")
            if name == "href":
                self.urls.append(value)

    def handle_data(self, data):
        """Note the text."""
        self.text += data


OUR_TAGS = {
    "html", "head", "meta", "title", "body", "div", "p", "strong", "blockquote", "br", "a", "table",
    "tr", "th", "td",
}  # fmt: skip


def check_page(mail):
    """The page holds our tags alone and leads to web addresses alone; returns how many."""
    page = Page()
    page.feed(mail.get_body(("html",)).get_content())
    assert set(page.tags) <= OUR_TAGS
    assert all(re.match("https?://[^\"'<> ]+$", url) for url in page.urls)
    return len(page.urls)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_stranger_writes_is_active_in_the_page(text):
    """E15, W58: no tag, no attribute, no address but a checked one."""
    for fields in written_into(FIELDS, text):
        links = 1 if "url" in fields else 2
        assert check_page(sent(a_message(a_heated_thread(**fields)))) == links


def test_the_page_shows_what_was_written():
    """Signs of HTML stand as they were written, lines as lines."""
    page = Page()
    page.feed(
        sent(a_message(an_alert(excerpt="1 < 2 & <b>\nnext"))).get_body(("html",)).get_content()
    )

    assert "1 < 2 & <b>" in page.text
    assert page.tags.count("br") == 2  # the comment's line, and ours in the footer


def test_every_attempt_has_the_same_id_and_every_recipient_another():
    """S5: a repeat can be told from a second alert."""
    first = message_id("k1", "mods", "bot@example.org", "a@example.org")

    assert first == message_id("k1", "mods", "bot@example.org", "a@example.org")
    assert re.fullmatch(r"<k1\.[0-9a-f]{16}@example\.org>", first)
    others = {
        message_id("k2", "mods", "bot@example.org", "a@example.org"),
        message_id("k1", "else", "bot@example.org", "a@example.org"),
        message_id("k1", "mods", "bot@example.org", "b@example.org"),
    }
    assert len(others - {first}) == 3


@pytest.mark.parametrize(
    "key", ["a b", "a\r\nBcc: x@y", "<x>", "x" * 500, "", "ü", "a@b", "\ud800"]
)
def test_an_odd_key_is_hashed(key):
    """Whatever a key is made of, the id is one."""
    assert re.fullmatch(
        r"<[0-9a-f]{16}\.[0-9a-f]{16}@example\.org>",
        message_id(key, "mods", "bot@example.org", "a@example.org"),
    )


def test_the_short_form_is_plain_text_with_the_same_id():
    """E6: for a server that finds the whole too big."""
    short = sent(build=compose_short)

    assert short.get_content_type() == "text/plain"
    assert short["Message-ID"] == sent()["Message-ID"]
    assert len(short.as_bytes()) < len(sent().as_bytes()) / 3


def test_a_comment_of_one_endless_line_breaks_no_line_limit():
    """E13: no line beyond 998 bytes, dots and all."""
    mail = sent(a_message(an_alert(excerpt="." * 1_000)), 1_000)

    assert "." * 1_000 in mail.get_body(("plain",)).get_content()
