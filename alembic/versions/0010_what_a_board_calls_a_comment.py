"""What a board calls a comment that it asked about before the comment had an id"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HAS_KEY = sa.text("text_key IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "board_comments",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("board_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text()),
        sa.Column("parent_id", sa.Text()),
        sa.Column("created_at", sa.BigInteger()),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.Boolean()),
        sa.Column("ruled_at", sa.BigInteger()),
        sa.Column("comment_id", sa.Text()),
        sa.Column("joined_by", sa.Text()),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "board_id", name="pk_board_comments"),
    )
    op.create_index(
        "ix_board_comments_source_comment_id", "board_comments", ["source", "comment_id"]
    )
    op.create_index("ix_board_comments_due_at", "board_comments", ["due_at"])
    op.create_index("ix_board_comments_told_at", "board_comments", ["told_at"])
    op.add_column("comments", sa.Column("text_key", sa.Text()))
    op.create_index(
        "ix_comments_source_text_key",
        "comments",
        ["source", "text_key"],
        sqlite_where=HAS_KEY,
        postgresql_where=HAS_KEY,
    )


def downgrade() -> None:
    op.drop_index("ix_comments_source_text_key", table_name="comments")
    op.drop_column("comments", "text_key")
    op.drop_table("board_comments")
