"""Since when an author is known: their first comment at the end of an index"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OLD, NEW = "ix_comments_source_author_id", "ix_comments_source_author_id_created_at"


def upgrade() -> None:
    op.create_index(NEW, "comments", ["source", "author_id", "created_at"])
    op.drop_index(OLD, table_name="comments")  # the new one begins with the same columns


def downgrade() -> None:
    op.create_index(OLD, "comments", ["source", "author_id"])
    op.drop_index(NEW, table_name="comments")
