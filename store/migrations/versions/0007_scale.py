"""Indexes without which a worker's own month and the inbox read whole tables."""

from alembic import op

revision = "0007_scale"
down_revision = "0006_board"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_places_created_by", "places", ["created_by", "created_at"], unique=False)
    op.create_index("ix_visits_created_by", "visits", ["created_by", "happened_on"], unique=False)
    op.create_index("ix_changes_created_by", "changes", ["created_by", "happened_on"], unique=False)
    op.create_index("ix_quick_records_created_by", "quick_records", ["created_by", "happened_on"], unique=False)
    # Not by organisation and state: SQLite, which keeps no statistics, would take it for a view of the map too.
    op.create_index("ix_places_created_at", "places", ["created_at", "id"], unique=False)
