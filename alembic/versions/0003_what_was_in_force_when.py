"""What was in force when, and under which configuration an alert was raised"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "configurations",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_configurations")),
    )
    op.create_table(
        "configuration_periods",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("replaced", sa.Text(), nullable=True),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["configurations.digest"], name=op.f("fk_configuration_periods_digest")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_configuration_periods")),
    )
    op.create_index(
        op.f("ix_configuration_periods_digest"), "configuration_periods", ["digest"], unique=False
    )
    op.add_column("alerts", sa.Column("configuration", sa.Text(), nullable=True))
    op.create_index(op.f("ix_alerts_configuration"), "alerts", ["configuration"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_alerts_configuration"), "alerts")
    op.drop_column("alerts", "configuration")
    op.drop_table("configuration_periods")
    op.drop_table("configurations")
