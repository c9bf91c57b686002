"""An alert as an e-mail: plain text for every reader, HTML for a friendlier look on a phone."""

from __future__ import annotations

import base64
import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from html import escape
from typing import Any

from moderator.channels.phrases import Link, Wording
from moderator.domain.message import Message

MAX_WORD = 45  # bytes of text in one encoded word: with its frame 72 characters of the 75 allowed
MAX_SHORT = 200  # code points of the comment in the short form

_PLAIN_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_WHY = "You get this because your address is in the settings of the moderation bot."


class MailPolicy(EmailPolicy):
    """The standard library's policy, but for the subject.

    It would read encoded words in a header's value: a stranger whose name is
    `=?utf-8?q?=0D=0ABcc:_x?=` would write a line end into our headers. And it loses or adds a
    blank where it folds some lines. So the subject is encoded here, and never parsed.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep a subject as it is; its line ends are gone already."""
        if name != "Subject":
            return super().header_store_parse(name, value)
        if value.splitlines() != [value]:
            raise ValueError("a subject must be one line")
        return name, value

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as it goes over the wire."""
        if name != "Subject":
            return super().fold_binary(name, value)
        return f"Subject: {encoded_words(value)}\r\n".encode("ascii")


# 7bit: a server without 8BITMIME would spoil anything else.
POLICY = MailPolicy(linesep="\r\n", max_line_length=78, cte_type="7bit")


def encoded_words(text: str) -> str:
    """`text` by RFC 2047, as it stands where it is plain ASCII that nobody could decode."""
    if text.isascii() and "=?" not in text:
        return text
    words, word = [], b""
    for letter in text:
        if len(word) + len(letter.encode()) > MAX_WORD:
            words.append(word)
            word = b""
        word += letter.encode()
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(w).decode()}?=" for w in [*words, word])


def compose(
    message: Message, wording: Wording, *, channel: str, sender: str, recipient: str
) -> EmailMessage:
    """The message in full; but for the MIME boundary the same bytes in every attempt."""
    mail = compose_short(message, wording, channel=channel, sender=sender, recipient=recipient)
    mail.add_alternative(html_part(wording), subtype="html")
    return mail


def compose_short(
    message: Message, wording: Wording, *, channel: str, sender: str, recipient: str
) -> EmailMessage:
    """The plain text alone, for a server that finds the message too big."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(display_name="moderator", addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = wording.title
    mail["Date"] = message.raised_at
    mail["Message-ID"] = message_id(message.key, channel, sender, recipient)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(plain_part(wording))
    return mail


def message_id(key: str, channel: str, sender: str, recipient: str) -> str:
    """The same in every attempt, and another for each recipient of each channel."""
    readable = key if _PLAIN_KEY.fullmatch(key) else _digest(key)
    domain = sender.rpartition("@")[2]
    return f"<{readable}.{_digest(channel, recipient)}@{domain}>"


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]


def plain_part(wording: Wording) -> str:
    """The text. It begins with what was said: a phone shows that under the subject."""
    said = f"{wording.lead}\n“{wording.said}”" if wording.said else wording.lead
    facts = "\n".join(f"{fact.name}: {fact.text}" for fact in wording.facts)
    links = [f"{link.text}:\n{link.url}" for link in wording.links]
    return "\n\n".join([*wording.notes, said, facts, *links, f"{wording.footer}\n{_WHY}"])


def html_part(wording: Wording) -> str:
    """The same as a page without images, scripts or colours that fight a dark theme."""
    notes = "".join(f"<p><strong>{escape(note)}</strong></p>\n" for note in wording.notes)
    facts = "".join(
        f'<tr><th align="left" valign="top" style="{_TH}">{escape(fact.name)}</th>'
        f'<td valign="top" style="{_TD}">{escape(fact.text)}</td></tr>\n'
        for fact in wording.facts
    )
    links = "".join(map(_button, wording.links))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(wording.title)}</title></head>\n"
        f'<body style="{_BODY}"><div style="max-width:36em;margin:0 auto">\n'
        f"{notes}<p>{_lines(wording.lead)}</p>\n{_quote(wording.said)}"
        f"{links}"
        f'<table role="presentation" style="border-collapse:collapse;margin:16px 0">\n{facts}'
        f'</table>\n<p style="font-size:13px">{escape(wording.footer)}<br>{_WHY}</p>\n'
        "</div></body></html>\n"
    )


_BODY = "margin:0;padding:16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif"
_TH = "padding:2px 12px 2px 0;font-weight:600;white-space:nowrap"
_TD = "padding:2px 0;overflow-wrap:anywhere"
_QUOTE = "margin:0 0 16px;padding:4px 12px;border-left:4px solid #d97706;overflow-wrap:anywhere"
_BUTTON = (
    "display:inline-block;padding:10px 16px;margin:0 8px 8px 0;border:1px solid #888;"
    "border-radius:8px;text-decoration:none"
)


def _quote(said: str) -> str:
    if not said:
        return ""
    return f'<blockquote dir="auto" style="{_QUOTE}">{_lines(said)}</blockquote>\n'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _button(link: Link) -> str:
    label = f"{link.text} on {link.host}"
    return f'<a href="{escape(link.url)}" style="{_BUTTON}">{escape(label)}</a>\n'
