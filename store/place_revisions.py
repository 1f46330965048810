"""One place from revision to revision: read under the lock, compared, written, counted."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from domain.errors import NotFoundError, NotPermittedError, StaleRevisionError
from domain.place import Actor, PlaceRecord
from store import place_cells
from store.place_rows import (
    CONTENT_COLUMNS,
    PlaceVersion,
    content_from_json,
    derived_columns,
    json_content,
    record_from,
    select_places,
    to_record,
    version_row,
)
from store.tables import place_versions, places, visits
from store.visit_groups import count_in, count_out
from store.writer import Transaction

# Made once: what a query says is worked out anew for each object, which took longer than asking the database.
# The lock matters on PostgreSQL, where another process may write too; SQLite has its own.
_ROW = sa.select(places).where(places.c.id == sa.bindparam("wanted")).with_for_update()
_RECORD = select_places().where(places.c.id == sa.bindparam("wanted"))
_REVISE = sa.update(places).where(places.c.id == sa.bindparam("of_place"), places.c.revision == sa.bindparam("at"))
_ADD_VERSION = sa.insert(place_versions)


def read_row(connection: Connection, place_id: str) -> dict[str, Any] | None:
    """Return the row of a place, held for this transaction; None if there is none."""
    found = connection.execute(_ROW, {"wanted": place_id}).mappings().first()
    return dict(found) if found else None


def read_own_row(connection: Connection, place_id: str, actor: Actor) -> dict[str, Any]:
    """Return the row of a place of the actor's organisation.

    Raises
    ------
    NotFoundError, NotPermittedError
        `unknown_place`, `other_organisation`.
    """
    found = read_row(connection, place_id)
    if found is None:
        raise NotFoundError("unknown_place", id=place_id)
    require_own(found, actor)
    return found


def require_own(row: dict[str, Any], actor: Actor) -> None:
    """Raise `NotPermittedError` (`other_organisation`) unless the place is the actor's organisation's."""
    if row["organisation_id"] != actor.organisation_id:
        raise NotPermittedError("other_organisation")


def read_record(connection: Connection, place_id: str) -> PlaceRecord:
    """Return one place; `NotFoundError` (`unknown_place`) if there is none."""
    row = connection.execute(_RECORD, {"wanted": place_id}).first()
    if row is None:
        raise NotFoundError("unknown_place", id=place_id)
    return to_record(row)


def content_columns(row: dict[str, Any]) -> dict[str, Any]:
    """Return the content columns of a row."""
    return {name: row[name] for name in CONTENT_COLUMNS}


def first_content(connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the first revision, in the types of JSON."""
    query = sa.select(place_versions.c.content).where(
        place_versions.c.place_id == row["id"], place_versions.c.revision == 1
    )
    content: dict[str, Any] = connection.execute(query).scalar_one()
    return content


def revise(
    tx: Transaction,
    present: dict[str, Any],
    content: dict[str, Any],
    *,
    revision: int,
    actor: Actor,
    action: str,
    reason: str,
) -> PlaceRecord:
    """Write the next revision of a place where it still is at `revision`."""
    place_id = present["id"]
    is_same = content == content_columns(present)
    if is_same and (present["revision"] == revision or _is_sent_again(tx.connection, present, revision, actor)):
        return read_record(tx.connection, place_id)
    row = {**present, **content, **derived_columns(content), "updated_at": tx.now, "revision": revision + 1}
    at_place = visits.c.place_id == place_id
    # Visits stand in the cell of their place.
    has_moved = row["h3_9"] != present["h3_9"]
    if has_moved:
        count_out(tx, at_place)
    values = {name: value for name, value in row.items() if name != "id"}
    changed = tx.execute(_REVISE, {**values, "of_place": place_id, "at": revision})
    if changed.rowcount != 1:
        raise StaleRevisionError(read_record(tx.connection, place_id), expected=revision)
    if has_moved:
        count_in(tx, at_place)
    tx.execute(_ADD_VERSION, version_row(row, actor, reason))
    write_tally(tx, added=row, removed=present)
    payload = {"revision": row["revision"], "reason": reason, **json_content(row)}
    tx.audit(action, "place", place_id, actor=actor, payload=payload)
    return read_record(tx.connection, place_id)


def _is_sent_again(connection: Connection, present: dict[str, Any], revision: int, actor: Actor) -> bool:
    """Return whether the same account wrote the present revision right after `revision`.

    Then a change with the same content is that change sent twice: a rerun stopped after its write.
    """
    if present["revision"] != revision + 1:
        return False
    query = sa.select(place_versions.c.changed_by).where(
        place_versions.c.place_id == present["id"], place_versions.c.revision == present["revision"]
    )
    return bool(connection.execute(query).scalar_one() == actor.account_id)


def write_tally(tx: Transaction, *, added: dict[str, Any], removed: dict[str, Any] | None = None) -> None:
    """Count one place into its cells and, where it changed, out of those it was in."""
    tally = place_cells.Tally()
    if removed is not None:
        tally.add(removed, -1)
    tally.add(added)
    tally.write(tx)


def version_of(current: PlaceRecord, row: RowMapping) -> PlaceVersion:
    """Return the revision that a row of `place_versions` holds."""
    values = {
        "id": current.id,
        "organisation_id": current.organisation_id,
        "created_at": current.created_at,
        "created_by": current.created_by,
        "updated_at": row["changed_at"],
        "revision": row["revision"],
        **content_from_json(row["content"]),
    }
    return PlaceVersion(
        record=record_from(values), changed_at=row["changed_at"], changed_by=row["changed_by"], reason=row["reason"]
    )
