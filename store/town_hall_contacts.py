"""Contact with town halls: statements with their day, by organisation; the history stays, a slip is taken back."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.contacts import CONTACT_VOCABULARY, ContactDraft, ContactNote
from domain.errors import NotPermittedError, StaleRevisionError
from domain.place import Actor
from domain.vocabulary import Scope, require_term
from store.statements import take_back
from store.tables import town_hall_contacts as table
from store.writer import Repository, Transaction, mutation

_DRAFT_FIELDS = tuple(field.name for field in fields(ContactDraft))
_FIELDS = tuple(field.name for field in fields(ContactNote))
_COLUMNS = [table.c[name] for name in _FIELDS]


class TownHallContacts(Repository):
    """The table of statements about contact. An organisation speaks for itself only."""

    @mutation
    def add(self, tx: Transaction, draft: ContactDraft, actor: Actor) -> ContactNote:
        """Store what the actor's organisation states; the same statement sent again is the stored one.

        Raises
        ------
        InvalidValueError
            `term_not_allowed` for a state that is no term of the vocabulary.
        NotPermittedError, StaleRevisionError
            If the id is taken by another organisation, or by a statement that says something else.
        """
        require_term(CONTACT_VOCABULARY, draft.status, Scope.CO_OPERATION)
        present = _row(tx.connection, draft.id)
        if present is not None:
            stored = _note(present)
            if stored.organisation_id != actor.organisation_id:
                raise NotPermittedError("other_organisation")
            if stored.draft != draft:
                raise StaleRevisionError(stored, expected=0)
            return stored
        content = {name: getattr(draft, name) for name in _DRAFT_FIELDS}
        made = {"organisation_id": actor.organisation_id, "created_at": tx.now, "created_by": actor.account_id}
        tx.execute(sa.insert(table), {**content, **made, "withdrawn": False})
        payload = {
            "city_part": draft.city_part, "status": draft.status, "happened_on": draft.happened_on.isoformat(),
        }  # fmt: skip
        tx.audit("town_hall_contact.add", "town_hall_contact", draft.id, actor=actor, payload=payload)
        return _note(_row(tx.connection, draft.id))

    @mutation
    def withdraw(self, tx: Transaction, note_id: str, actor: Actor) -> None:
        """Take back a statement of the own organisation; a second time it changes nothing.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_contact_note`, `other_organisation`.
        """
        take_back(tx, table, note_id, actor, entity="town_hall_contact", unknown="unknown_contact_note")

    def all(self) -> list[ContactNote]:
        """Return what stands, of all organisations: by city part, the latest day first."""
        query = (
            sa.select(*_COLUMNS)
            .where(table.c.withdrawn.is_(False))
            .order_by(table.c.city_part, table.c.happened_on.desc(), table.c.created_at.desc(), table.c.id)
        )
        with self._read() as connection:
            return [_note(row) for row in connection.execute(query).mappings()]


def _row(connection: Connection, note_id: str) -> Any:  # noqa: ANN401  a row mapping or None
    return connection.execute(sa.select(table).where(table.c.id == note_id)).mappings().first()


def _note(row: Any) -> ContactNote:  # noqa: ANN401  a row mapping
    return ContactNote(**{name: row[name] for name in _FIELDS})
