"""What a notice says: the service about itself, in the same form as an alert."""

from __future__ import annotations

from moderator.channels.phrases import MAX_NAME, MAX_TITLE, TEST, Fact, Wording, web_link, when
from moderator.channels.visible import one_line, shown, utf16_units
from moderator.domain.message import Message
from moderator.domain.notice import Notice

MAX_LEAD = 1_200  # code points: less than any channel takes beside a title


def word_notice(message: Message, notice: Notice) -> Wording:
    """Put a notice into words."""
    title = ("TEST: " if message.is_test else "") + notice.title
    link = web_link("Open the page", message.page_url) if message.page_url else None
    return Wording(
        title=one_line(title, MAX_TITLE, utf16_units),
        notes=(TEST,) if message.is_test else (),
        lead=shown("\n".join(notice.lines), MAX_LEAD),
        said="",
        facts=(Fact(name="Noticed", text=when(notice.raised_at)),),
        links=(link,) if link else (),
        footer=f"Notice {one_line(notice.id, MAX_NAME)} · key {one_line(message.key, 200)}",
    )
