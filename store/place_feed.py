"""Which places were touched since a moment: read from the audit log, where every change of data has its rows.

Whoever keeps something made of all places (the privacy gate's columns) makes a few of them anew instead
of all. What the log does not name one by one counts as a change of every place.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from store.engine import for_in
from store.tables import audit_log, visits

MOST_ROWS = 1_000
"""After more rows of the log than that, reading all places anew is as quick."""

PLACE, VISIT, MERGE = "place", "visit", "merge"
# What is written under these names leaves places and the days of their visits as they are.
_ELSEWHERE = frozenset(
    {
        "account", "audit", "change", "dataset", "declared_coverage", "invitation", "organisation", "photo", "plan",
        "plan_item", "quarter_note", "quick_record", "setting", "share", "town_hall_contact",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChanges:
    """The places that were touched up to a row of the audit log; `place_ids` None where that may be any."""

    up_to: int
    place_ids: frozenset[str] | None


def read_changes(connection: Connection, *, after: int | None) -> PlaceChanges:
    """Return what was touched after a row of the audit log; see `Places.changes_since`."""
    last = int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(audit_log.c.seq), 0))).scalar_one())
    if after is None or last - after > MOST_ROWS:
        return PlaceChanges(up_to=last, place_ids=None)
    columns = [audit_log.c[name] for name in ("action", "entity", "entity_id", "payload")]
    rows = connection.execute(sa.select(*columns).where(audit_log.c.seq > after, audit_log.c.seq <= last)).all()
    return PlaceChanges(up_to=last, place_ids=_places_of(connection, rows))


def _places_of(connection: Connection, rows: Sequence[Row[Any]]) -> frozenset[str] | None:
    found: set[str] = set()
    visited: set[str] = set()
    # That somebody looked or was refused has no dot in its name and changed nothing.
    for row in (row for row in rows if "." in row.action and row.entity not in _ELSEWHERE):
        if row.entity == PLACE and row.entity_id:
            found.add(row.entity_id)
        elif row.entity == VISIT and row.entity_id:
            visited.add(row.entity_id)
        elif row.entity == MERGE and row.payload is not None:
            said = json.loads(row.payload)
            found |= {said["kept"], said["absorbed"]}
        else:
            return None
    query = sa.select(visits.c.place_id).where(visits.c.id.in_(for_in(sorted(visited))), visits.c.place_id.is_not(None))
    return frozenset(found | set(connection.execute(query).scalars()))
