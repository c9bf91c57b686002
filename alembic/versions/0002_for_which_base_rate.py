"""For which base rate a score holds, and what its words leave unexplained"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("residual", sa.Float(precision=53), nullable=True))
    op.add_column("versions", sa.Column("base_rate", sa.Float(precision=53), nullable=True))


def downgrade() -> None:
    op.drop_column("versions", "base_rate")
    op.drop_column("versions", "residual")
