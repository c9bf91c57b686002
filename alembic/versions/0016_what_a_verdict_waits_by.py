"""What a verdict waits by, the id of its comment or else the text: each found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NAME, WAITING = "ix_verdicts_waiting", sa.text("version IS NULL")


def upgrade() -> None:
    _index("source", "comment_id", "text_digest")


def downgrade() -> None:
    _index("source", "text_digest")


def _index(*columns: str) -> None:
    op.drop_index(NAME, table_name="verdicts")
    op.create_index(NAME, "verdicts", list(columns), sqlite_where=WAITING, postgresql_where=WAITING)
