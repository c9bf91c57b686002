"""What people said about comments, and the key of the digests that wait for their comment"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("version IS NULL")


def upgrade() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text()),
        sa.Column("version", sa.Text()),
        sa.Column("text_digest", sa.Text()),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("said", sa.Text()),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("community", sa.Text()),
        sa.Column("client_token", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_source_comment_id", "verdicts", ["source", "comment_id"])
    op.create_index("ix_verdicts_said_at", "verdicts", ["said_at"])
    op.create_index(
        "ix_verdicts_waiting",
        "verdicts",
        ["source", "text_digest"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_comments_source_newest_digest", "comments", ["source", "newest_digest"])
    keys = op.create_table(
        "digest_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_digest_keys"),
    )
    op.bulk_insert(keys, [{"name": "verdicts", "key": secrets.token_hex(32)}])


def downgrade() -> None:
    op.drop_table("digest_keys")
    op.drop_index("ix_comments_source_newest_digest", table_name="comments")
    op.drop_table("verdicts")
