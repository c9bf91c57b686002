"""Whom an alert in shadow would have told; alerts found by trigger, and by mode, in time's order"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_alerts_trigger_raised_at": ["trigger", "raised_at"],
    "ix_alerts_mode_raised_at": ["mode", "raised_at"],
}


def upgrade() -> None:
    op.add_column("alerts", sa.Column("would_tell", sa.Text()))
    for name, columns in INDEXES.items():
        op.create_index(name, "alerts", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="alerts")
    op.drop_column("alerts", "would_tell")
