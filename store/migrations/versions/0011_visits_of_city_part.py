"""The index of a city part's visits holds what counts them: none of its hundred thousands is looked up in the table."""

from alembic import op

revision = "0011_visits_of_city_part"
down_revision = "0010_agreed"
branch_labels = None
depends_on = None

_COLUMNS = ["city_part", "organisation_id", "withdrawn", "happened_on"]


def upgrade() -> None:
    op.drop_index("ix_visits_city_part", table_name="visits")
    op.create_index("ix_visits_city_part", "visits", _COLUMNS, unique=False)
