"""What happened without changing data, and still belongs into the audit log."""

from collections.abc import Sequence
from enum import StrEnum

import sqlalchemy as sa

from domain.place import Actor
from store.tables import places
from store.writer import Repository, Transaction, mutation

# SQLite takes at most 32,766 variables in a statement.
_BATCH = 10_000


class Event(StrEnum):
    """An action of the audit log that changes nothing."""

    SIGN_IN = "sign_in"
    SHOW_AS = "show_as"
    EXPORT = "export"
    EXACT_VIEW = "exact_view"
    BACKUP = "backup"


class Events(Repository):
    """Sign-ins, exports, exact views, backups, refusals."""

    @mutation
    def note(
        self, tx: Transaction, event: Event, entity: str, entity_ids: Sequence[str], *, detail: str = "", actor: Actor
    ) -> None:
        """Note one row per id."""
        for entity_id in entity_ids:
            tx.audit(event.value, entity, entity_id, actor=actor, payload={"detail": detail} if detail else {})

    @mutation
    def note_refusal(
        self, tx: Transaction, code: str, *, actor: Actor, entity: str = "sign_in", entity_id: str = ""
    ) -> None:
        """Note that somebody was not let in, or was refused a route; `actor` may be unknown here."""
        tx.audit("refused", entity, entity_id or actor.account_id, actor=actor, payload={"code": code})

    def owners_of(self, place_ids: Sequence[str]) -> frozenset[str]:
        """Return the organisations that own places."""
        found: set[str] = set()
        with self._read() as connection:
            for start in range(0, len(place_ids), _BATCH):
                batch = place_ids[start : start + _BATCH]
                query = sa.select(places.c.organisation_id).where(places.c.id.in_(batch)).distinct()
                found.update(connection.execute(query).scalars())
        return frozenset(found)
