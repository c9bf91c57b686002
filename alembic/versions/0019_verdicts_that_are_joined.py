"""An index of the verdicts that are joined, apart from that of those that wait"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_verdicts_source_comment_id", ["source", "comment_id"]
JOINED = sa.text("version IS NOT NULL")


def upgrade() -> None:
    op.drop_index(NAME, table_name="verdicts")
    op.create_index(NAME, "verdicts", COLUMNS, sqlite_where=JOINED, postgresql_where=JOINED)


def downgrade() -> None:
    op.drop_index(NAME, table_name="verdicts")
    op.create_index(NAME, "verdicts", COLUMNS)
