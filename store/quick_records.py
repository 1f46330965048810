"""Accompaniment and interpreting, noted in two taps beside visits."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError
from domain.place import Actor
from domain.quick_records import QuickKind, QuickRecord, QuickRecordDraft
from domain.vocabulary import LANGUAGES_HEARD
from store.field_tables import quick_records
from store.tables import places
from store.writer import Repository, Transaction, mutation

_CONTENT = ("kind", "happened_on", "language", "city_part", "place_id")
_COLUMNS = [quick_records.c[name] for name in QuickRecord.__dataclass_fields__]


class QuickRecords(Repository):
    """The table of quick records."""

    @mutation
    def add(self, tx: Transaction, draft: QuickRecordDraft, actor: Actor) -> QuickRecord:
        """Store a quick record; the same one sent again is the stored one.

        The city part of a record at a place is the place's own.

        Raises
        ------
        InvalidValueError
            `unknown_language`.
        NotFoundError
            `unknown_place`.
        StaleRevisionError, NotPermittedError
            If the id is taken by another record.
        """
        if draft.language not in LANGUAGES_HEARD:
            raise InvalidValueError("unknown_language", value=draft.language)
        content: dict[str, Any] = {name: getattr(draft, name) for name in _CONTENT}
        content["kind"] = QuickKind(draft.kind).value
        if draft.place_id is not None:
            content["city_part"] = _city_part_of(tx.connection, draft.place_id)
        present = tx.connection.execute(sa.select(quick_records).where(quick_records.c.id == draft.id)).mappings()
        row = present.first()
        if row is not None:
            if row["organisation_id"] != actor.organisation_id:
                raise NotPermittedError("other_organisation")
            if any(row[name] != value for name, value in content.items()):
                raise StaleRevisionError(_record(tx.connection, draft.id), expected=0)
            return _record(tx.connection, draft.id)
        made = {"organisation_id": actor.organisation_id, "created_at": tx.now, "created_by": actor.account_id}
        tx.execute(sa.insert(quick_records), {"id": draft.id, **content, **made, "withdrawn": False})
        payload = {**content, "happened_on": draft.happened_on.isoformat()}
        tx.audit("quick_record.add", "quick_record", draft.id, actor=actor, payload=payload)
        return _record(tx.connection, draft.id)

    @mutation
    def withdraw(self, tx: Transaction, record_id: str, actor: Actor) -> None:
        """Take back a record that the same account noted.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_quick_record`, `undo_not_own`.
        """
        if _record(tx.connection, record_id).created_by != actor.account_id:
            raise NotPermittedError("undo_not_own")
        own = (quick_records.c.id == record_id, quick_records.c.withdrawn.is_(False))
        if tx.execute(sa.update(quick_records).where(*own).values(withdrawn=True)).rowcount:
            tx.audit("quick_record.withdraw", "quick_record", record_id, actor=actor, payload={})

    def find(
        self, organisation_id: str, *, since: date | None = None, place_id: str | None = None
    ) -> list[QuickRecord]:
        """Return an organisation's records, the latest first."""
        query = sa.select(*_COLUMNS).where(
            quick_records.c.organisation_id == organisation_id, quick_records.c.withdrawn.is_(False)
        )
        if since is not None:
            query = query.where(quick_records.c.happened_on >= since)
        if place_id is not None:
            query = query.where(quick_records.c.place_id == place_id)
        query = query.order_by(quick_records.c.happened_on.desc(), quick_records.c.id.desc())
        with self._read() as connection:
            return [_to_record(row) for row in connection.execute(query).mappings()]


def _to_record(row: Any) -> QuickRecord:  # noqa: ANN401  a row of SQLAlchemy
    return QuickRecord(**{**row, "kind": QuickKind(row["kind"])})


def _record(connection: Connection, record_id: str) -> QuickRecord:
    row = connection.execute(sa.select(*_COLUMNS).where(quick_records.c.id == record_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_quick_record", id=record_id)
    return _to_record(row)


def _city_part_of(connection: Connection, place_id: str) -> str:
    code = connection.execute(sa.select(places.c.city_part).where(places.c.id == place_id)).scalar_one_or_none()
    if code is None:
        raise NotFoundError("unknown_place", id=place_id)
    return str(code)
