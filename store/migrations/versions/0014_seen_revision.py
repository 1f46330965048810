"""A place remembers which revision was looked at: those changed since are found without reading all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0014_seen_revision"
down_revision = "0013_own_view"
branch_labels = None
depends_on = None

_EDITED = sa.text("state = 'verified' AND revision > seen_revision")
_SEEN = """
    SELECT r.revision FROM inbox_reviews r
    WHERE r.organisation_id = places.organisation_id AND r.subject = 'place' AND r.subject_id = places.id
"""


def upgrade() -> None:
    op.add_column("places", sa.Column("seen_revision", sa.Integer(), nullable=True))
    op.execute(f"UPDATE places SET seen_revision = ({_SEEN}) WHERE EXISTS ({_SEEN})")
    op.create_index(
        "ix_places_edited", "places", ["updated_at", "id"], unique=False, sqlite_where=_EDITED,
        postgresql_where=_EDITED,
    )  # fmt: skip
