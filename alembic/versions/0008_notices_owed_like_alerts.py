"""Notices, which are owed like alerts: an outbox row is about exactly one of both"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OUTBOX = (
    "id", "alert_id", "channel", "recipient", "state", "due_at", "not_before", "attempts",
    "lease_owner", "lease_until", "settled_at",
)  # fmt: skip
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ATTEMPTS = ("outbox_id", "number", "started_at", "finished_at", "outcome", "answer")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ends", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "kind", "subject", "raised_at", name="uq_notices_kind_subject_raised_at"
        ),
    )
    op.create_index("ix_notices_raised_at", "notices", ["raised_at"])
    _rebuild(with_notices=True)


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE alert_id IS NULL")
    _rebuild(with_notices=False)
    op.drop_table("notices")


def _rebuild(*, with_notices: bool) -> None:
    """Make both tables anew: SQLite cannot let a column be empty later, and what refers to a
    table that is dropped there is deleted with it.
    """
    op.execute("CREATE TABLE outbox_kept AS SELECT * FROM outbox")
    op.execute("CREATE TABLE attempts_kept AS SELECT * FROM attempts")
    op.drop_table("attempts")
    op.drop_table("outbox")
    _create_outbox(with_notices)
    _create_attempts()
    for table, names in (("outbox", OUTBOX), ("attempts", ATTEMPTS)):
        kept = sa.select(*map(sa.column, names)).select_from(sa.table(f"{table}_kept"))
        new = sa.table(table, *map(sa.column, names))
        op.execute(new.insert().from_select(names, kept))
    op.drop_table("outbox_kept")
    op.drop_table("attempts_kept")
    if op.get_bind().dialect.name == "postgresql":
        newest = "SELECT coalesce(max(id), 0) + 1 FROM outbox"
        op.execute(f"SELECT setval(pg_get_serial_sequence('outbox', 'id'), ({newest}), false)")


def _create_outbox(with_notices: bool) -> None:
    of_notices: list[sa.schema.SchemaItem] = []
    if with_notices:
        of_notices = [
            sa.Column("notice_id", sa.Text(), nullable=True),
            sa.ForeignKeyConstraint(
                ["notice_id"], ["notices.id"], name="fk_outbox_notice_id", ondelete="CASCADE"
            ),
            sa.UniqueConstraint(
                "notice_id", "channel", "recipient", name="uq_outbox_notice_id_channel_recipient"
            ),
            sa.CheckConstraint("(alert_id IS NULL) <> (notice_id IS NULL)", name="ck_outbox_about"),
        ]
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=with_notices),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name="fk_outbox_alert_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "alert_id", "channel", "recipient", name="uq_outbox_alert_id_channel_recipient"
        ),
        *of_notices,
    )
    op.create_index("ix_outbox_state_channel_due_at", "outbox", ["state", "channel", "due_at"])


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("outbox_id", SERIAL, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", "number", name="pk_attempts"),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name="fk_attempts_outbox_id", ondelete="CASCADE"
        ),
    )
