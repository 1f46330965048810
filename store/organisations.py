"""Organisations, and whom each of them names a partner."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.accounts import NAME_MAX_LENGTH, Organisation
from domain.errors import InvalidValueError, NotFoundError
from domain.place import Actor
from domain.vocabulary import Scope, require_term
from store.account_tables import organisation_partners
from store.identities import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, OPERATOR_ACCOUNT_ID
from store.tables import accounts, organisations
from store.writer import Repository, Transaction, mutation

_COLUMNS = [organisations.c[name] for name in Organisation.__dataclass_fields__]


class Organisations(Repository):
    """The table of organisations."""

    def all(self) -> list[Organisation]:
        """Return every organisation, by name."""
        with self._read() as connection:
            query = sa.select(*_COLUMNS).order_by(organisations.c.name, organisations.c.id)
            return [Organisation(**_plain(row)) for row in connection.execute(query).mappings()]

    def get(self, organisation_id: str) -> Organisation:
        """Return one organisation; `NotFoundError` (`unknown_organisation`) if there is none."""
        with self._read() as connection:
            return read_organisation(connection, organisation_id)

    def has_operator(self) -> bool:
        """Return whether an organisation runs the installation: whether it was founded for shared mode."""
        with self._read() as connection:
            return _has_operator(connection)

    def partners_of(self, organisation_id: str) -> frozenset[str]:
        """Return the ids of those whom an organisation named partners."""
        partners = organisation_partners
        query = sa.select(partners.c.partner_id).where(partners.c.organisation_id == organisation_id)
        with self._read() as connection:
            return frozenset(connection.execute(query).scalars())

    @mutation
    def found(self, tx: Transaction, organisation_id: str, *, name: str, type_code: str, actor: Actor) -> Organisation:
        """Store a new organisation; the same one sent again is the stored one.

        The first organisation that the server's own command founds runs the installation. It takes
        over local mode's organisation with all its records.

        Raises
        ------
        InvalidValueError
            `organisation_name_missing`, `organisation_name_too_long`, `term_not_allowed`.
        """
        name = " ".join(name.split())
        if not name:
            raise InvalidValueError("organisation_name_missing")
        if len(name) > NAME_MAX_LENGTH:
            raise InvalidValueError("organisation_name_too_long", value=len(name), limit=NAME_MAX_LENGTH)
        require_term("typ_organizace", type_code, Scope.ORGANISATION)
        takes_over = actor.account_id == OPERATOR_ACCOUNT_ID and not _has_operator(tx.connection)
        if takes_over:
            organisation_id = LOCAL_ORGANISATION_ID
            own = organisations.c.id == organisation_id
            tx.execute(sa.update(organisations).where(own).values(name=name, type=type_code, is_operator=True))
            # Nobody signs in to local mode's account; local mode itself asks no account.
            tx.execute(sa.update(accounts).where(accounts.c.id == LOCAL_ACCOUNT_ID).values(active=False))
        else:
            if _exists(tx.connection, organisation_id):
                return read_organisation(tx.connection, organisation_id)
            row = {"id": organisation_id, "name": name, "type": type_code, "is_operator": False, "created_at": tx.now}
            tx.execute(sa.insert(organisations), row)
        payload = {"name": name, "type": type_code, "is_operator": takes_over}
        tx.audit("organisation.found", "organisation", organisation_id, actor=actor, payload=payload)
        return read_organisation(tx.connection, organisation_id)

    @mutation
    def name_partner(self, tx: Transaction, partner_id: str, *, actor: Actor) -> None:
        """Name another organisation a partner of the actor's own; a second time it changes nothing.

        Raises
        ------
        NotFoundError, InvalidValueError
            `unknown_organisation`; `partner_is_self`.
        """
        read_organisation(tx.connection, partner_id)
        if partner_id == actor.organisation_id:
            raise InvalidValueError("partner_is_self")
        if tx.connection.execute(sa.select(organisation_partners).where(*_pair(partner_id, actor))).first():
            return
        row = {
            "organisation_id": actor.organisation_id, "partner_id": partner_id, "named_at": tx.now,
            "named_by": actor.account_id,
        }  # fmt: skip
        tx.execute(sa.insert(organisation_partners), row)
        tx.audit("organisation.name_partner", "organisation", partner_id, actor=actor, payload={})

    @mutation
    def drop_partner(self, tx: Transaction, partner_id: str, *, actor: Actor) -> None:
        """Take the naming back; where there is none it changes nothing."""
        if tx.execute(sa.delete(organisation_partners).where(*_pair(partner_id, actor))).rowcount:
            tx.audit("organisation.drop_partner", "organisation", partner_id, actor=actor, payload={})


def read_organisation(connection: Connection, organisation_id: str) -> Organisation:
    """Return one organisation within a transaction; `NotFoundError` (`unknown_organisation`)."""
    query = sa.select(*_COLUMNS).where(organisations.c.id == organisation_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("unknown_organisation", id=organisation_id)
    return Organisation(**_plain(row))


def _pair(partner_id: str, actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    partners = organisation_partners.c
    return (partners.organisation_id == actor.organisation_id, partners.partner_id == partner_id)


def _exists(connection: Connection, organisation_id: str) -> bool:
    query = sa.select(organisations.c.id).where(organisations.c.id == organisation_id)
    return connection.execute(query).first() is not None


def _has_operator(connection: Connection) -> bool:
    query = sa.select(organisations.c.id).where(organisations.c.is_operator.is_(True))
    return connection.execute(query).first() is not None


def _plain(row: Any) -> dict[str, Any]:  # noqa: ANN401  a row as a mapping
    return {str(key): value for key, value in row.items()}
