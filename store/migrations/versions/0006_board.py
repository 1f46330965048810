"""Contact with town halls as dated statements by organisation; the index from which the board reads all visits."""

import sqlalchemy as sa
from alembic import op

revision = "0006_board"
down_revision = "0004_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "town_hall_contacts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("city_part", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_town_hall_contacts"),
    )
    op.create_index(
        "ix_visits_board",
        "visits",
        ["withdrawn", "city_part", "place_id", "cell", "organisation_id", "outcome", "happened_on", "created_at"],
        unique=False,
    )
