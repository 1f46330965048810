"""What a coordinator did with what came in: verified, rejected, seen."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from domain.errors import NotFoundError
from domain.place import Actor, ChangeRecord, PlaceFilter, PlaceRecord, PlaceState
from domain.verification import require_step
from store.engine import BATCH_ROWS, for_in, insert
from store.field_tables import inbox_reviews, quick_records
from store.place_cells import count_places
from store.place_revisions import content_columns, read_own_row, revise
from store.place_rows import select_places, to_record
from store.tables import changes, place_activity, places, visits
from store.writer import Repository, Transaction, mutation

PLACE, CHANGE = "place", "change"
_CHANGE_COLUMNS = [changes.c[name] for name in ChangeRecord.__dataclass_fields__]
_ACTIVE = (PlaceState.SUGGESTED.value, PlaceState.VERIFIED.value)


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

    def suggested(self, organisation_id: str, *, limit: int) -> list[PlaceRecord]:
        """Return the places that wait to be verified, the newest first."""
        query = select_places().where(
            places.c.organisation_id == organisation_id, places.c.state == PlaceState.SUGGESTED.value
        )
        return self._records(query.order_by(places.c.created_at.desc(), places.c.id.desc()).limit(limit))

    def count_suggested(self, organisation_id: str) -> int:
        """Return how many places wait to be verified."""
        only = PlaceFilter(organisation_ids=(organisation_id,), states=(PlaceState.SUGGESTED,))
        with self._read() as connection:
            return count_places(connection, bbox=None, only=only)

    def edited(self, organisation_id: str, *, limit: int) -> list[PlaceRecord]:
        """Return verified places that were changed since somebody looked at them, the latest first."""
        seen = inbox_reviews.alias()
        query = (
            select_places()
            .join(seen, sa.and_(seen.c.subject == PLACE, seen.c.subject_id == places.c.id))
            .where(
                places.c.organisation_id == organisation_id,
                seen.c.organisation_id == organisation_id,
                places.c.state == PlaceState.VERIFIED.value,
                places.c.revision > seen.c.revision,
            )
        )
        return self._records(query.order_by(places.c.updated_at.desc(), places.c.id.desc()).limit(limit))

    def alerts(self, organisation_id: str, *, limit: int) -> list[tuple[PlaceRecord, ChangeRecord]]:
        """Return the changes at own places that nobody visited or dealt with since, the latest first."""
        newest_first = (changes.c.happened_on.desc(), changes.c.created_at.desc(), changes.c.id.desc())
        query = _open_changes(organisation_id).order_by(*newest_first).limit(limit)
        with self._read() as connection:
            found = [ChangeRecord(**row) for row in connection.execute(query).mappings()]
            rows = connection.execute(select_places().where(places.c.id.in_(sorted({one.place_id for one in found}))))
            records = {record.id: record for record in map(to_record, rows)}
        return [(records[one.place_id], one) for one in found]

    def follow_ups(self, organisation_id: str, *, until: date, limit: int) -> list[dict[str, Any]]:
        """Return agreed follow-ups up to a day that no later visit met, the earliest first.

        Each has `visit_id`, `place_id` (None in an area), `city_part`, `follow_up_on` and `service`.
        """
        later = visits.alias()
        met = sa.exists().where(
            later.c.place_id == visits.c.place_id,
            later.c.withdrawn.is_(False),
            later.c.happened_on >= visits.c.follow_up_on,
        )
        columns = (
            visits.c.id.label("visit_id"), visits.c.place_id, visits.c.city_part, visits.c.area,
            visits.c.follow_up_on, visits.c.follow_up_service.label("service"),
        )  # fmt: skip
        query = (
            sa.select(*columns)
            .where(
                visits.c.organisation_id == organisation_id,
                visits.c.withdrawn.is_(False),
                visits.c.follow_up_on.is_not(None),
                visits.c.follow_up_on <= until,
                ~met,
            )
            .order_by(visits.c.follow_up_on, visits.c.id)
            .limit(limit)
        )
        with self._read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

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

    def count_alerts(self, organisation_id: str) -> int:
        """Return how many changes at own places wait for a visit or a word, see `alerts`."""
        with self._read() as connection:
            query = sa.select(sa.func.count()).select_from(_open_changes(organisation_id).subquery())
            return int(connection.execute(query).scalar_one())

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

    def _records(self, query: sa.Select[Any]) -> list[PlaceRecord]:
        with self._read() as connection:
            return [to_record(row) for row in connection.execute(query)]


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
    if with_audit:
        payload = {"revision": revision, "note": note}
        tx.audit(f"{subject}.review", subject, subject_id, actor=actor, payload=payload)
