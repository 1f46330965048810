"""What the tables of statements share: an organisation speaks for itself, and takes back what it said."""

import sqlalchemy as sa

from domain.errors import NotFoundError, NotPermittedError
from domain.place import Actor
from store.writer import Transaction


def take_back(tx: Transaction, table: sa.Table, record_id: str, actor: Actor, *, entity: str, unknown: str) -> None:
    """Mark a statement of the actor's organisation as withdrawn; a second time it changes nothing.

    Parameters
    ----------
    table
        A table with `id`, `organisation_id` and `withdrawn`.
    entity
        What it is called in the audit log.
    unknown
        Code of the error where there is no such statement.

    Raises
    ------
    NotFoundError, NotPermittedError
        `unknown`, `other_organisation`.
    """
    owner = tx.connection.execute(sa.select(table.c.organisation_id).where(table.c.id == record_id)).scalar()
    if owner is None:
        raise NotFoundError(unknown, id=record_id)
    if owner != actor.organisation_id:
        raise NotPermittedError("other_organisation")
    changed = tx.execute(
        sa.update(table).where(table.c.id == record_id, table.c.withdrawn.is_(False)).values(withdrawn=True)
    )
    if changed.rowcount:
        tx.audit(f"{entity}.withdraw", entity, record_id, actor=actor, payload={})
