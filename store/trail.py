"""What one account noted: read for that account alone (`actions.own_trail`), never for another."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.trail import TrailKind, TrailRow
from store.field_tables import quick_records
from store.tables import changes, places, visits
from store.writer import Repository


class Trails(Repository):
    """Places, visits, changes and quick records of an account; what was withdrawn is not among them."""

    def rows(self, account_id: str, *, first: date, after: date, day_of: Callable[[datetime], date]) -> list[TrailRow]:
        """Return what happened from `first` to the day before `after`, the latest first.

        A place counts on the day on which it was recorded, as `day_of` tells it from the instant.
        """
        with self._read() as connection:
            found = [
                *_places(connection, account_id, first, after, day_of),
                *_visits(connection, account_id, first, after),
                *_changes(connection, account_id, first, after),
                *_quick_records(connection, account_id, first, after),
            ]
        return sorted(found, key=lambda row: (row.on, row.at, row.id), reverse=True)

    def first_day(self, account_id: str) -> date | None:
        """Return the earliest day of what the account noted (UTC for places), None where there is nothing."""
        earliest = sa.select(sa.func.min(places.c.created_at)).where(places.c.created_by == account_id)
        with self._read() as connection:
            recorded: datetime | None = connection.execute(earliest).scalar_one()
            days = [] if recorded is None else [recorded.date()]
            for table in (visits, changes, quick_records):
                query = sa.select(sa.func.min(table.c.happened_on)).where(
                    table.c.created_by == account_id, table.c.withdrawn.is_(False)
                )
                day = connection.execute(query).scalar_one()
                days += [] if day is None else [day]
        return min(days, default=None)


def _places(
    connection: Connection, account_id: str, first: date, after: date, day_of: Callable[[datetime], date]
) -> Iterator[TrailRow]:
    # A day of slack on both sides: no zone is farther from UTC.
    since, until = (datetime.combine(day, time.min, tzinfo=UTC) for day in (first, after))
    query = sa.select(places.c.id, places.c.created_at, places.c.kind, places.c.city_part, places.c.state).where(
        places.c.created_by == account_id,
        places.c.created_at >= since - timedelta(days=1),
        places.c.created_at < until + timedelta(days=1),
    )
    for row in connection.execute(query):
        day = day_of(row.created_at)
        if first <= day < after:
            yield TrailRow(
                kind=TrailKind.PLACE, id=row.id, on=day, at=row.created_at, code=row.kind, place_id=row.id,
                city_part=row.city_part, state=row.state,
            )  # fmt: skip


def _visits(connection: Connection, account_id: str, first: date, after: date) -> Iterator[TrailRow]:
    query = sa.select(
        visits.c.id, visits.c.happened_on, visits.c.created_at, visits.c.outcome, visits.c.place_id,
        visits.c.city_part, visits.c.area, visits.c.form,
    )  # fmt: skip
    for row in connection.execute(query.where(*_noted(visits, account_id, first, after))):
        yield TrailRow(
            kind=TrailKind.VISIT, id=row.id, on=row.happened_on, at=row.created_at, code=row.outcome,
            place_id=row.place_id, city_part=row.city_part, area=row.area, form=row.form,
        )  # fmt: skip


def _changes(connection: Connection, account_id: str, first: date, after: date) -> Iterator[TrailRow]:
    query = sa.select(
        changes.c.id, changes.c.happened_on, changes.c.created_at, changes.c.change, changes.c.place_id,
        places.c.city_part,
    ).join(places, places.c.id == changes.c.place_id)  # fmt: skip
    for row in connection.execute(query.where(*_noted(changes, account_id, first, after))):
        yield TrailRow(
            kind=TrailKind.CHANGE, id=row.id, on=row.happened_on, at=row.created_at, code=row.change,
            place_id=row.place_id, city_part=row.city_part,
        )  # fmt: skip


def _quick_records(connection: Connection, account_id: str, first: date, after: date) -> Iterator[TrailRow]:
    query = sa.select(quick_records).where(*_noted(quick_records, account_id, first, after))
    for row in connection.execute(query):
        yield TrailRow(
            kind=TrailKind.QUICK_RECORD, id=row.id, on=row.happened_on, at=row.created_at, code=row.kind,
            place_id=row.place_id, city_part=row.city_part, language=row.language,
        )  # fmt: skip


def _noted(table: sa.Table, account_id: str, first: date, after: date) -> tuple[Any, ...]:
    return (
        table.c.created_by == account_id,
        table.c.withdrawn.is_(False),
        table.c.happened_on >= first,
        table.c.happened_on < after,
    )
