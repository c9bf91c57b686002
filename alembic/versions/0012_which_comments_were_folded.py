"""Which comments were folded into which alert"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "folded_comments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column(
            "alert_id",
            sa.Text,
            sa.ForeignKey(
                "alerts.id", ondelete="CASCADE", name="fk_folded_comments_alert_id_alerts"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("comment_id", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
    )
    op.create_index("ix_folded_comments_alert_id_id", "folded_comments", ["alert_id", "id"])
    op.create_index(
        "ix_folded_comments_source_comment_id", "folded_comments", ["source", "comment_id"]
    )


def downgrade() -> None:
    op.drop_table("folded_comments")
