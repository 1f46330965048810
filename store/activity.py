"""What happened last at a place: one derived row per place, made anew after every visit or change.

Counting anew (not adding one) keeps it right for visits noted late and for visits withdrawn.
"""

from typing import Any

import sqlalchemy as sa

from store.engine import insert
from store.tables import changes, place_activity, visits
from store.writer import Transaction


def refresh_activity(tx: Transaction, place_id: str) -> None:
    """Derive the row of one place from its visits and changes."""
    there = (visits.c.place_id == place_id, visits.c.withdrawn.is_(False))
    count = tx.connection.execute(sa.select(sa.func.count()).select_from(visits).where(*there)).scalar_one()
    last_visit = tx.connection.execute(
        sa.select(visits.c.happened_on, visits.c.outcome)
        .where(*there)
        .order_by(visits.c.happened_on.desc(), visits.c.created_at.desc(), visits.c.id.desc())
        .limit(1)
    ).first()
    last_change = tx.connection.execute(
        sa.select(changes.c.happened_on, changes.c.change)
        .where(changes.c.place_id == place_id, changes.c.withdrawn.is_(False))
        .order_by(changes.c.happened_on.desc(), changes.c.created_at.desc(), changes.c.id.desc())
        .limit(1)
    ).first()
    row: dict[str, Any] = {
        "place_id": place_id,
        "visit_count": count,
        "last_visit_on": last_visit.happened_on if last_visit else None,
        "last_outcome": last_visit.outcome if last_visit else None,
        "last_change": last_change.change if last_change else None,
        "last_change_on": last_change.happened_on if last_change else None,
    }
    statement = insert(tx.connection, place_activity)
    new = {name: statement.excluded[name] for name in row if name != "place_id"}
    tx.execute(statement.on_conflict_do_update(index_elements=["place_id"], set_=new), row)
