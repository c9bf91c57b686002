"""`moderator db`, `channels` and `keys`: what an admin does once in a while."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from moderator import channels as channel_kinds
from moderator.app import open_database
from moderator.channels.base import Channel
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import load_settings, server_settings
from moderator.domain.alert import Alert
from moderator.domain.comment import Version
from moderator.domain.errors import ChannelError, ConfigError
from moderator.domain.message import Message
from moderator.domain.score import Label, Probabilities
from moderator.domain.trigger import Mode, Scope
from moderator.storage import keys as stored_keys
from moderator.storage import migrations
from moderator.storage.engine import Engine, closing_pool, connect, read, write
from moderator.storage.keys import ApiKey, KeyScope
from moderator.web.auth import new_key, new_login_link

database = typer.Typer(help="The database's schema.", no_args_is_help=True)
channels = typer.Typer(help="The ways out.", no_args_is_help=True)
keys = typer.Typer(help="API keys and links to the moderators' page.", no_args_is_help=True)


@database.command()
def upgrade() -> None:
    """Bring the database's schema up to date; does nothing where it is.

    Example: DATABASE_URL=postgres://… moderator db upgrade
    """
    server = server_settings(os.environ)
    with closing_pool(connect(server.database_url)) as engine:
        migrations.upgrade(engine)
    typer.echo(f"{server.database_shown}: the schema is up to date")


@channels.command("test")
def try_channels(
    name: Annotated[str | None, typer.Argument(help="One channel; else all of them.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Send a marked test alert and say what the far end answered. Exit code 1 if any refused.

    Example: moderator channels test mods-slack
    """
    settings = load_settings(config, os.environ)
    if name is not None and name not in settings.channels:
        known = ", ".join(sorted(settings.channels)) or "none"
        raise ConfigError(f"config: channels: there is no channel {name!r} (there are: {known})")
    results = [
        _try_channel(each, channel_kinds.build(each, block), recipient)
        for each, block in settings.channels.items()
        if name in (None, each)
        for recipient in channel_kinds.build(each, block).recipients
    ]
    for result in results:
        if not as_json:
            mark = "sent" if result["sent"] else "NOT SENT"
            who = f" to {result['recipient']}" if result["recipient"] else ""
            typer.echo(f"{result['channel']}{who}: {mark}: {result['answer']}")
    if as_json:
        typer.echo(json.dumps(results))
    if not all(result["sent"] for result in results):
        raise typer.Exit(1)


def _try_channel(name: str, channel: Channel, recipient: str) -> dict[str, object]:
    message = Message(key=f"test-{secrets.token_hex(4)}", about=_test_alert(), is_test=True)
    try:
        answer, sent = channel.send(message, recipient), True
    except ChannelError as error:
        answer, sent = str(error), False
    return {"channel": name, "recipient": recipient, "sent": sent, "answer": answer}


def _test_alert() -> Alert:
    now = datetime.now(UTC)
    return Alert(
        id="test",
        trigger="test",
        mode=Mode.LIVE,
        scope=Scope.COMMENT,
        scope_key="test/1",
        window="1",
        raised_at=now,
        count=1,
        within_s=0,
        thresholds={"neither": 0.5},
        mean_thresholds={},
        means={},
        source="test",
        comment_id="1",
        version=Version(order=0, digest="0" * 64).label,
        written_at=now,
        excerpt="This is a test: nobody wrote anything. If you can read it, alerts will reach you.",
        excerpt_cut=False,
        probabilities=Probabilities(hate=0.01, offensive=0.02, neither=0.97),
        label=Label.NEITHER,
        model="none",
        author_name="moderator",
    )


def _database() -> AbstractContextManager[Engine]:
    return closing_pool(open_database(server_settings(os.environ)))


@keys.command()
def create(
    scope: Annotated[KeyScope, typer.Option("--scope", help="What it may do.")] = KeyScope.READ,
    name: Annotated[str, typer.Option("--name", help="A reminder of who uses it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make an API key and print it: this once, since only its digest is stored.

    Example: moderator keys create --scope moderate --name "the mods' dashboard"
    """
    key_id, secret = new_key()
    key = ApiKey(id=key_id, scope=scope, name=name, created_at=datetime.now(UTC))
    with _database() as engine, write(engine) as tx:
        stored_keys.add_key(tx, key, secret)
    if as_json:
        typer.echo(json.dumps({"id": key_id, "scope": scope.value, "key": secret}))
    else:
        typer.echo(secret)


@keys.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys; the secrets themselves are not known here.

    Example: moderator keys list --json
    """
    with _database() as engine, read(engine) as tx:
        found = stored_keys.keys(tx)
    rows = [
        {
            "id": key.id,
            "scope": key.scope.value,
            "name": key.name,
            "created_at": key.created_at.isoformat(),
            "revoked_at": None if key.revoked_at is None else key.revoked_at.isoformat(),
        }
        for key in found
    ]
    if as_json:
        typer.echo(json.dumps(rows))
    for row in [] if as_json else rows:
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else "in use"
        typer.echo(f"{row['id']}  {row['scope']:<8}  {state}  {row['name']}")


@keys.command()
def revoke(
    key_id: str = typer.Argument(..., help="The key's id, as `keys list` shows it."),
) -> None:
    """Revoke a key; it is refused from now on, by every process.

    Example: moderator keys revoke k_1a2b3c4d
    """
    with _database() as engine, write(engine) as tx:
        known = stored_keys.revoke_key(tx, key_id, datetime.now(UTC))
    if not known:
        raise typer.BadParameter(f"there is no key {key_id!r}; see `moderator keys list`")
    typer.echo(f"{key_id}: revoked")


@keys.command()
def link(
    scope: Annotated[
        KeyScope, typer.Option("--scope", help="What it lets people do.")
    ] = KeyScope.MODERATE,
    config: ConfigPath = None,
) -> None:
    """Print a link that opens the moderators' page, once, within 15 minutes.

    Example: moderator keys link
    """
    settings = load_settings(config, os.environ)
    server = server_settings(os.environ)
    base = settings.public_url or f"http://127.0.0.1:{server.port}"
    with closing_pool(open_database(server)) as engine, write(engine) as tx:
        path = new_login_link(tx, scope, datetime.now(UTC) + timedelta(minutes=15))
    typer.echo(base.rstrip("/") + path)
