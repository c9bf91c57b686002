"""What Slack gets to show: limits, escapes, and nothing that strangers could make active."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.channels.phrases import MAX_TITLE, Link, Wording
from moderator.channels.slack_blocks import MAX_BLOCKS, MAX_SECTION, payload, plain_payload
from moderator.channels.visible import utf16_units
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
)
OUR_LINK = "https://mod.example.org/alerts/01JD9Q"


def test_a_usual_alert_as_slack_gets_it():
    """The whole of it: header, comment, facts, links, key."""
    plain = {"type": "plain_text", "emoji": False}
    facts = (
        "By: ann (id 9)\n"
        "Where: general, thread 7, comment 42 (forum)\n"
        "Written: 22 Nov 2026, 10:00 UTC\n"
        "Judged: hate (hate 86%, offensive 12%, neither 1%)\n"
        "Reached: hate 86% (threshold 80%)\n"
        "Because of: “silly”, “goose”\n"
        "Trigger: slur, one comment"
    )
    links = (
        "<https://forum.example.org/t/ponds/7/42|Open the comment on forum.example.org> · "
        "<https://mod.example.org/alerts/01JD9Q|Open the alert on mod.example.org>"
    )

    assert payload(word(a_message(), 400)) == {
        "text": "slur: hate 86% by ann in general",
        "mrkdwn": False,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {"type": "header", "text": plain | {"text": "slur: hate 86% by ann in general"}},
            {"type": "section", "text": plain | {"text": f"ann wrote:\n“{TEXT}”"}},
            {"type": "section", "text": plain | {"text": facts}},
            {"type": "section", "text": {"type": "mrkdwn", "text": links}},
            {
                "type": "context",
                "elements": [plain | {"text": "Alert 01JD9Q · key 01JD9Q.mods"}],
            },
        ],
    }


def texts_of(content):
    """Every text Slack would read for markup, and every text it shows as it is."""
    markup: list[str] = [content["text"]]
    plain: list[str] = []
    for block in content.get("blocks", []):
        for text in [*block.get("elements", []), *([block["text"]] if "text" in block else [])]:
            (markup if text["type"] == "mrkdwn" else plain).append(text["text"])
    return markup, plain


def active_parts(markup):
    """What Slack would make of a text: its `<...>` parts, and bare addresses it would link."""
    bracketed = re.findall(r"<([^>]*)>", markup)
    bare = re.findall(r"(?:https?|ftp)://|mailto:", re.sub(r"<[^>]*>", "", markup))
    return bracketed + bare


def check_is_inert(content, own_links):
    """Nothing is active but our own links, and nothing goes beyond Slack's limits."""
    markup, plain = texts_of(content)
    active = [part.partition("|")[0] for text in markup for part in active_parts(text)]
    assert active == [url.replace("&", "&amp;") for url in own_links]
    assert all(0 < utf16_units(text) <= MAX_SECTION for text in [*markup[1:], *plain])
    assert len(content.get("blocks", [])) <= MAX_BLOCKS
    assert sum(map(utf16_units, [*markup, *plain])) <= 13_000
    assert content["link_names"] is content["unfurl_links"] is content["unfurl_media"] is False
    assert content["mrkdwn"] is False
    json.dumps(content)


@pytest.mark.parametrize("form", [payload, plain_payload])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_a_stranger_writes_is_active(text, form):
    """No mention, no link, no formatting, in any field, with and without blocks."""
    for fields in written_into(FIELDS, text):
        alert = a_heated_thread(**{"url": None, **fields})
        check_is_inert(form(word(a_message(alert), 1_000)), [OUR_LINK])


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=400)))
def test_no_text_at_all_is_active(fields):
    """The same for whatever hypothesis thinks of, in all fields at once."""
    wording = word(a_message(an_alert(**{"url": None, **fields})), 1_000)
    links = [link.url for link in wording.links]

    check_is_inert(payload(wording), links)
    check_is_inert(plain_payload(wording), links)


def test_our_own_words_are_escaped_exactly_once():
    """K15: & < > in the text of a lock screen, in a link's text and in its address."""
    alert = an_alert(author_name="a & <b>", url="https://forum.example.org/?a=1&b=<2>|3")
    content = payload(word(a_message(alert), 400))
    markup, plain = texts_of(content)

    assert markup[0] == "slur: hate 86% by a &amp; &lt;b&gt; in general"
    assert markup[1].startswith(
        "<https://forum.example.org/?a=1&amp;b=%3C2%3E%7C3|Open the comment"
    )
    assert "slur: hate 86% by a & <b> in general" in plain  # shown as it stands


def test_colons_do_not_become_pictures_and_backticks_no_code():
    """K16: plain text is what it is."""
    odd = ":goose: ```honk``` *honk*"
    content = payload(word(a_message(an_alert(excerpt=odd)), 400))

    assert content["blocks"][1]["text"] == {
        "type": "plain_text",
        "text": f"ann wrote:\n“{odd}”",
        "emoji": False,
    }


@pytest.mark.parametrize(
    ("length", "is_cut"), [(MAX_SECTION - 13, False), (MAX_SECTION - 12, True)]
)
def test_a_section_is_cut_at_its_limit_and_not_before(length, is_cut):
    """K14: at 3 000 and at 3 001, as Slack counts."""
    wording = Wording(
        title="t", notes=(), lead="ann wrote:", said="x" * length, facts=(), links=(), footer="f"
    )
    text = payload(wording)["blocks"][1]["text"]["text"]

    assert utf16_units(text) == MAX_SECTION
    assert text.endswith("…") is is_cut


def test_a_header_holds_150_units_however_wide_the_letters():
    """K14: characters beyond U+FFFF count twice."""
    wide = an_alert(trigger="\U0001f600" * 40, author_name="\U0001f600" * 40)
    header = payload(word(a_message(wide), 400))["blocks"][0]["text"]["text"]

    assert MAX_TITLE - 1 <= utf16_units(header) <= MAX_TITLE  # the mark after a whole letter
    assert header.endswith("…")


def test_a_link_that_would_break_the_section_is_left_out():
    """An address of ampersands is five times as long when escaped; our own link stays."""
    content = payload(word(a_message(an_alert(url="https://a.example/?" + "&" * 900)), 400))

    check_is_inert(content, [OUR_LINK])


def test_a_message_without_text_and_links_has_no_empty_block():
    """Slack refuses empty texts."""
    content = payload(word(a_message(an_alert(url=None), page_url=None), 0))

    assert [block["type"] for block in content["blocks"]] == [
        "header",
        "section",
        "section",
        "context",
    ]
    check_is_inert(content, [])


def test_notes_stand_before_the_comment():
    """A test is told to be one before anything else."""
    content = payload(word(a_message(is_test=True), 400))

    assert content["blocks"][1]["elements"][0]["text"].startswith("This is a test.")


def test_the_plain_form_says_the_same():
    """For a Slack that refuses blocks: the same words, addresses of strangers broken up."""
    alert = an_alert(excerpt="see https://evil.example & mailto:x@evil.example")
    text = plain_payload(word(a_message(alert), 400))["text"]

    assert text.splitlines()[:3] == [
        "slur: hate 86% by ann in general",
        "ann wrote:",
        "“see https[://]evil.example &amp; mailto[:]x@evil.example”",
    ]
    assert "<https://mod.example.org/alerts/01JD9Q|Open the alert on mod.example.org>" in text
    assert text.endswith("Alert 01JD9Q · key 01JD9Q.mods")


def test_links_of_ours_are_escaped():
    """A pipe or an ampersand in an address stays inside of it."""
    link = Link(text="Open", host="a.example", url="https://a.example/?x=1&y=2|3")
    wording = Wording(title="t", notes=(), lead="l", said="", facts=(), links=(link,), footer="f")

    assert (
        "<https://a.example/?x=1&amp;y=2%7C3|Open on a.example>" in plain_payload(wording)["text"]
    )
