"""Declared coverage: an organisation says that it works in a city part, from a day, until a day."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.coverage import DeclaredCoverage
from domain.errors import NotPermittedError, StaleRevisionError
from domain.place import Actor
from store.statements import take_back
from store.tables import declared_coverage as table
from store.writer import Repository, Transaction, mutation

_FIELDS = tuple(DeclaredCoverage.__dataclass_fields__)
_COLUMNS = [table.c[name] for name in _FIELDS]


class DeclaredCoverages(Repository):
    """The table of declarations. They are statements, not observations: no visit comes of one."""

    @mutation
    def add(self, tx: Transaction, record: DeclaredCoverage, actor: Actor) -> DeclaredCoverage:
        """Store what the actor's own organisation declares; the same record sent again is the stored one.

        Raises
        ------
        NotPermittedError
            `other_organisation` if the record speaks for another organisation.
        StaleRevisionError
            If the id is taken by a declaration that says something else.
        """
        if record.organisation_id != actor.organisation_id:
            raise NotPermittedError("other_organisation")
        present = _row(tx.connection, record.id)
        if present is not None:
            stored = _record(present)
            if stored.organisation_id != actor.organisation_id:
                raise NotPermittedError("other_organisation")
            if stored != record:
                raise StaleRevisionError(stored, expected=0)
            return stored
        content = {name: getattr(record, name) for name in _FIELDS}
        made = {"created_at": tx.now, "created_by": actor.account_id, "withdrawn": False}
        tx.execute(sa.insert(table), {**content, **made})
        payload = {
            "city_part": record.city_part,
            "since": record.since.isoformat(),
            "until": record.until.isoformat() if record.until else None,
        }
        tx.audit("declared_coverage.add", "declared_coverage", record.id, actor=actor, payload=payload)
        return record

    @mutation
    def withdraw(self, tx: Transaction, record_id: str, actor: Actor) -> None:
        """Take back a declaration of the own organisation; a second time it changes nothing.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_declaration`, `other_organisation`.
        """
        take_back(tx, table, record_id, actor, entity="declared_coverage", unknown="unknown_declaration")

    def all(self) -> list[DeclaredCoverage]:
        """Return the declarations in force or not yet or no longer, by city part and first day."""
        query = (
            sa.select(*_COLUMNS)
            .where(table.c.withdrawn.is_(False))
            .order_by(table.c.city_part, table.c.since, table.c.id)
        )
        with self._read() as connection:
            return [_record(row) for row in connection.execute(query).mappings()]


def _row(connection: Connection, record_id: str) -> Any:  # noqa: ANN401  a row mapping or None
    return connection.execute(sa.select(table).where(table.c.id == record_id)).mappings().first()


def _record(row: Any) -> DeclaredCoverage:  # noqa: ANN401  a row mapping
    return DeclaredCoverage(**{name: row[name] for name in _FIELDS})
