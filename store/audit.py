"""The audit log as a repository: read it, verify it, erase payloads from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.errors import Problem
from domain.place import Actor
from store.audit_chain import AuditChain, AuditHead
from store.pages import Key, Order, Page
from store.tables import audit_log
from store.writer import Repository, Transaction, Writer, mutation

_NEWEST = Order(table=audit_log, names=("seq",))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One line of the log. `payload` is None where it was erased."""

    seq: int
    at: datetime
    account_id: str
    organisation_id: str
    action: str
    entity: str
    entity_id: str
    payload: str | None


class Audit(Repository):
    """Who did what when. Rows come into being with the writes they speak of, never alone."""

    def __init__(self, readers: Engine, writer: Writer, chain: AuditChain) -> None:
        super().__init__(readers, writer)
        self._chain = chain

    def verify(self, head: AuditHead | None = None) -> list[Problem]:
        """Return what is wrong with the log, empty where nothing is.

        Codes: `audit_row_altered`, `audit_payload_altered`, `audit_rows_missing`,
        `audit_tail_cut`, `audit_rewritten`, `audit_head_missing`; `row` is the row's number.

        Parameters
        ----------
        head
            A head noted elsewhere earlier, as `head()` gave it.
        """
        with self._read() as connection:
            return self._chain.verify(connection, head)

    def head(self) -> AuditHead | None:
        """Return the end of the chain, to be noted elsewhere; None if its file is missing or forged."""
        return self._chain.read_head()

    def rows(self, *, entity: str | None = None, entity_id: str | None = None, limit: int = 1000) -> list[AuditRow]:
        """Return the newest rows first, of one entity where asked."""
        columns = [audit_log.c[name] for name in AuditRow.__dataclass_fields__]
        query = sa.select(*columns).order_by(audit_log.c.seq.desc()).limit(limit)
        if entity is not None:
            query = query.where(audit_log.c.entity == entity)
        if entity_id is not None:
            query = query.where(audit_log.c.entity_id == entity_id)
        with self._read() as connection:
            return [AuditRow(**_plain(row)) for row in connection.execute(query).mappings()]

    def of_organisation(
        self,
        organisation_id: str,
        *,
        entities: Sequence[str] = (),
        actions: Sequence[str] = (),
        after: Key | None = None,
        limit: int,
    ) -> Page[AuditRow]:
        """Return a page of the rows of an organisation's accounts and of others' exact views of its places.

        The newest first.

        Parameters
        ----------
        entities, actions
            Only rows with one of these entities, or one of these actions; all where neither is given.
        """
        columns = [audit_log.c[name] for name in AuditRow.__dataclass_fields__]
        seen = sa.and_(
            audit_log.c.action == "exact_view",
            audit_log.c.entity == "organisation",
            audit_log.c.entity_id == organisation_id,
        )
        query = sa.select(*columns).where(sa.or_(audit_log.c.organisation_id == organisation_id, seen))
        if entities:
            # What was done to them; that somebody looked or was refused is a group of its own.
            query = query.where(audit_log.c.entity.in_(entities), audit_log.c.action.contains("."))
        if actions:
            query = query.where(audit_log.c.action.in_(actions))
        with self._read() as connection:
            rows = connection.execute(_NEWEST.within(query, after=after, limit=limit)).mappings()
            return _NEWEST.page([AuditRow(**_plain(row)) for row in rows], limit=limit)

    @mutation
    def erase_payloads(self, tx: Transaction, *, entity: str, entity_id: str, actor: Actor, reason: str) -> int:
        """Erase payload and salt of all rows of one entity and return how many; the chain stays whole."""
        erased = tx.execute(
            sa.update(audit_log)
            .where(audit_log.c.entity == entity, audit_log.c.entity_id == entity_id, audit_log.c.payload.is_not(None))
            .values(payload=None, salt=None)
        ).rowcount
        if erased:
            # Under a name of its own, so that erasing again does not erase who erased and why.
            subject = f"{entity}/{entity_id}"
            tx.audit("audit.erase", "audit", subject, actor=actor, payload={"rows": erased, "reason": reason})
        return erased


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}
