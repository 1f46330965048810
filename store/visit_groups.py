"""When visits happened and were noted, packed by what else the board asks of them.

A row holds all visits that stand (none withdrawn) of one organisation in one cell of one city part
with one outcome: as digits, 18 for each, the day and the hour (UTC) at which it was noted. A
million visits are some ten thousand rows, so the board reads a few megabytes and no row of
`visits`. Kept beside the visits in the same transaction: whoever changes visits, or moves the place
of some, counts them out before and in after. `verify` compares the two tables.
"""

from collections import Counter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import Problem
from store import postgres
from store.engine import insert
from store.tables import places, visit_groups, visits
from store.writer import Transaction

KEY = ("city_part", "organisation_id", "outcome", "cell")
DAY_DIGITS, HOUR_DIGITS = 8, 10
RECORD = DAY_DIGITS + HOUR_DIGITS
WITHOUT_CELL = ""

_SQLITE_RECORD = (
    "replace(visits.happened_on, '-', '') || replace(substr(visits.created_at, 1, 10), '-', '')"
    " || substr(visits.created_at, 12, 2)"
)
_POSTGRES_RECORD = (
    "to_char(visits.happened_on, 'YYYYMMDD') || to_char(visits.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24')"
)


class GroupKey(NamedTuple):
    """Key of a row of `visit_groups`."""

    city_part: str
    organisation_id: str
    outcome: str
    cell: str


def count_in(tx: Transaction, *conditions: sa.ColumnElement[bool]) -> None:
    """Put the visits that meet the conditions into their groups, as they and their places are now."""
    rows = [{**key._asdict(), "dates": dates} for key, dates in packed(tx.connection, *conditions).items()]
    if rows:
        statement = insert(tx.connection, visit_groups)
        longer = visit_groups.c.dates + statement.excluded.dates
        tx.execute(statement.on_conflict_do_update(index_elements=list(KEY), set_={"dates": longer}), rows)


def count_out(tx: Transaction, *conditions: sa.ColumnElement[bool]) -> None:
    """Take the visits that meet the conditions out of their groups, before they change."""
    for key, dates in packed(tx.connection, *conditions).items():
        mine = [visit_groups.c[name] == value for name, value in key._asdict().items()]
        present = tx.connection.execute(sa.select(visit_groups.c.dates).where(*mine)).scalar_one_or_none() or ""
        left = "".join((Counter(_records(present)) - Counter(_records(dates))).elements())
        if left:
            tx.execute(sa.update(visit_groups).where(*mine).values(dates=left))
        else:
            tx.execute(sa.delete(visit_groups).where(*mine))


def packed(connection: Connection, *conditions: sa.ColumnElement[bool]) -> dict[GroupKey, str]:
    """Return the groups that the visits themselves make: what the table has to say of them."""
    record = _POSTGRES_RECORD if connection.dialect.name == postgres.BACKEND else _SQLITE_RECORD
    cell = sa.func.coalesce(places.c.h3_9, visits.c.cell, sa.literal_column(f"'{WITHOUT_CELL}'"))
    key = (visits.c.city_part, visits.c.organisation_id, visits.c.outcome, cell)
    query = (
        sa.select(*key, sa.func.aggregate_strings(sa.literal_column(record, sa.Text()), ""))
        .select_from(visits.outerjoin(places, places.c.id == visits.c.place_id))
        .where(visits.c.withdrawn.is_(False), *conditions)
        .group_by(*key)
    )
    return {GroupKey(*names): dates for *names, dates in connection.execute(query)}


def verify(connection: Connection) -> list[Problem]:
    """Compare the groups with the visits; empty where they agree (`visit_groups_differ`)."""
    query = sa.select(*(visit_groups.c[name] for name in (*KEY, "dates")))
    kept: dict[Any, str] = {GroupKey(*names): dates for *names, dates in connection.execute(query)}
    problems = []
    for key, dates in packed(connection).items():
        found = kept.pop(key, "")
        if len(found) != len(dates) or sorted(_records(found)) != sorted(_records(dates)):
            problems.append(_problem(key, found, dates))
    return problems + [_problem(key, dates, "") for key, dates in kept.items()]


def _records(dates: str) -> list[str]:
    return [dates[start : start + RECORD] for start in range(0, len(dates), RECORD)]


def _problem(key: GroupKey, found: str, expected: str) -> Problem:
    return Problem(
        code="visit_groups_differ", field="/".join(key), value=str(len(found) // RECORD),
        limit=str(len(expected) // RECORD),
    )  # fmt: skip
