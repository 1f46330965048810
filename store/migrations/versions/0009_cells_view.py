"""The index of cells holds all that a view of the map adds up: it need not look up a row for every entry."""

from alembic import op

revision = "0009_cells_view"
down_revision = "0008_visit_groups"
branch_labels = None
depends_on = None

_COLUMNS = [
    "resolution", "cell_lon", "cell_lat", "state", "organisation_id", "kind", "cell", "city_part", "count",
    "lon_sum", "lat_sum",
]  # fmt: skip


def upgrade() -> None:
    op.drop_index("ix_place_cells_view", table_name="place_cells")
    op.create_index("ix_place_cells_view", "place_cells", _COLUMNS, unique=False)
