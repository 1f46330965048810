"""Notes per city part and quarter: the only place for terms that no place and no visit may carry."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.errors import InvalidValueError, NotFoundError, NotPermittedError, StaleRevisionError
from domain.place import Actor
from domain.quick_records import QUARTER_VOCABULARIES, QuarterNote, QuarterNoteDraft, require_quarter
from domain.vocabulary import Scope, require_term
from store.field_tables import quarter_notes
from store.writer import Repository, Transaction, mutation

_CONTENT = ("city_part", "quarter", "vocabulary", "code", "note")
_COLUMNS = [quarter_notes.c[name] for name in QuarterNote.__dataclass_fields__]


class QuarterNotes(Repository):
    """The table of notes per city part and quarter."""

    @mutation
    def add(self, tx: Transaction, draft: QuarterNoteDraft, actor: Actor) -> QuarterNote:
        """Store a note; the same one sent again is the stored one.

        Raises
        ------
        InvalidValueError
            `unknown_vocabulary`, `term_not_allowed` (only scope `city_part_quarter`), `invalid_quarter`.
        StaleRevisionError, NotPermittedError
            If the id is taken by another note.
        """
        if draft.vocabulary not in QUARTER_VOCABULARIES:
            raise InvalidValueError("unknown_vocabulary", value=draft.vocabulary)
        require_term(draft.vocabulary, draft.code, Scope.CITY_PART_QUARTER)
        require_quarter(draft.quarter)
        content = {name: getattr(draft, name) for name in _CONTENT}
        query = sa.select(quarter_notes).where(quarter_notes.c.id == draft.id)
        present = tx.connection.execute(query).mappings().first()
        if present is not None:
            if present["organisation_id"] != actor.organisation_id:
                raise NotPermittedError("other_organisation")
            if any(present[name] != value for name, value in content.items()):
                raise StaleRevisionError(_note(tx.connection, draft.id), expected=0)
            return _note(tx.connection, draft.id)
        made = {"organisation_id": actor.organisation_id, "created_by": actor.account_id}
        tx.execute(sa.insert(quarter_notes), {"id": draft.id, **content, **made, "withdrawn": False})
        tx.audit("quarter_note.add", "quarter_note", draft.id, actor=actor, payload=content)
        return _note(tx.connection, draft.id)

    @mutation
    def withdraw(self, tx: Transaction, note_id: str, actor: Actor) -> None:
        """Take back a note of the own organisation.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_quarter_note`, `other_organisation`.
        """
        if _note(tx.connection, note_id).organisation_id != actor.organisation_id:
            raise NotPermittedError("other_organisation")
        own = (quarter_notes.c.id == note_id, quarter_notes.c.withdrawn.is_(False))
        if tx.execute(sa.update(quarter_notes).where(*own).values(withdrawn=True)).rowcount:
            tx.audit("quarter_note.withdraw", "quarter_note", note_id, actor=actor, payload={})

    def for_city_part(self, code: str, *, organisation_id: str) -> list[QuarterNote]:
        """Return an organisation's notes of a city part, the latest quarter first."""
        query = (
            sa.select(*_COLUMNS)
            .where(
                quarter_notes.c.city_part == code,
                quarter_notes.c.organisation_id == organisation_id,
                quarter_notes.c.withdrawn.is_(False),
            )
            .order_by(quarter_notes.c.quarter.desc(), quarter_notes.c.id.desc())
        )
        with self._read() as connection:
            return [QuarterNote(**row) for row in connection.execute(query).mappings()]


def _note(connection: Connection, note_id: str) -> QuarterNote:
    row = connection.execute(sa.select(*_COLUMNS).where(quarter_notes.c.id == note_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_quarter_note", id=note_id)
    return QuarterNote(**row)
