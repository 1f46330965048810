"""An index of the visits after which somebody agreed to come again, by their place."""

import sqlalchemy as sa
from alembic import op

revision = "0010_agreed"
down_revision = "0009_cells_view"
branch_labels = None
depends_on = None

_AGREED = sa.text("follow_up_on IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_visits_agreed", "visits", ["place_id"], unique=False, sqlite_where=_AGREED, postgresql_where=_AGREED
    )
