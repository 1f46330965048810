"""Indexes from which a page of the inbox is read: what waits to be verified alone, and changes by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0012_inbox_pages"
down_revision = "0011_visits_of_city_part"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'suggested'")


def upgrade() -> None:
    # It held every place; where few of a hundred thousand wait, all were looked up to find them.
    op.drop_index("ix_places_created_at", table_name="places")
    op.create_index(
        "ix_places_waiting", "places", ["created_at", "id"], unique=False,
        sqlite_where=_WAITING, postgresql_where=_WAITING,
    )  # fmt: skip
    op.create_index("ix_changes_happened_on", "changes", ["happened_on", "created_at", "id"], unique=False)
