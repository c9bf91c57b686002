"""E-mail, by SMTP: one message for each recipient, so that one bad address spoils no other."""

from __future__ import annotations

import contextlib
import re
import ssl
from email.message import EmailMessage
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.addresses import Resolve, checked_addresses, resolve
from moderator.channels.deadline import Deadline
from moderator.channels.dialling import CertificateRefused
from moderator.channels.email_message import MAX_SHORT, POLICY, compose, compose_short
from moderator.channels.patience import Patience
from moderator.channels.relay import parse_relay
from moderator.channels.settings import AllowHosts, CaFile, ChannelSettings, Excerpt
from moderator.channels.smtp_replies import TooBig
from moderator.channels.smtp_session import SmtpSession
from moderator.channels.wording import word
from moderator.domain.message import Message

DEADLINE_S = 60.0

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def checked_address(address: str) -> str:
    """One plain address, its domain in ASCII. Raises ValueError for anything else."""
    local, at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError(
            "it must be one plain address like mods@example.org, in ASCII before the @"
        )
    return f"{local}@{domain}"


MailAddress = Annotated[str, AfterValidator(checked_address), Field(max_length=254)]


class EmailSettings(ChannelSettings):
    """The settings of an e-mail channel."""

    kind: Literal["email"] = Field("email", description="E-mail to one or more addresses.")
    allow_hosts: AllowHosts = ()
    smtp: SecretStr = Field(
        description="The mail server: smtp://user:password@host:587 (STARTTLS, always) or "
        "smtps://user:password@host:465. Special characters in the password are written %40 "
        "and so on."
    )
    sender: MailAddress = Field(alias="from", description="The address that alerts come from.")
    to: tuple[MailAddress, ...] = Field(
        description="Who gets the alerts: a list of addresses, one each.",
        json_schema_extra={"minItems": 1},
    )
    excerpt: Excerpt = 400
    ca_file: CaFile = None

    @field_validator("smtp")
    @classmethod
    def _is_relay(cls, smtp: SecretStr, info: ValidationInfo) -> SecretStr:
        parse_relay(smtp.get_secret_value(), info.data.get("allow_hosts", ()))
        return smtp

    @field_validator("to")
    @classmethod
    def _are_different(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        if not to:
            raise ValueError("it must name at least one address")
        if len({address.lower() for address in to}) < len(to):
            raise ValueError("an address stands in it twice")
        return to


class EmailChannel:
    """One relay, and the people who get its alerts."""

    kind = "email"

    def __init__(
        self,
        name: str,
        settings: EmailSettings,
        *,
        deadline_s: float = DEADLINE_S,
        resolve: Resolve = resolve,
    ) -> None:
        self._name = name
        self._settings = settings
        self._relay = parse_relay(settings.smtp.get_secret_value(), settings.allow_hosts)
        self._context = ssl.create_default_context(cafile=settings.ca_file)
        self._deadline_s = deadline_s
        self._resolve = resolve
        self._patience = Patience()

    @property
    def recipients(self) -> tuple[str, ...]:
        """The configured addresses, each in a message of its own."""
        return self._settings.to

    def send(self, message: Message, recipient: str) -> str:
        """Mail the alert to one of the recipients; in short where the server finds it too big."""
        settings = self._settings
        wording = word(message, settings.excerpt)
        names = {"channel": self._name, "sender": settings.sender, "recipient": recipient}
        with Deadline(self._deadline_s) as deadline:
            with contextlib.suppress(TooBig):
                return self._deliver(compose(message, wording, **names), recipient, deadline)
            wording = word(message, min(settings.excerpt, MAX_SHORT))
            short = compose_short(message, wording, **names)
            return self._deliver(short, recipient, deadline)

    def _deliver(self, mail: EmailMessage, recipient: str, deadline: Deadline) -> str:
        """One conversation from the connection to the answer to the message."""
        relay = self._relay
        addresses = checked_addresses(
            relay.host,
            relay.port,
            allow_hosts=self._settings.allow_hosts,
            deadline=deadline,
            resolve=self._resolve,
        )
        sender = self._settings.sender
        with SmtpSession(
            relay, context=self._context, greeting=sender.rpartition("@")[2], deadline=deadline
        ) as session:
            try:
                session.open(addresses)
            except CertificateRefused as exc:
                raise self._patience.tried(exc) from None
            self._patience.restored()
            answer = session.deliver(sender, recipient, mail.as_bytes(policy=POLICY))
            session.quit()
            return answer
