"""Visits and changes: what happened at a place or in a city part, and when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, Problem, StaleRevisionError
from domain.place import Actor, ChangeDraft, ChangeRecord, VisitDraft, VisitRecord
from store.activity import refresh_activities, refresh_activity
from store.engine import batches
from store.guards import check_change, check_visit
from store.pages import Key, Order, Page
from store.tables import changes, places, visits
from store.visit_groups import count_in, count_out, verify
from store.writer import Repository, Transaction, mutation

_VISIT_CONTENT = (
    "place_id", "city_part", "happened_on", "outcome", "form", "contacts", "languages", "needs", "barriers", "note",
    "area", "cell", "interpreter", "follow_up_on", "follow_up_service",
)  # fmt: skip
_VISIT_COLUMNS = [visits.c[name] for name in VisitRecord.__dataclass_fields__]
_CHANGE_CONTENT = ("place_id", "change", "happened_on", "note")
_CHANGE_COLUMNS = [changes.c[name] for name in ChangeRecord.__dataclass_fields__]
_LATEST = Order(table=visits, names=("happened_on", "created_at", "id"))


class Visits(Repository):
    """The table of visits."""

    @mutation
    def add(self, tx: Transaction, draft: VisitDraft, actor: Actor, *, city_part: str | None = None) -> VisitRecord:
        """Store a visit at a place, or in a city part where the draft names no place.

        The city part of a visit at a place is the place's own. The same visit sent again is the
        stored one.

        Raises
        ------
        NotFoundError
            `unknown_place`.
        InvalidValueError
            `visit_without_where` if there is neither a place nor a city part; `term_not_allowed`.
        StaleRevisionError
            If the id is taken by a visit that says something else.
        """
        if draft.place_id is not None:
            city_part = _city_part_of(tx.connection, draft.place_id)
        city_part = city_part or draft.city_part
        if not city_part:
            raise InvalidValueError("visit_without_where")
        insert_visit(tx, draft, actor, city_part=city_part, place_id=draft.place_id)
        return _visit(tx.connection, draft.id)

    def bulk_add(self, rows: Iterable[tuple[VisitDraft, str]], actor: Actor) -> int:
        """Store many visits, each with the code of its city part, and return how many were new.

        Works in transactions of 10,000 visits with one audit row each; visits whose id is stored
        already are passed over, so a run that was stopped can be run again.

        Raises
        ------
        InvalidValueError
            `term_not_allowed`; the batches before stay.
        """
        return sum(self._add_batch(batch, actor) for batch in batches(rows))

    @mutation
    def _add_batch(self, tx: Transaction, batch: tuple[tuple[VisitDraft, str], ...], actor: Actor) -> int:
        by_id = {draft.id: (draft, city_part) for draft, city_part in batch}
        for draft, _ in batch:
            check_visit(draft)
        stored = tx.connection.execute(sa.select(visits.c.id).where(visits.c.id.in_(list(by_id)))).scalars()
        for known in stored.all():
            del by_id[known]
        if not by_id:
            return 0
        made = {**_made(tx, actor), "revision": 1, "withdrawn": False}
        new = [{"id": draft.id, **_content(draft, city_part), **made} for draft, city_part in by_id.values()]
        tx.insert(visits, new)
        count_in(tx, visits.c.id.in_([row["id"] for row in new]))
        refresh_activities(tx, sorted({row["place_id"] for row in new if row["place_id"] is not None}))
        summary = {"count": len(new), "first": min(by_id), "last": max(by_id)}
        tx.audit("visit.bulk_add", "visit", "", actor=actor, payload=summary)
        return len(new)

    @mutation
    def withdraw(self, tx: Transaction, visit_id: str, actor: Actor) -> None:
        """Take back a visit that the same account noted; it no longer counts, its row stays.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_visit`, `undo_not_own`.
        """
        if _visit(tx.connection, visit_id).created_by != actor.account_id:
            raise NotPermittedError("undo_not_own")
        withdraw_visits(tx, visits.c.id == visit_id, actor=actor)

    def get(self, visit_id: str) -> VisitRecord:
        """Return one visit; `NotFoundError` (`unknown_visit`) if there is none."""
        with self._read() as connection:
            return _visit(connection, visit_id)

    def for_place(self, place_id: str) -> list[VisitRecord]:
        """Return the visits at a place, the latest first."""
        return self._find(visits.c.place_id == place_id)

    def page_of_city_part(
        self, code: str, *, organisation_id: str, since: date | None = None, after: Key | None = None, limit: int
    ) -> Page[VisitRecord]:
        """Return a page of the visits that an organisation noted in a city part, from a day on, the latest first."""
        query = sa.select(*_VISIT_COLUMNS).where(
            visits.c.city_part == code, visits.c.organisation_id == organisation_id, visits.c.withdrawn.is_(False)
        )
        if since is not None:
            query = query.where(visits.c.happened_on >= since)
        with self._read() as connection:
            rows = connection.execute(_LATEST.within(query, after=after, limit=limit)).mappings()
            return _LATEST.page([VisitRecord(**row) for row in rows], limit=limit)

    def count_in_city_part(self, code: str, *, organisation_id: str) -> tuple[int, date | None]:
        """Return how many visits an organisation noted in a city part, and the day of the latest."""
        query = sa.select(sa.func.count(), sa.func.max(visits.c.happened_on)).where(
            visits.c.city_part == code, visits.c.organisation_id == organisation_id, visits.c.withdrawn.is_(False)
        )
        with self._read() as connection:
            count, last = connection.execute(query).one()
        return int(count), last

    def verify_groups(self) -> list[Problem]:
        """Compare the packed dates with the visits; empty where they agree (`visit_groups_differ`)."""
        with self._read() as connection:
            return verify(connection)

    def _find(self, condition: sa.ColumnElement[bool]) -> list[VisitRecord]:
        query = (
            sa.select(*_VISIT_COLUMNS)
            .where(condition, visits.c.withdrawn.is_(False))
            .order_by(visits.c.happened_on.desc(), visits.c.created_at.desc(), visits.c.id.desc())
        )
        with self._read() as connection:
            return [VisitRecord(**row) for row in connection.execute(query).mappings()]


class Changes(Repository):
    """The table of changes at places."""

    @mutation
    def add(self, tx: Transaction, draft: ChangeDraft, actor: Actor) -> ChangeRecord:
        """Store a change at a place; the same one sent again is the stored one.

        Raises
        ------
        NotFoundError
            `unknown_place`.
        InvalidValueError
            `term_not_allowed`.
        StaleRevisionError
            If the id is taken by a change that says something else.
        """
        check_change(draft)
        _city_part_of(tx.connection, draft.place_id)
        content = {name: getattr(draft, name) for name in _CHANGE_CONTENT}
        present = tx.connection.execute(sa.select(changes).where(changes.c.id == draft.id)).mappings().first()
        if present is not None:
            _require_same(present, content, actor, _change(tx.connection, draft.id))
            return _change(tx.connection, draft.id)
        tx.execute(sa.insert(changes), {"id": draft.id, **content, **_made(tx, actor), "withdrawn": False})
        refresh_activity(tx, draft.place_id)
        tx.audit("change.add", "change", draft.id, actor=actor, payload=_payload(content))
        return _change(tx.connection, draft.id)

    @mutation
    def withdraw(self, tx: Transaction, change_id: str, actor: Actor) -> None:
        """Take back a change that the same account noted; raises as `Visits.withdraw` (`unknown_change`)."""
        record = _change(tx.connection, change_id)
        if record.created_by != actor.account_id:
            raise NotPermittedError("undo_not_own")
        own = (changes.c.id == change_id, changes.c.withdrawn.is_(False))
        if tx.execute(sa.update(changes).where(*own).values(withdrawn=True)).rowcount:
            refresh_activity(tx, record.place_id)
            tx.audit("change.withdraw", "change", change_id, actor=actor, payload={})

    def for_place(self, place_id: str) -> list[ChangeRecord]:
        """Return the changes at a place, the latest first."""
        query = (
            sa.select(*_CHANGE_COLUMNS)
            .where(changes.c.place_id == place_id, changes.c.withdrawn.is_(False))
            .order_by(changes.c.happened_on.desc(), changes.c.created_at.desc(), changes.c.id.desc())
        )
        with self._read() as connection:
            return [ChangeRecord(**row) for row in connection.execute(query).mappings()]


def insert_visit(tx: Transaction, draft: VisitDraft, actor: Actor, *, city_part: str, place_id: str | None) -> None:
    """Store a visit within a transaction; a visit that is stored already is left as it is."""
    check_visit(draft)
    content = _content(draft, city_part) | {"place_id": place_id}
    present = tx.connection.execute(sa.select(visits).where(visits.c.id == draft.id)).mappings().first()
    if present is not None:
        _require_same(present, content, actor, _visit(tx.connection, draft.id))
        return
    made = {"id": draft.id, **_made(tx, actor), "revision": 1, "withdrawn": False}
    tx.execute(sa.insert(visits), {**content, **made})
    count_in(tx, visits.c.id == draft.id)
    if place_id is not None:
        refresh_activity(tx, place_id)
    tx.audit("visit.add", "visit", draft.id, actor=actor, payload=_payload(content))


def withdraw_visits(tx: Transaction, *conditions: sa.ColumnElement[bool], actor: Actor) -> None:
    """Withdraw visits within a transaction, with an audit row for each."""
    wanted = sa.select(visits.c.id, visits.c.place_id).where(visits.c.withdrawn.is_(False), *conditions)
    count_out(tx, *conditions)
    for visit_id, place_id in tx.connection.execute(wanted).all():
        tx.execute(
            sa.update(visits).where(visits.c.id == visit_id).values(withdrawn=True, revision=visits.c.revision + 1)
        )
        tx.audit("visit.withdraw", "visit", visit_id, actor=actor, payload={})
        if place_id is not None:
            refresh_activity(tx, place_id)


def _content(draft: VisitDraft, city_part: str) -> dict[str, Any]:
    content = {name: getattr(draft, name) for name in _VISIT_CONTENT} | {"city_part": city_part}
    return content | {name: tuple(content[name]) for name in ("languages", "needs", "barriers")}


def _made(tx: Transaction, actor: Actor) -> dict[str, Any]:
    return {"organisation_id": actor.organisation_id, "created_at": tx.now, "created_by": actor.account_id}


def _payload(content: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in content.items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _require_same(present: Any, content: dict[str, Any], actor: Actor, record: object) -> None:  # noqa: ANN401
    if present["organisation_id"] != actor.organisation_id:
        raise NotPermittedError("other_organisation")
    if any(present[name] != value for name, value in content.items()):
        raise StaleRevisionError(record, expected=0)


def _city_part_of(connection: Connection, place_id: str) -> str:
    code = connection.execute(sa.select(places.c.city_part).where(places.c.id == place_id)).scalar_one_or_none()
    if code is None:
        raise NotFoundError("unknown_place", id=place_id)
    return str(code)


def _visit(connection: Connection, visit_id: str) -> VisitRecord:
    row = connection.execute(sa.select(*_VISIT_COLUMNS).where(visits.c.id == visit_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_visit", id=visit_id)
    return VisitRecord(**row)


def _change(connection: Connection, change_id: str) -> ChangeRecord:
    row = connection.execute(sa.select(*_CHANGE_COLUMNS).where(changes.c.id == change_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_change", id=change_id)
    return ChangeRecord(**row)
