"""Messages that tell several alerts: what is owed is put into one, which has the attempts"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RANKS = {"info": 0, "warning": 1, "critical": 2}
WARNING = RANKS["warning"]
STATE_INDEX = "ix_messages_state_channel_due_at"
SENDING = (
    "key", "channel", "recipient", "state", "due_at", "not_before", "attempts", "lease_owner",
    "lease_until", "settled_at",
)  # fmt: skip
OWED = ("id", "alert_id", "notice_id", "channel", "recipient")
TRIED = ("number", "started_at", "finished_at", "outcome", "answer")


def upgrade() -> None:
    op.execute("CREATE TABLE outbox_kept AS SELECT * FROM outbox")
    op.execute("CREATE TABLE attempts_kept AS SELECT * FROM attempts")
    op.drop_table("attempts")
    op.drop_table("outbox")
    op.add_column("channel_states", sa.Column("failed_at", sa.BigInteger(), nullable=True))
    _create_messages()
    _create_outbox()
    _create_attempts("message_id", "messages")
    _fill()
    op.drop_table("outbox_kept")
    op.drop_table("attempts_kept")
    _count_on("outbox", "messages")
    _rank_what_waits()


def downgrade() -> None:
    op.execute("CREATE TABLE outbox_kept AS SELECT * FROM outbox")
    op.execute("CREATE TABLE attempts_kept AS SELECT * FROM attempts")
    op.execute("CREATE TABLE messages_kept AS SELECT * FROM messages")
    for table in ("attempts", "outbox", "messages", "paces"):
        op.drop_table(table)
    op.drop_column("channel_states", "failed_at")
    _create_outbox_of_before()
    _create_attempts("outbox_id", "outbox")
    _fill_of_before()
    for table in ("outbox_kept", "attempts_kept", "messages_kept"):
        op.drop_table(table)
    _count_on("outbox")


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("formed_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index(STATE_INDEX, "messages", ["state", "channel", "due_at"])
    op.create_table(
        "paces",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "recipient", name="pk_paces"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *_owed_columns(),
        sa.Column("owed_at", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("height", sa.Float(53), nullable=False),
        sa.Column("message_id", SERIAL, nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_outbox_message_id"),
    )
    op.create_index(
        "ix_outbox_message_id_channel_recipient", "outbox", ["message_id", "channel", "recipient"]
    )


def _create_outbox_of_before() -> None:
    op.create_table(
        "outbox",
        *_owed_columns(),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_outbox_state_channel_due_at", "outbox", ["state", "channel", "due_at"])


def _owed_columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=True),
        sa.Column("notice_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name="fk_outbox_alert_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name="fk_outbox_notice_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "alert_id", "channel", "recipient", name="uq_outbox_alert_id_channel_recipient"
        ),
        sa.UniqueConstraint(
            "notice_id", "channel", "recipient", name="uq_outbox_notice_id_channel_recipient"
        ),
        sa.CheckConstraint("(alert_id IS NULL) <> (notice_id IS NULL)", name="ck_outbox_about"),
    ]


def _create_attempts(of: str, table: str) -> None:
    op.create_table(
        "attempts",
        sa.Column(of, SERIAL, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(of, "number", name="pk_attempts"),
        sa.ForeignKeyConstraint(
            [of], [f"{table}.id"], name=f"fk_attempts_{of}", ondelete="CASCADE"
        ),
    )


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _copy(table: str, names: tuple[str, ...], rows: sa.Select) -> None:
    op.execute(_table(table, *names).insert().from_select(list(names), rows))


def _fill() -> None:
    """What was tried is a message of its own, under the number it had."""
    kept = _table("outbox_kept", *OWED, *SENDING).c
    tried = _table("attempts_kept", "outbox_id", *TRIED).c
    first = (
        sa.select(sa.func.min(tried.started_at)).where(tried.outbox_id == kept.id).scalar_subquery()
    )
    since = sa.func.coalesce(first, kept.due_at)
    is_message = (kept.attempts > 0) | (kept.state != "pending")
    key = sa.func.coalesce(kept.alert_id, kept.notice_id).concat(".").concat(kept.channel)
    constants = ("id", "size", "severity", "formed_at")
    values = [kept.id, sa.literal(1), sa.literal(WARNING), since, key]
    values += [kept[name] for name in SENDING[1:]]
    _copy("messages", (*constants, *SENDING), sa.select(*values).where(is_message))
    message = sa.case((is_message, kept.id))
    values = [*(kept[name] for name in OWED), since, sa.literal(WARNING), sa.literal(0.0), message]
    names = (*OWED, "owed_at", "severity", "height", "message_id")
    _copy("outbox", names, sa.select(*values))
    columns = [tried.outbox_id, *(tried[name] for name in TRIED)]
    _copy("attempts", ("message_id", *TRIED), sa.select(*columns))


def _fill_of_before() -> None:
    """Each alert of a message gets the message's own state and attempts."""
    kept = _table("outbox_kept", *OWED, "owed_at", "message_id")
    message = _table("messages_kept", "id", *SENDING)
    both = kept.outerjoin(message, message.c.id == kept.c.message_id)
    sending = [message.c[name] for name in SENDING[4:]]
    sending[0] = sa.func.coalesce(message.c.due_at, kept.c.owed_at)
    sending[2] = sa.func.coalesce(message.c.attempts, 0)
    values = [*(kept.c[name] for name in OWED), sa.func.coalesce(message.c.state, "pending")]
    names = (*OWED, *SENDING[3:])
    _copy("outbox", names, sa.select(*values, *sending).select_from(both))
    tried = _table("attempts_kept", "message_id", *TRIED)
    rows = sa.select(kept.c.id, *(tried.c[name] for name in TRIED))
    rows = rows.select_from(kept.join(tried, tried.c.message_id == kept.c.message_id))
    _copy("attempts", ("outbox_id", *TRIED), rows)


def _rank_what_waits() -> None:
    """How severe an alert is decides how soon it goes: of old ones, those that did not go yet."""
    outbox = _table("outbox", "alert_id", "severity", "message_id")
    alerts = _table("alerts", "id", "details")
    waiting = sa.select(alerts.c.id, alerts.c.details).where(
        alerts.c.id.in_(sa.select(outbox.c.alert_id).where(outbox.c.message_id.is_(None)))
    )
    for id_, details in op.get_bind().execute(waiting).all():
        severity = RANKS.get(json.loads(details).get("severity", "warning"), WARNING)
        op.execute(outbox.update().where(outbox.c.alert_id == id_).values(severity=severity))


def _count_on(*tables: str) -> None:
    """Rows that were copied with their numbers do not move PostgreSQL's counters."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            newest = sa.select(sa.func.coalesce(sa.func.max(sa.column("id")), 0) + 1)
            newest = newest.select_from(sa.table(table)).scalar_subquery()
            counter = sa.func.pg_get_serial_sequence(table, "id")
            op.execute(sa.select(sa.func.setval(counter, newest, False)))
