"""Tables of the database, as the newest migration leaves them.

Columns that filters use are plain indexed columns; lists of codes are JSON text. Nothing here
depends on the engine: SQLite and PostgreSQL get the same tables.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


class UtcInstant(TypeDecorator[datetime]):
    """An instant, kept as UTC; a value without a zone is refused, not guessed."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the driver stores (SQLite's has no zones)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"instant without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the stored instant its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Return what reads a column: from SQLite's text at once, where there are millions of them."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda text: None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Codes(TypeDecorator[tuple[str, ...]]):
    """A tuple of codes as a JSON array in a text column."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Write the codes as JSON."""
        return json.dumps(list(value), ensure_ascii=False) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        """Read the codes; nearly all lists are empty, so that case is quick."""
        return () if not value or value == "[]" else tuple(json.loads(value))


class JsonText(TypeDecorator[Any]):
    """Any JSON value in a text column; keys sorted, NaN refused."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ANN401, ARG002
        """Write canonical JSON."""
        return canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        """Read the JSON."""
        return None if value is None else json.loads(value)


# Made once: `json.dumps` with these options makes one at every call.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> str:
    """Return `value` as JSON with one spelling: sorted keys, no spaces, no NaN.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    return _CANONICAL.encode(value)


# One row. `data_version` grows by one with every transaction that changes data.
store_state = sa.Table(
    "store_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("data_version", sa.BigInteger, nullable=False),
)

organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    # Code of typ_organizace; whether it is a town hall follows from it.
    sa.Column("type", sa.Text, nullable=False, server_default="jina"),
    # The organisation that runs the installation: its admins found others.
    sa.Column("is_operator", sa.Boolean, nullable=False, server_default=sa.false()),
)

# Who somebody is at the provider of sign-in (issuer, subject), the name and the e-mail are empty
# in an erased account; partners, invitations and shares lie in `store.account_tables`.
accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("email", sa.Text, nullable=False, server_default=""),
    sa.Column("city_parts", Codes, nullable=False, server_default="[]"),
    sa.Column("issuer", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("erased_at", UtcInstant),
    sa.Index("ix_accounts_identity", "issuer", "subject", unique=True),
)

# `organisation_id` and `created_by` below are no foreign keys: an account can be erased while its
# records and audit rows stay.
places = sa.Table(
    "places",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_folded", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.Column("city_part", sa.Text, nullable=False),
    sa.Column("admin_district", sa.Integer, nullable=False),
    sa.Column("cadastral_area", sa.Text),
    sa.Column("border_city_part", sa.Text),
    sa.Column("h3_7", sa.Text),
    sa.Column("h3_8", sa.Text),
    sa.Column("h3_9", sa.Text),
    sa.Column("h3_10", sa.Text),
    sa.Column("languages", Codes, nullable=False),
    sa.Column("target_groups", Codes, nullable=False),
    sa.Column("headcount", sa.Text),
    sa.Column("access", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("updated_at", UtcInstant, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    # The revision that a coordinator looked at last, as in `inbox_reviews`.
    sa.Column("seen_revision", sa.Integer),
    sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="ck_places_position"),
    # What lies near a point, whoever noted it, and in its cell (of resolution 9, where others' places show).
    sa.Index("ix_places_view", "lon", "lat"),
    sa.Index("ix_places_cell", "h3_9", "city_part"),
    # An organisation's places in a view: of one with few places among many none but its own are read. Begins with
    # the cell, because one that began with the organisation would be SQLite's choice for pages and lists as well.
    # Counting with any filter is answered from this index alone.
    sa.Index("ix_places_own_view", "h3_7", "organisation_id", "lon", "lat", "state", "kind", "city_part"),
    sa.Index("ix_places_city_part", "city_part"),
    sa.Index("ix_places_updated_at", "updated_at"),
    # A worker's own trail.
    sa.Index("ix_places_created_by", "created_by", "created_at"),
    # What waits to be verified. An index that begins with the organisation would be SQLite's choice for a view of
    # the map as well, where it reads every place.
    sa.Index(
        "ix_places_waiting",
        "created_at",
        "id",
        sqlite_where=sa.text("state = 'suggested'"),
        postgresql_where=sa.text("state = 'suggested'"),
    ),
    # What was changed since somebody looked at it.
    sa.Index(
        "ix_places_edited",
        "updated_at",
        "id",
        sqlite_where=sa.text("state = 'verified' AND revision > seen_revision"),
        postgresql_where=sa.text("state = 'verified' AND revision > seen_revision"),
    ),
)

# Every revision that ever was, the present one included; `content` is the place as JSON.
place_versions = sa.Table(
    "place_versions",
    metadata,
    sa.Column("place_id", sa.Text, sa.ForeignKey("places.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("changed_at", UtcInstant, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("content", JsonText, nullable=False),
)

# How many places stand in each cell. Places without a position have one row of resolution 0 with
# the cell ''. Kept in the same transaction as `places`; `store.place_cells.verify` compares them.
place_cells = sa.Table(
    "place_cells",
    metadata,
    sa.Column("resolution", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("cell", sa.Text, primary_key=True),
    sa.Column("city_part", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("lon_sum", sa.Double, nullable=False),
    sa.Column("lat_sum", sa.Double, nullable=False),
    # Centre of the cell, so that a bounding box is a range of an index.
    sa.Column("cell_lon", sa.Double),
    sa.Column("cell_lat", sa.Double),
    # A view of the map is added up from this index alone: some ten thousand entries, none looked up in the table.
    sa.Index(
        "ix_place_cells_view",
        *("resolution", "cell_lon", "cell_lat", "state", "organisation_id", "kind", "cell", "city_part"),
        *("count", "lon_sum", "lat_sum"),
    ),
)

# What happened last at a place: derived from visits and changes, so that a list of places needs
# one join and no counting.
place_activity = sa.Table(
    "place_activity",
    metadata,
    sa.Column("place_id", sa.Text, sa.ForeignKey("places.id"), primary_key=True),
    sa.Column("visit_count", sa.Integer, nullable=False),
    sa.Column("last_visit_on", sa.Date),
    sa.Column("last_outcome", sa.Text),
    sa.Column("last_change", sa.Text),
    sa.Column("last_change_on", sa.Date),
)

visits = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("place_id", sa.Text, sa.ForeignKey("places.id")),
    sa.Column("city_part", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("contacts", sa.Text),
    sa.Column("languages", Codes, nullable=False),
    sa.Column("needs", Codes, nullable=False),
    sa.Column("barriers", Codes, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    # Which streets were searched, and in which H3 cell of resolution 9, where there is no place.
    sa.Column("area", sa.Text, nullable=False, server_default=""),
    sa.Column("cell", sa.Text),
    sa.Column("interpreter", sa.Text),
    sa.Column("follow_up_on", sa.Date),
    sa.Column("follow_up_service", sa.Text),
    sa.Index("ix_visits_follow_up_on", "organisation_id", "follow_up_on"),
    sa.Index("ix_visits_place_id", "place_id", "happened_on"),
    # The few visits after which somebody agreed to come again, asked for by the places of a view.
    sa.Index(
        "ix_visits_agreed",
        "place_id",
        sqlite_where=sa.text("follow_up_on IS NOT NULL"),
        postgresql_where=sa.text("follow_up_on IS NOT NULL"),
    ),
    # Those of an organisation are counted from this index alone.
    sa.Index("ix_visits_city_part", "city_part", "organisation_id", "withdrawn", "happened_on"),
    sa.Index("ix_visits_created_by", "created_by", "happened_on"),
)

# The dates of all visits that stand, by what else the board asks of them: `store.visit_groups`.
visit_groups = sa.Table(
    "visit_groups",
    metadata,
    sa.Column("city_part", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, primary_key=True),
    sa.Column("cell", sa.Text, primary_key=True),
    sa.Column("dates", sa.Text, nullable=False),
    # Read whole and in the order of the key.
    sqlite_with_rowid=False,
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("place_id", sa.Text, sa.ForeignKey("places.id"), nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("ix_changes_place_id", "place_id", "happened_on"),
    sa.Index("ix_changes_created_by", "created_by", "happened_on"),
    # Those that wait for a visit are few among the latest, and many among all.
    sa.Index("ix_changes_happened_on", "happened_on", "created_at", "id"),
)

datasets = sa.Table(
    "datasets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # Digest of file, metadata and values: the same import again is recognised by it.
    sa.Column("fingerprint", sa.Text, nullable=False, unique=True),
    sa.Column("info", JsonText, nullable=False),
    sa.Column("columns", JsonText, nullable=False),
    sa.Column("values", JsonText, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("undone", sa.Boolean, nullable=False),
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", JsonText, nullable=False),
    sa.Column("updated_at", UtcInstant, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("ix_plans_organisation_id", "organisation_id", "created_at"),
)

# A team is a number; who took an item is an account, never a name.
plan_items = sa.Table(
    "plan_items",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.id"), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("city_part", sa.Text, nullable=False),
    sa.Column("cell", sa.Text),
    sa.Column("visits", sa.Integer, nullable=False),
    sa.Column("gain", sa.Double, nullable=False),
    sa.Column("p_low_before", sa.Double, nullable=False),
    sa.Column("p_low_after", sa.Double, nullable=False),
    sa.Column("reasons", Codes, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("team", sa.Integer),
    sa.Column("day", sa.Date),
    sa.Column("claimed_by", sa.Text),
    sa.Column("visit_id", sa.Text, sa.ForeignKey("visits.id")),
    sa.CheckConstraint("(team IS NULL) = (day IS NULL)", name="ck_plan_items_claim"),
    sa.Index("ix_plan_items_plan_id", "plan_id", "rank"),
    sa.Index("ix_plan_items_state", "state", "day"),
)

declared_coverage = sa.Table(
    "declared_coverage",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("city_part", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
)

# What an organisation states about contact with a town hall, and on which day it stood so.
town_hall_contacts = sa.Table(
    "town_hall_contacts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("city_part", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
)

# `payload` and `salt` can be erased; the chain runs over `payload_digest`.
audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", UtcInstant, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("entity_id", sa.Text, nullable=False),
    sa.Column("salt", sa.Text),
    sa.Column("payload", sa.Text),
    sa.Column("payload_digest", sa.Text, nullable=False),
    sa.Column("chain_digest", sa.Text, nullable=False),
    sa.Index("ix_audit_log_entity", "entity", "entity_id"),
)
