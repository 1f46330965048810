"""The first schema, with the organisation and the account of local mode."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("payload_digest", sa.Text(), nullable=False),
        sa.Column("chain_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_entity", "audit_log", ["entity", "entity_id"], unique=False)
    op.create_table(
        "datasets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("info", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.UniqueConstraint("fingerprint", name="uq_datasets_fingerprint"),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
    )
    op.create_table(
        "place_cells",
        sa.Column("resolution", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("city_part", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("lon_sum", sa.Double(), nullable=False),
        sa.Column("lat_sum", sa.Double(), nullable=False),
        sa.Column("cell_lon", sa.Double(), nullable=True),
        sa.Column("cell_lat", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint(
            "resolution", "cell", "city_part", "organisation_id", "kind", "state", name="pk_place_cells"
        ),
    )
    op.create_index("ix_place_cells_view", "place_cells", ["resolution", "cell_lon", "cell_lat"], unique=False)
    op.create_table(
        "places",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("city_part", sa.Text(), nullable=False),
        sa.Column("admin_district", sa.Integer(), nullable=False),
        sa.Column("cadastral_area", sa.Text(), nullable=True),
        sa.Column("border_city_part", sa.Text(), nullable=True),
        sa.Column("h3_7", sa.Text(), nullable=True),
        sa.Column("h3_8", sa.Text(), nullable=True),
        sa.Column("h3_9", sa.Text(), nullable=True),
        sa.Column("h3_10", sa.Text(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("target_groups", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="ck_places_position"),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
    )
    op.create_index("ix_places_city_part", "places", ["city_part"], unique=False)
    op.create_index(op.f("ix_places_h3_10"), "places", ["h3_10"], unique=False)
    op.create_index(op.f("ix_places_h3_7"), "places", ["h3_7"], unique=False)
    op.create_index(op.f("ix_places_h3_8"), "places", ["h3_8"], unique=False)
    op.create_index(op.f("ix_places_h3_9"), "places", ["h3_9"], unique=False)
    op.create_index("ix_places_updated_at", "places", ["updated_at"], unique=False)
    op.create_index(
        "ix_places_view", "places", ["lon", "lat", "state", "kind", "organisation_id", "city_part"], unique=False
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "store_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store_state"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_accounts_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_changes_place_id"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_place_id", "changes", ["place_id", "happened_on"], unique=False)
    op.create_table(
        "place_activity",
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("visit_count", sa.Integer(), nullable=False),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=True),
        sa.Column("last_change", sa.Text(), nullable=True),
        sa.Column("last_change_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_place_activity_place_id"),
        sa.PrimaryKeyConstraint("place_id", name="pk_place_activity"),
    )
    op.create_table(
        "place_versions",
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_place_versions_place_id"),
        sa.PrimaryKeyConstraint("place_id", "revision", name="pk_place_versions"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=True),
        sa.Column("city_part", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("contacts", sa.Text(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("barriers", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_visits_place_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_city_part", "visits", ["city_part", "happened_on"], unique=False)
    op.create_index("ix_visits_place_id", "visits", ["place_id", "happened_on"], unique=False)

    # A migration never changes: the ids are spelled out, whatever the program calls them later.
    op.execute("INSERT INTO store_state (id, data_version) VALUES (1, 0)")
    now = datetime.now(UTC).replace(tzinfo=None)
    instant = sa.DateTime(timezone=True)
    organisations = sa.table(
        "organisations", sa.column("id", sa.Text), sa.column("name", sa.Text), sa.column("created_at", instant)
    )
    op.bulk_insert(organisations, [{"id": "local-organisation", "name": "local", "created_at": now}])
    accounts = sa.table(
        "accounts",
        sa.column("id", sa.Text),
        sa.column("organisation_id", sa.Text),
        sa.column("role", sa.Text),
        sa.column("active", sa.Boolean),
        sa.column("created_at", instant),
    )
    account = {
        "id": "local-account",
        "organisation_id": "local-organisation",
        "role": "coordinator",
        "active": True,
        "created_at": now,
    }
    op.bulk_insert(accounts, [account])
