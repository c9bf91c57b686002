"""What the triggers saw of a version, so that the past can be replayed as it was"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 1_000
SEEN = ("thread_id", "board", "author_id", "author_name", "author_role")

versions = sa.table(
    "versions",
    *map(sa.column, ("id", "source", "comment_id", "hate", "seen")),
)
comments = sa.table("comments", *map(sa.column, ("source", "comment_id", "facts")))


def upgrade() -> None:
    op.add_column("versions", sa.Column("seen", sa.Text(), nullable=True))
    connection, after = op.get_bind(), 0
    while rows := connection.execute(_judged_after(after)).all():
        connection.execute(
            versions.update()
            .where(versions.c.id == sa.bindparam("number"))
            .values(seen=sa.bindparam("told")),
            [{"number": number, "told": _seen(json.loads(facts))} for number, facts in rows],
        )
        after = rows[-1][0]


def downgrade() -> None:
    op.drop_column("versions", "seen")


def _judged_after(number: int) -> sa.Select:
    """Of older versions nobody knows what was seen: what is known of the comment now stands in."""
    same = (comments.c.source == versions.c.source) & (
        comments.c.comment_id == versions.c.comment_id
    )
    return (
        sa.select(versions.c.id, comments.c.facts)
        .join(comments, same)
        .where(versions.c.id > number, versions.c.hate.is_not(None))
        .order_by(versions.c.id)
        .limit(BATCH)
    )


def _seen(facts: dict) -> str:
    return json.dumps({name: str(facts[name][0]) for name in SEEN if name in facts})
