"""Which thresholds budgets have set, and since when"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thresholds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("budget_key", sa.Text, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("per_day", sa.Float(53), nullable=False),
        sa.Column("always_above", sa.Float(53)),
        sa.Column("alerts_per_day", sa.Float(53)),
    )
    op.create_index("ix_thresholds_budget_key_id", "thresholds", ["budget_key", "id"])


def downgrade() -> None:
    op.drop_table("thresholds")
