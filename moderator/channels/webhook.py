"""Any program that takes signed JSON: a Standard Webhooks envelope around the alert.

What is in it is written down in docs/channels.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.outbound import Outbound, json_body
from moderator.channels.phrases import shown_name, web_link
from moderator.channels.settings import HttpSettings
from moderator.channels.standard_webhooks import key_of, signed_headers, webhook_id
from moderator.channels.web_address import check_own
from moderator.channels.wording import excerpt_of, word
from moderator.domain.alert import Alert
from moderator.domain.message import Digest, Message
from moderator.domain.notice import Notice
from moderator.domain.score import Label

FEWEST_BYTES = 24  # of a secret: 192 bits, the least that Standard Webhooks allows


class WebhookSettings(HttpSettings):
    """The settings of a signed webhook. The first secret is the current one."""

    kind: Literal["webhook"] = Field("webhook", description="Signed JSON to a program of yours.")
    url: SecretStr = Field(description="Where to POST: https:// unless allow_hosts lists the host.")
    secrets: tuple[SecretStr, ...] = Field(
        min_length=1,
        max_length=5,
        description="Shared with the receiver, at least 24 bytes each; each of them signs, so that "
        "they can be changed one after the other.",
    )

    @field_validator("url")
    @classmethod
    def _is_open(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        check_own(url.get_secret_value(), info.data.get("allow_hosts", ()))
        return url

    @field_validator("secrets")
    @classmethod
    def _are_secret(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        keys = [key_of(secret.get_secret_value()) for secret in secrets]
        for number, key in enumerate(keys, start=1):
            if len(key) < FEWEST_BYTES:
                raise ValueError(f"secret {number} is shorter than {FEWEST_BYTES} bytes")
        if len(set(keys)) < len(keys):
            raise ValueError("the same secret stands there twice")
        return secrets


class WebhookChannel(JsonChannel[WebhookSettings]):
    """One receiver. `clock` tells the time of an attempt, which is signed."""

    kind = "webhook"
    provider = "the receiver"

    def __init__(
        self,
        name: str,
        settings: WebhookSettings,
        *,
        outbound: Outbound | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name, settings, outbound=outbound)
        self._clock = clock
        self._keys = [key_of(secret.get_secret_value()) for secret in settings.secrets]

    def forms(self, message: Message) -> Sequence[Request]:
        """The same body and the same id in every attempt; the time and so the signature differ."""
        body = payload(message, self.settings.excerpt)
        headers = signed_headers(
            self._keys, webhook_id(message.key), self._clock(), json_body(body)
        )
        url = self.settings.url.get_secret_value()
        return [Request(url=url, headers=headers, payload=body)]

    def is_taken(self, answer: Answer) -> bool:
        """Any 2xx, as Standard Webhooks has it."""
        return True


def payload(message: Message, excerpt: int) -> dict[str, Any]:
    """The documented JSON of a message. Texts of strangers are made visible, as everywhere."""
    wording = word(message, excerpt)
    head = {"key": message.key, "title": wording.title, "page_url": message.page_url}
    if isinstance(message.about, Notice):
        kind, data = _notice(message.about)
    elif isinstance(message.about, Digest):
        kind, data = _digest(message.about, excerpt)
    else:
        alert = message.about
        kind, data = "alert.raised", _told(alert, excerpt) | _facts(alert)
    if message.is_test:
        kind = "alert.test"
    return {"type": kind, "timestamp": _time(message.raised_at), "data": {**head, **data}}


def _notice(notice: Notice) -> tuple[str, dict[str, Any]]:
    return "notice.raised" if notice.ends is None else "notice.ended", {
        "notice_id": notice.id,
        "kind": notice.kind,
        "subject": notice.subject,
        "severity": notice.severity.value,
        "text": "\n".join(notice.lines),
        "ends": notice.ends,
    }


def _digest(digest: Digest, excerpt: int) -> tuple[str, dict[str, Any]]:
    return "alerts.digest", {
        "severity": digest.severity.value,
        "count": digest.count,
        "first_at": _time(digest.first_at),
        "last_at": _time(digest.last_at),
        "tallies": [
            {"trigger": tally.trigger, "severity": tally.severity.value, "count": tally.count}
            for tally in digest.tallies
        ],
        "alerts": [_facts(alert) | _told(alert, excerpt) for alert in digest.told],
    }


def _told(alert: Alert, excerpt: int) -> dict[str, Any]:
    """What is the comment's own; nothing where the channel shows nothing of it."""
    return {"text": excerpt_of(alert, excerpt) or None, "why": _why(alert) if excerpt else []}


def _facts(alert: Alert) -> dict[str, Any]:
    link = web_link("", alert.url) if alert.url else None
    return {
        "alert_id": alert.id,
        "trigger": alert.trigger,
        "severity": alert.severity.value,
        "mode": alert.mode.value,
        "scope": alert.scope.value,
        "count": alert.count,
        "within_s": alert.within_s,
        "folded": alert.folded,
        "escalated": alert.escalated_because,
        "thresholds": alert.thresholds,
        "mean_thresholds": alert.mean_thresholds,
        "means": alert.means,
        "share_threshold": alert.share_threshold,
        "share": alert.share,
        "scores": {label.value: alert.probabilities.of(label) for label in Label},
        "label": alert.label.value,
        "model": alert.model,
        "source": alert.source,
        "board": shown_name(alert.board) or None,
        "thread_id": shown_name(alert.thread_id) or None,
        "comment_id": shown_name(alert.comment_id),
        "version": alert.version,
        "url": link.url if link else None,
        "author": {
            "id": shown_name(alert.author_id) or None,
            "name": shown_name(alert.author_name) or None,
        },
        "written_at": _time(alert.written_at),
        "since_edited": alert.since_edited,
    }


def _why(alert: Alert) -> list[dict[str, Any]]:
    return [
        {"term": shown_name(term.term), "label": term.label.value, "weight": term.weight}
        for term in alert.why
    ]


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
