"""What a coordinator did with what came in: verified, rejected, seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from domain.errors import NotFoundError
from domain.place import Actor, ChangeRecord, PlaceFilter, PlaceRecord, PlaceState
from domain.verification import require_step
from store.engine import BATCH_ROWS, for_in, insert
from store.field_tables import inbox_reviews, quick_records
from store.pages import Key, Order, Page
from store.place_cells import count_places
from store.place_revisions import content_columns, read_own_row, revise
from store.place_rows import select_places, to_record
from store.tables import changes, place_activity, places, visits
from store.writer import Repository, Transaction, mutation

PLACE, CHANGE = "place", "change"
_CHANGE_COLUMNS = [changes.c[name] for name in ChangeRecord.__dataclass_fields__]
_ACTIVE = (PlaceState.SUGGESTED.value, PlaceState.VERIFIED.value)
_NEWEST = Order(table=places, names=("created_at", "id"))
_LATEST_EDIT = Order(table=places, names=("updated_at", "id"))
_LATEST_CHANGE = Order(table=changes, names=("happened_on", "created_at", "id"))
_EARLIEST_AGREED = Order(table=visits, names=("follow_up_on", "id"), down=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedFollowUp:
    """What was agreed at a visit: the day and the service, at a place or (`place_id` None) in an area."""

    id: str
    place_id: str | None
    city_part: str
    area: str
    follow_up_on: date
    follow_up_service: str | None


_FOLLOW_UP_COLUMNS = [visits.c[name] for name in AgreedFollowUp.__dataclass_fields__]


class Reviews(Repository):
    """Steps of verification and the inbox's memory of what was dealt with."""

    @mutation
    def step(
        self, tx: Transaction, place_id: str, state: PlaceState, *, revision: int, actor: Actor, reason: str
    ) -> PlaceRecord:
        """Take one step of verification and note that this revision has been dealt with.

        The same step sent twice is one.

        Raises
        ------
        InvalidValueError
            `state_step_not_allowed`.
        StaleRevisionError, NotFoundError, NotPermittedError
            As `Places.update`.
        """
        present = read_own_row(tx.connection, place_id, actor)
        if present["state"] != state.value:
            require_step(PlaceState(present["state"]), state)
        content = {**content_columns(present), "state": state.value}
        record = revise(tx, present, content, revision=revision, actor=actor, action="place.set_state", reason=reason)
        if record.revision != present["revision"]:
            _note(tx, PLACE, place_id, revision=record.revision, actor=actor, note="", with_audit=False)
        return record

    @mutation
    def mark_place(self, tx: Transaction, place_id: str, *, revision: int, actor: Actor) -> None:
        """Note that the place as it stands at `revision` has been looked at; raises as `Places.update`."""
        read_own_row(tx.connection, place_id, actor)
        _note(tx, PLACE, place_id, revision=revision, actor=actor, note="", with_audit=True)

    @mutation
    def mark_change(self, tx: Transaction, change_id: str, *, actor: Actor, note: str) -> None:
        """Note that a change at an own place asks for no visit any more, and why.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_change`, `other_organisation`.
        """
        found = tx.connection.execute(sa.select(changes.c.place_id).where(changes.c.id == change_id)).first()
        if found is None:
            raise NotFoundError("unknown_change", id=change_id)
        read_own_row(tx.connection, found.place_id, actor)
        _note(tx, CHANGE, change_id, revision=0, actor=actor, note=note, with_audit=True)

    def suggested(self, organisation_id: str, *, after: Key | None = None, limit: int) -> Page[PlaceRecord]:
        """Return a page of the places that wait to be verified, the newest first."""
        waiting = (places.c.organisation_id == organisation_id, _in_state(PlaceState.SUGGESTED))
        query = select_places().where(*waiting)
        return self._places(query, _NEWEST, after, limit)

    def count_suggested(self, organisation_id: str) -> int:
        """Return how many places wait to be verified: a few rows of cells are read, however many there are."""
        only = PlaceFilter(organisation_ids=(organisation_id,), states=(PlaceState.SUGGESTED,))
        with self._read() as connection:
            return count_places(connection, bbox=None, only=only)

    def edited(self, organisation_id: str, *, after: Key | None = None, limit: int) -> Page[PlaceRecord]:
        """Return a page of verified places that were changed since somebody looked at them, the latest first."""
        return self._places(_edited(select_places(), organisation_id), _LATEST_EDIT, after, limit)

    def count_edited(self, organisation_id: str, *, at_most: int | None = None) -> int:
        """Return how many places `edited` has on all its pages, no more than `at_most`."""
        return self._count(_edited(sa.select(places.c.id), organisation_id), at_most)

    def alerts(
        self, organisation_id: str, *, after: Key | None = None, limit: int
    ) -> Page[tuple[PlaceRecord, ChangeRecord]]:
        """Return a page of changes at own places that nobody visited or dealt with since, the latest first."""
        query = _LATEST_CHANGE.within(_open_changes(organisation_id), after=after, limit=limit)
        with self._read() as connection:
            found = [ChangeRecord(**row) for row in connection.execute(query).mappings()]
            page = _LATEST_CHANGE.page(found, limit=limit)
            of_page = places.c.id.in_(sorted({one.place_id for one in page.rows}))
            records = {row.id: to_record(row) for row in connection.execute(select_places().where(of_page))}
        return Page(rows=tuple((records[one.place_id], one) for one in page.rows), further=page.further)

    def count_alerts(self, organisation_id: str, *, at_most: int | None = None) -> int:
        """Return how many changes at own places wait for a visit or a word, see `alerts`; no more than `at_most`."""
        return self._count(_open_changes(organisation_id), at_most)

    def follow_ups(
        self, organisation_id: str, *, until: date, after: Key | None = None, limit: int
    ) -> Page[AgreedFollowUp]:
        """Return a page of agreed follow-ups up to a day that no later visit met, the earliest first."""
        query = _EARLIEST_AGREED.within(_agreed(organisation_id, until), after=after, limit=limit)
        with self._read() as connection:
            found = [AgreedFollowUp(**row) for row in connection.execute(query).mappings()]
        return _EARLIEST_AGREED.page(found, limit=limit)

    def count_follow_ups(self, organisation_id: str, *, until: date, at_most: int | None = None) -> int:
        """Return how many `follow_ups` has on all its pages, no more than `at_most`."""
        return self._count(_agreed(organisation_id, until), at_most)

    def open_follow_ups(self, organisation_id: str, place_ids: Sequence[str]) -> dict[str, date]:
        """Return the earliest agreed follow-up that no later visit met, of those of these places that have one.

        An organisation agrees on many more than a view of the map shows.
        """
        later = visits.alias()
        met = sa.exists().where(
            later.c.place_id == visits.c.place_id,
            later.c.withdrawn.is_(False),
            later.c.happened_on >= visits.c.follow_up_on,
        )
        found: dict[str, date] = {}
        with self._read() as connection:
            for start in range(0, len(place_ids), BATCH_ROWS):
                query = (
                    sa.select(visits.c.place_id, sa.func.min(visits.c.follow_up_on))
                    .where(
                        visits.c.place_id.in_(for_in(place_ids[start : start + BATCH_ROWS])),
                        visits.c.follow_up_on.is_not(None),
                        # As an expression, so that SQLite does not read all of the organisation's by its index.
                        (visits.c.organisation_id + "") == organisation_id,
                        visits.c.withdrawn.is_(False),
                        ~met,
                    )
                    .group_by(visits.c.place_id)
                )
                found |= {str(place_id): day for place_id, day in connection.execute(query).all()}
        return found

    def count_unconfirmed(self, last_day: date) -> int:
        """Return how many places with a point nobody visited or changed after a day (UTC)."""
        midnight = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=UTC)
        query = (
            sa.select(sa.func.count())
            .select_from(places.outerjoin(place_activity, place_activity.c.place_id == places.c.id))
            .where(
                places.c.lon.is_not(None),
                places.c.updated_at < midnight,
                sa.or_(place_activity.c.last_visit_on.is_(None), place_activity.c.last_visit_on <= last_day),
            )
        )
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def follow_up_on(self, place_id: str) -> date | None:
        """Return the earliest agreed follow-up at a place that no later visit met."""
        later = visits.alias()
        met = sa.exists().where(
            later.c.place_id == place_id,
            later.c.withdrawn.is_(False),
            later.c.happened_on >= visits.c.follow_up_on,
        )
        query = sa.select(sa.func.min(visits.c.follow_up_on)).where(
            visits.c.place_id == place_id, visits.c.withdrawn.is_(False), ~met
        )
        with self._read() as connection:
            day: date | None = connection.execute(query).scalar_one_or_none()
        return day

    def work_by_day(self, organisation_id: str) -> dict[str, list[tuple[date, str, int]]]:
        """Return how many records each account of an organisation made on each day (UTC), by table.

        For sums over several workers alone (`actions.history`); no page shows a row of it.
        """
        tables = {"places": places, "visits": visits, "changes": changes, "quick_records": quick_records}
        found: dict[str, list[tuple[date, str, int]]] = {}
        with self._read() as connection:
            for name, table in tables.items():
                conditions = [table.c.organisation_id == organisation_id]
                if "withdrawn" in table.c:
                    conditions.append(table.c.withdrawn.is_(False))
                # Of a UTC instant: SQLite's are kept without a zone, a server's sessions are set to UTC.
                day = sa.func.date(table.c.created_at)
                query = sa.select(day, table.c.created_by, sa.func.count()).where(*conditions)
                rows = connection.execute(query.group_by(day, table.c.created_by))
                found[name] = [(date.fromisoformat(str(on)), account, int(count)) for on, account, count in rows]
        return found

    def _places(self, query: sa.Select[Any], order: Order, after: Key | None, limit: int) -> Page[PlaceRecord]:
        with self._read() as connection:
            found = [to_record(row) for row in connection.execute(order.within(query, after=after, limit=limit))]
        return order.page(found, limit=limit)

    def _count(self, query: sa.Select[Any], at_most: int | None) -> int:
        counted = sa.select(sa.func.count()).select_from(query.limit(at_most).subquery())
        with self._read() as connection:
            return int(connection.execute(counted).scalar_one())


def _edited(query: sa.Select[Any], organisation_id: str) -> sa.Select[Any]:
    """Return a query of places for the verified ones that were changed since somebody looked at them."""
    return query.where(
        places.c.organisation_id == organisation_id,
        _in_state(PlaceState.VERIFIED),
        places.c.revision > places.c.seen_revision,
    )


def _in_state(state: PlaceState) -> sa.ColumnElement[bool]:
    """Return the condition for a state as a literal, which the index of those that wait in it has too."""
    return places.c.state == sa.literal(state.value, literal_execute=True)


def _agreed(organisation_id: str, until: date) -> sa.Select[Any]:
    """Return the query for agreed follow-ups up to a day that no later visit met."""
    later = visits.alias()
    met = sa.exists().where(
        later.c.place_id == visits.c.place_id,
        later.c.withdrawn.is_(False),
        later.c.happened_on >= visits.c.follow_up_on,
    )
    return sa.select(*_FOLLOW_UP_COLUMNS).where(
        visits.c.organisation_id == organisation_id,
        visits.c.withdrawn.is_(False),
        visits.c.follow_up_on.is_not(None),
        visits.c.follow_up_on <= until,
        ~met,
    )


def _open_changes(organisation_id: str) -> sa.Select[Any]:
    """Return the query for the changes at own places that nobody visited or dealt with since."""
    visited = sa.exists().where(
        visits.c.place_id == changes.c.place_id,
        visits.c.withdrawn.is_(False),
        visits.c.happened_on >= changes.c.happened_on,
        visits.c.created_at > changes.c.created_at,
    )
    dealt_with = sa.exists().where(
        inbox_reviews.c.organisation_id == organisation_id,
        inbox_reviews.c.subject == CHANGE,
        inbox_reviews.c.subject_id == changes.c.id,
    )
    return (
        sa.select(*_CHANGE_COLUMNS)
        .join(places, places.c.id == changes.c.place_id)
        .where(
            places.c.organisation_id == organisation_id,
            places.c.state.in_(_ACTIVE),
            changes.c.withdrawn.is_(False),
            ~visited,
            ~dealt_with,
        )
    )


def _note(
    tx: Transaction, subject: str, subject_id: str, *, revision: int, actor: Actor, note: str, with_audit: bool
) -> None:
    key = {"organisation_id": actor.organisation_id, "subject": subject, "subject_id": subject_id}
    present = tx.connection.execute(
        sa.select(inbox_reviews.c.revision).where(*(inbox_reviews.c[name] == value for name, value in key.items()))
    ).first()
    if present is not None and present.revision >= revision:
        return
    row = {**key, "revision": revision, "note": note, "reviewed_at": tx.now, "reviewed_by": actor.account_id}
    statement = insert(tx.connection, inbox_reviews)
    new = {name: statement.excluded[name] for name in row if name not in key}
    tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_=new), row)
    if subject == PLACE:
        tx.execute(sa.update(places).where(places.c.id == subject_id).values(seen_revision=revision))
    if with_audit:
        payload = {"revision": revision, "note": note}
        tx.audit(f"{subject}.review", subject, subject_id, actor=actor, payload=payload)
