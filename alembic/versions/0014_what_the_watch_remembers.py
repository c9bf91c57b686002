"""What the watch remembers: comments by the hour, when it could not look, and what is wrong"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hourly",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("bin", sa.Integer(), nullable=False),
        sa.Column("comments", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "hour", "model", "bin", name="pk_hourly"),
    )
    op.create_index("ix_hourly_hour", "hourly", ["hour"])
    op.create_table(
        "arrivals",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_arrivals"),
    )
    op.create_table(
        "watch_progress",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("counted_to", sa.BigInteger(), nullable=False),
        sa.Column("settled_to", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_progress"),
    )
    op.create_table(
        "unseen",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "since", name="pk_unseen"),
    )
    op.create_table(
        "troubles",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("calm_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_troubles"),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name="fk_troubles_notice_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for table in ("troubles", "unseen", "watch_progress", "arrivals", "hourly"):
        op.drop_table(table)
