"""Reviews, merges, quick records, notes per quarter, photos; areas and follow-ups of visits."""

import sqlalchemy as sa
from alembic import op

revision = "0003_field"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column("visits", sa.Column("area", sa.Text(), nullable=False, server_default=""))
    op.add_column("visits", sa.Column("cell", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("interpreter", sa.Text(), nullable=True))
    op.add_column("visits", sa.Column("follow_up_on", sa.Date(), nullable=True))
    op.add_column("visits", sa.Column("follow_up_service", sa.Text(), nullable=True))
    op.create_index("ix_visits_follow_up_on", "visits", ["organisation_id", "follow_up_on"], unique=False)
    op.create_table(
        "inbox_reviews",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewed_at", instant, nullable=False),
        sa.Column("reviewed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "subject", "subject_id", name="pk_inbox_reviews"),
    )
    op.create_table(
        "duplicate_decisions",
        sa.Column("first_id", sa.Text(), nullable=False),
        sa.Column("second_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("decided_at", instant, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("first_id", "second_id", "organisation_id", name="pk_duplicate_decisions"),
    )
    op.create_index("ix_duplicate_decisions_second_id", "duplicate_decisions", ["second_id"], unique=False)
    op.create_table(
        "place_merges",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kept_id", sa.Text(), nullable=False),
        sa.Column("absorbed_id", sa.Text(), nullable=False),
        sa.Column("is_across", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kept_revision", sa.Integer(), nullable=False),
        sa.Column("kept_before", sa.Text(), nullable=False),
        sa.Column("absorbed_state", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", instant, nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("undone_at", instant, nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_place_merges"),
    )
    op.create_index("ix_place_merges_absorbed_id", "place_merges", ["absorbed_id"], unique=False)
    op.create_index("ix_place_merges_kept_id", "place_merges", ["kept_id"], unique=False)
    op.create_table(
        "quick_records",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("city_part", sa.Text(), nullable=True),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_quick_records_place_id"),
        sa.PrimaryKeyConstraint("id", name="pk_quick_records"),
    )
    op.create_index("ix_quick_records_happened_on", "quick_records", ["organisation_id", "happened_on"], unique=False)
    op.create_index("ix_quick_records_place_id", "quick_records", ["place_id"], unique=False)
    op.create_table(
        "quarter_notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("city_part", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False),
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarter_notes"),
    )
    op.create_index("ix_quarter_notes_city_part", "quarter_notes", ["city_part", "quarter"], unique=False)
    op.create_table(
        "photos",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_photos_place_id"),
        sa.PrimaryKeyConstraint("id", name="pk_photos"),
    )
    op.create_index("ix_photos_place_id", "photos", ["place_id"], unique=False)
