"""What happened last at a place: one derived row per place, made anew after every visit or change.

Counting anew (not adding one) keeps it right for visits noted late and for visits withdrawn.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.tables import changes, place_activity, visits
from store.writer import Transaction

_NOTHING: dict[str, Any] = {
    "visit_count": 0, "last_visit_on": None, "last_outcome": None, "last_change": None, "last_change_on": None,
}  # fmt: skip


def refresh_activity(tx: Transaction, place_id: str) -> None:
    """Derive the row of one place from its visits and changes."""
    refresh_activities(tx, [place_id])


def refresh_activities(tx: Transaction, place_ids: Sequence[str]) -> None:
    """Derive the rows of some places, at most 10,000, from their visits and changes."""
    rows = {place_id: {"place_id": place_id, **_NOTHING} for place_id in place_ids}
    for last in tx.connection.execute(_last(visits, place_ids, visits.c.outcome)):
        found = {"visit_count": last.count, "last_visit_on": last.happened_on, "last_outcome": last.outcome}
        rows[last.place_id] |= found
    for last in tx.connection.execute(_last(changes, place_ids, changes.c.change)):
        rows[last.place_id] |= {"last_change": last.change, "last_change_on": last.happened_on}
    statement = insert(tx.connection, place_activity)
    new = {name: statement.excluded[name] for name in _NOTHING}
    changed = statement.on_conflict_do_update(index_elements=["place_id"], set_=new)
    tx.upsert(changed, place_activity, list(rows.values()))


def _last(table: sa.Table, place_ids: Sequence[str], what: sa.Column[Any]) -> sa.Select[Any]:
    """Return the query for the latest row of each place, with how many there are."""
    newest = (table.c.happened_on.desc(), table.c.created_at.desc(), table.c.id.desc())
    ranked = (
        sa.select(
            table.c.place_id, table.c.happened_on, what,
            sa.func.count().over(partition_by=table.c.place_id).label("count"),
            sa.func.row_number().over(partition_by=table.c.place_id, order_by=newest).label("rank"),
        )
        .where(table.c.place_id.in_(place_ids), table.c.withdrawn.is_(False))
        .subquery()
    )  # fmt: skip
    return sa.select(ranked).where(ranked.c.rank == 1)
