"""An organisation with few places among many of others' reads its own alone; indexes that no question used go."""

from alembic import op

revision = "0013_own_view"
down_revision = "0012_inbox_pages"
branch_labels = None
depends_on = None

_OWN = ["h3_7", "organisation_id", "lon", "lat", "state", "kind", "city_part"]


def upgrade() -> None:
    op.drop_index("ix_places_view", table_name="places")
    op.create_index("ix_places_view", "places", ["lon", "lat"], unique=False)
    for resolution in (7, 8, 9, 10):
        op.drop_index(f"ix_places_h3_{resolution}", table_name="places")
    op.create_index("ix_places_cell", "places", ["h3_9", "city_part"], unique=False)
    op.create_index("ix_places_own_view", "places", _OWN, unique=False)
