"""Messages found by their age, to be forgotten"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDEX = "ix_messages_formed_at"


def upgrade() -> None:
    op.create_index(INDEX, "messages", ["formed_at"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="messages")
