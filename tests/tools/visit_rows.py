"""Visits past the forms: written as they might come from elsewhere, and read one by one, the slow and plain way."""

import pandas as pd
import sqlalchemy as sa
import uuid_utils

from geo.coverage_visits import visit_columns
from store.tables import places, visits
from store.visit_groups import count_in


def write_visits(store, rows, actor):
    """Insert rows of the table of visits as they are, ids added; the board counts them."""
    made = [{"id": str(uuid_utils.uuid7()), **row} for row in rows]

    def write(tx):
        tx.connection.execute(sa.insert(visits), made)
        count_in(tx, visits.c.id.in_([row["id"] for row in made]))
        tx.audit("visit.bulk_add", "visit", "", actor=actor, payload={"count": len(made)})

    store.writer.run(write)


def row_by_row(store):
    """Return every visit that stands as `geo.coverage_visits.visit_columns` takes it, one row a visit."""
    query = (
        sa.select(
            visits.c.city_part,
            sa.func.coalesce(places.c.h3_9, visits.c.cell).label("cell"),
            visits.c.organisation_id,
            visits.c.outcome,
            visits.c.happened_on,
            visits.c.created_at.label("recorded_at"),
        )
        .select_from(visits.outerjoin(places, places.c.id == visits.c.place_id))
        .where(visits.c.withdrawn.is_(False))
    )
    with store._readers.begin() as connection:
        found = connection.execute(query)
        return pd.DataFrame([tuple(row) for row in found], columns=list(found.keys()))


def columns_row_by_row(store):
    """Return the visits as the board's arithmetic takes them, from rows."""
    return visit_columns(row_by_row(store))
