"""Tables of what is done with records after they were noted: reviews, merges, quick records, photos.

They belong to `store.tables.metadata`.
"""

import sqlalchemy as sa

from store.tables import JsonText, UtcInstant, metadata

# What an organisation's inbox has dealt with: a place at a revision, or a change event.
inbox_reviews = sa.Table(
    "inbox_reviews",
    metadata,
    sa.Column("organisation_id", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("reviewed_at", UtcInstant, nullable=False),
    sa.Column("reviewed_by", sa.Text, nullable=False),
)

# What each organisation says of a pair of places; `first_id` sorts before `second_id`.
duplicate_decisions = sa.Table(
    "duplicate_decisions",
    metadata,
    sa.Column("first_id", sa.Text, primary_key=True),
    sa.Column("second_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, primary_key=True),
    sa.Column("is_same", sa.Boolean, nullable=False),
    sa.Column("decided_at", UtcInstant, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Index("ix_duplicate_decisions_second_id", "second_id"),
)

# One place absorbed by another. `moved` names the visits, changes, quick records and photos that
# went over, so that they can go back; `is_across` joins two organisations' records without moving.
place_merges = sa.Table(
    "place_merges",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kept_id", sa.Text, nullable=False),
    sa.Column("absorbed_id", sa.Text, nullable=False),
    sa.Column("is_across", sa.Boolean, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("kept_revision", sa.Integer, nullable=False),
    sa.Column("kept_before", JsonText, nullable=False),
    sa.Column("absorbed_state", sa.Text, nullable=False),
    sa.Column("moved", JsonText, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("merged_at", UtcInstant, nullable=False),
    sa.Column("merged_by", sa.Text, nullable=False),
    sa.Column("undone_at", UtcInstant),
    sa.Column("undone_by", sa.Text),
    sa.Index("ix_place_merges_kept_id", "kept_id"),
    sa.Index("ix_place_merges_absorbed_id", "absorbed_id"),
)

quick_records = sa.Table(
    "quick_records",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("city_part", sa.Text),
    sa.Column("place_id", sa.Text, sa.ForeignKey("places.id")),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("ix_quick_records_place_id", "place_id"),
    sa.Index("ix_quick_records_happened_on", "organisation_id", "happened_on"),
    sa.Index("ix_quick_records_created_by", "created_by", "happened_on"),
)

# Per city part and quarter: no day, no point, no place.
quarter_notes = sa.Table(
    "quarter_notes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("city_part", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("vocabulary", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("ix_quarter_notes_city_part", "city_part", "quarter"),
)

# The pictures themselves lie in DATA_DIR/photos, one file a row, without metadata.
photos = sa.Table(
    "photos",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("place_id", sa.Text, sa.ForeignKey("places.id"), nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("consent", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("ix_photos_place_id", "place_id"),
)
