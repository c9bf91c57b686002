"""When an alert is escalated, and when and why it was"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = (
    ("escalates_at", sa.BigInteger),
    ("escalated_at", sa.BigInteger),
    ("escalated_because", sa.Text),
)
INDEX = "ix_alerts_escalates_at"


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("alerts", sa.Column(name, kind))
    op.create_index(INDEX, "alerts", ["escalates_at"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="alerts")
    for name, _ in reversed(COLUMNS):
        op.drop_column("alerts", name)
