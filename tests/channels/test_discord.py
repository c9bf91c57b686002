"""Discord: exactly what is sent, and its limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from moderator.channels import discord
from moderator.channels.visible import utf16_units
from moderator.channels.wording import word
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import CANARY, DISCORD
from tests.receivers import HttpReceiver, HttpReply

LINKS = (
    "[Open the comment](https://forum.example.org/t/ponds/7/42) on forum\\.example\\.org · "
    "[Open the alert](https://mod.example.org/alerts/01JD9Q) on mod\\.example\\.org"
)


def field(name: str, value: str) -> dict[str, Any]:
    """One line of the facts."""
    return {"name": name, "value": value, "inline": False}


def test_an_alert_is_an_embed_that_calls_nobody() -> None:
    """Word for word; `wait=true` joins what the URL had."""
    with HttpReceiver() as far_end:
        far_end.default = DISCORD.yes
        DISCORD.channel(far_end).send(a_message(), "")
        (request,) = far_end.requests

    assert (request.method, request.path) == (
        "POST",
        f"/api/webhooks/42/{CANARY}?thread_id=7&wait=true",
    )
    assert request.json == {
        "embeds": [
            {
                "title": "slur\\: hate 86% by ann in general",
                "description": "ann wrote\\:\n“You are a silly goose, and so is everybody who "
                f"agrees with you\\.\nGo back to your pond!”\n\n{LINKS}",
                "fields": [
                    field("By", "ann (id 9)"),
                    field("Where", "general, thread 7, comment 42 (forum)"),
                    field("Written", "22 Nov 2026, 10\\:00 UTC"),
                    field("Judged", "hate (hate 86%, offensive 12%, neither 1%)"),
                    field("Reached", "hate 86% (threshold 80%)"),
                    field("Because of", "“silly”, “goose”"),
                    field("Trigger", "slur, one comment"),
                ],
                "footer": {"text": "Alert 01JD9Q · key 01JD9Q.mods"},
            }
        ],
        "allowed_mentions": {"parse": []},
    }


def test_the_plainer_form_calls_nobody_either() -> None:
    """Mentions outside of an embed would: they are escaped, and allowed to nobody."""
    wording = word(a_message(an_alert(excerpt="@everyone <@1> https://evil.example")), 400)

    form = discord.bare(wording)

    assert "\\@everyone \\<\\@1\\> https\\://evil\\.example" in form["content"]
    assert (form["allowed_mentions"], form["flags"]) == ({"parse": []}, 4)


def sizes(embed: dict[str, Any]) -> tuple[int, int]:
    """Of the description, and of all that Discord adds up."""
    texts = [embed["title"], embed["description"], embed["footer"]["text"]]
    texts += [text for each in embed["fields"] for text in (each["name"], each["value"])]
    return utf16_units(embed["description"]), sum(map(utf16_units, texts))


@pytest.mark.parametrize("text", [*HOSTILE, "*" * 1_000, "\U0001f9a2" * 1_000])
def test_the_limits_are_kept(text: str) -> None:
    """K14, whatever is written wherever."""
    alert = an_alert(excerpt=text[:1_000], author_name=text, author_id=text, board=text)
    wording = word(a_message(alert), 1_000)

    (embed,) = discord.with_embed(wording)["embeds"]
    description, total = sizes(embed)
    assert description <= discord.MAX_DESCRIPTION
    assert total <= discord.MAX_EMBED
    assert utf16_units(embed["title"]) <= discord.MAX_TITLE
    assert len(embed["fields"]) <= 25
    assert all(1 <= utf16_units(each["value"]) <= discord.MAX_VALUE for each in embed["fields"])
    assert utf16_units(discord.bare(wording)["content"]) <= discord.MAX_CONTENT


@pytest.mark.parametrize("more", [0, 1])
def test_the_plainer_form_is_cut_at_the_limit_and_one_beyond(more: int) -> None:
    """2,000 are whole, 2,001 are cut with the mark."""
    empty = utf16_units(discord.bare(word(a_message(an_alert(excerpt="x")), 1_000))["content"]) - 1
    room, escapes = divmod(discord.MAX_CONTENT - empty + more, 2)
    text = "*" * min(room, 900)
    text += "x" * (discord.MAX_CONTENT - empty + more - 2 * len(text))
    content = discord.bare(word(a_message(an_alert(excerpt=text)), 1_000))["content"]

    assert escapes in (0, 1)
    assert ("…" in content) == bool(more)
    assert discord.MAX_CONTENT - 3 <= utf16_units(content) <= discord.MAX_CONTENT


@pytest.mark.parametrize("more", [0, 1])
def test_an_embed_is_cut_at_the_limit_of_all_and_one_beyond(more: int) -> None:
    """Facts and text together: 6,000 are whole, 6,001 are cut."""
    wording = word(a_message(an_alert(excerpt="x")), 1_000)
    fact = wording.facts[0]
    wording = replace(wording, facts=tuple(replace(fact, text="y" * 900) for _ in range(5)))
    (embed,) = discord.with_embed(wording)["embeds"]
    text = "x" * (1 + discord.MAX_EMBED - sizes(embed)[1] + more)
    (embed,) = discord.with_embed(replace(wording, said=text))["embeds"]

    assert ("x…" in embed["description"]) == bool(more)
    assert sizes(embed)[1] == discord.MAX_EMBED
    assert sizes(embed)[0] < discord.MAX_DESCRIPTION


@pytest.mark.parametrize("more", [0, 1])
def test_a_description_is_cut_at_its_own_limit_and_one_beyond(more: int) -> None:
    """4,096 are whole, 4,097 are cut."""
    wording = word(a_message(an_alert(excerpt="x")), 1_000)
    (embed,) = discord.with_embed(wording)["embeds"]
    text = "x" * (1 + discord.MAX_DESCRIPTION - sizes(embed)[0] + more)
    (embed,) = discord.with_embed(replace(wording, said=text))["embeds"]

    assert ("x…" in embed["description"]) == bool(more)
    assert sizes(embed)[0] == discord.MAX_DESCRIPTION
    assert sizes(embed)[1] < discord.MAX_EMBED


def test_a_bracket_in_an_address_does_not_end_the_link() -> None:
    """Discord reads the address up to the first one that closes."""
    wording = word(a_message(an_alert(url="https://forum.example.org/a_(b)?c=)")), 400)

    assert "(https://forum.example.org/a_%28b%29?c=%29) on" in discord.bare(wording)["content"]


def test_the_number_of_an_error_is_shown() -> None:
    """A code, never a text."""
    with HttpReceiver() as far_end:
        far_end.script(HttpReply(status=400, body=b'{"code":50035}'), DISCORD.yes)
        channel = DISCORD.channel(far_end)

        assert channel.send(a_message(), "") == "200"
