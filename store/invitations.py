"""Invitations: single-use links that run out, each making one account."""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from domain.accounts import INVITATION_LIFE, NAME_MAX_LENGTH, Account, Identity, Invitation, InvitationDraft
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError
from domain.place import Actor
from domain.roles import Role
from store.account_tables import invitations
from store.accounts import read_account
from store.identities import OPERATOR_ACCOUNT_ID
from store.organisations import read_organisation
from store.tables import accounts, organisations
from store.writer import Repository, Transaction, mutation

_COLUMNS = [invitations.c[name] for name in Invitation.__dataclass_fields__]


def digest_of(secret: str) -> str:
    """Return what is kept of a link's secret, which has 256 random bits and needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Invitations(Repository):
    """The table of invitations."""

    def of_organisation(self, organisation_id: str) -> list[Invitation]:
        """Return the invitations into an organisation, the latest first."""
        query = (
            sa.select(*_COLUMNS)
            .where(invitations.c.organisation_id == organisation_id)
            .order_by(invitations.c.created_at.desc(), invitations.c.id)
        )
        with self._read() as connection:
            return [_invitation(row) for row in connection.execute(query).mappings()]

    def find(self, secret: str) -> Invitation | None:
        """Return the invitation of a link, None if there is none."""
        with self._read() as connection:
            return _find(connection, secret)

    @mutation
    def add(self, tx: Transaction, draft: InvitationDraft, *, secret: str, actor: Actor) -> Invitation:
        """Store an invitation for seven days; the same one sent again is the stored one.

        Raises
        ------
        NotPermittedError
            `other_organisation`, unless the operator invites the first administrator of an
            organisation that has no account yet.
        NotFoundError
            `unknown_organisation`.
        """
        read_organisation(tx.connection, draft.organisation_id)
        if draft.organisation_id != actor.organisation_id:
            _require_operator(tx.connection, draft, actor)
        present = tx.connection.execute(sa.select(*_COLUMNS).where(invitations.c.id == draft.id)).mappings().first()
        if present is not None:
            if present["organisation_id"] != draft.organisation_id:
                raise NotPermittedError("other_organisation")
            return _invitation(present)
        row = {
            "id": draft.id, "digest": digest_of(secret), "organisation_id": draft.organisation_id,
            "role": draft.role.value, "email": draft.email.strip(), "city_parts": draft.city_parts,
            "created_at": tx.now, "created_by": actor.account_id, "expires_at": tx.now + INVITATION_LIFE,
        }  # fmt: skip
        tx.execute(sa.insert(invitations), row)
        # No e-mail in the log: it would outlive the account.
        payload = {"organisation": draft.organisation_id, "role": draft.role.value}
        tx.audit("invitation.add", "invitation", draft.id, actor=actor, payload=payload)
        return _one(tx.connection, draft.id)

    @mutation
    def withdraw(self, tx: Transaction, invitation_id: str, *, actor: Actor) -> None:
        """Take an invitation back; one that was used or withdrawn is left as it is.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_invitation`, `other_organisation`.
        """
        present = _one(tx.connection, invitation_id)
        if present.organisation_id != actor.organisation_id:
            raise NotPermittedError("other_organisation")
        if present.used_at is None and present.withdrawn_at is None:
            tx.execute(
                sa.update(invitations).where(invitations.c.id == invitation_id).values(withdrawn_at=tx.now, email="")
            )
            tx.audit("invitation.withdraw", "invitation", invitation_id, actor=actor, payload={})

    @mutation
    def accept(self, tx: Transaction, secret: str, *, identity: Identity, account_id: str, actor: Actor) -> Account:
        """Make the account that an invitation promises to who signed in; the link is used up by it.

        `actor` is the new account, whose organisation is the invitation's.

        Raises
        ------
        NotPermittedError
            `invitation_invalid` (none, used, withdrawn, run out), `invitation_other_email`,
            `account_exists` if who signed in has an account.
        """
        same = (accounts.c.issuer == identity.issuer, accounts.c.subject == identity.subject)
        known = tx.connection.execute(sa.select(accounts.c.id).where(*same)).scalar_one_or_none()
        if known == account_id:
            # Sent again by a page that was run anew after its write.
            return read_account(tx.connection, account_id)
        found = _find(tx.connection, secret)
        if found is None or not found.is_open(tx.now) or actor.organisation_id != found.organisation_id:
            raise NotPermittedError("invitation_invalid")
        if found.email and not (identity.email_verified and identity.email.casefold() == found.email.casefold()):
            raise NotPermittedError("invitation_other_email", email=found.email)
        if known is not None:
            raise NotPermittedError("account_exists")
        row = {
            "id": account_id, "organisation_id": found.organisation_id, "role": found.role.value, "active": True,
            "created_at": tx.now, "name": identity.name[:NAME_MAX_LENGTH], "email": identity.email,
            "city_parts": found.city_parts, "issuer": identity.issuer, "subject": identity.subject,
        }  # fmt: skip
        tx.execute(sa.insert(accounts), row)
        tx.execute(
            sa.update(invitations).where(invitations.c.id == found.id).values(used_at=tx.now, used_by=account_id)
        )
        payload = {"invitation": found.id, "role": found.role.value}
        tx.audit("account.add", "account", account_id, actor=actor, payload=payload)
        return read_account(tx.connection, account_id)


def _require_operator(connection: Connection, draft: InvitationDraft, actor: Actor) -> None:
    """Let the operator invite the first administrator of an organisation, and nobody after."""
    runs = sa.select(organisations.c.id).where(
        organisations.c.id == actor.organisation_id, organisations.c.is_operator.is_(True)
    )
    members = sa.select(accounts.c.id).where(
        accounts.c.organisation_id == draft.organisation_id, accounts.c.issuer.is_not(None)
    )
    is_operator = actor.account_id == OPERATOR_ACCOUNT_ID or connection.execute(runs).first() is not None
    if not is_operator or connection.execute(members).first() is not None:
        raise NotPermittedError("other_organisation")
    if draft.role is not Role.ADMIN:
        raise InvalidValueError("first_account_is_admin")


def _find(connection: Connection, secret: str) -> Invitation | None:
    query = sa.select(*_COLUMNS).where(invitations.c.digest == digest_of(secret))
    row = connection.execute(query).mappings().first()
    return None if row is None else _invitation(row)


def _one(connection: Connection, invitation_id: str) -> Invitation:
    row = connection.execute(sa.select(*_COLUMNS).where(invitations.c.id == invitation_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_invitation", id=invitation_id)
    return _invitation(row)


def _invitation(row: Any) -> Invitation:  # noqa: ANN401  a row as a mapping
    return Invitation(**{str(key): value for key, value in row.items()} | {"role": Role(row["role"])})
