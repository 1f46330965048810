"""Accounts of people, and where each of them stands right now."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from domain.accounts import Account, Identity, Organisation, Standing
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError
from domain.place import Actor
from domain.roles import Clearance, Role, Share, Tier
from store import erasure_ledger
from store.account_tables import invitations, organisation_partners, shares
from store.organisations import read_organisation
from store.tables import accounts
from store.writer import Repository, Transaction, Writer, mutation

ACCOUNT = "account"
_COLUMNS = [accounts.c[name] for name in Account.__dataclass_fields__]


class Accounts(Repository):
    """The table of accounts. An account is changed only by an administrator of its own organisation."""

    def __init__(self, readers: Engine, writer: Writer, data_dir: Path) -> None:
        super().__init__(readers, writer)
        self._data_dir = data_dir

    def get(self, account_id: str) -> Account:
        """Return one account; `NotFoundError` (`unknown_account`) if there is none."""
        with self._read() as connection:
            return read_account(connection, account_id)

    def of_organisation(self, organisation_id: str) -> list[Account]:
        """Return the accounts of an organisation, the erased ones too, the oldest first."""
        query = (
            sa.select(*_COLUMNS)
            .where(accounts.c.organisation_id == organisation_id)
            .order_by(accounts.c.created_at, accounts.c.id)
        )
        with self._read() as connection:
            return [_account(row) for row in connection.execute(query).mappings()]

    def standing(self, account_id: str) -> Standing:
        """Return account, organisation and clearance as they are at this moment.

        Raises
        ------
        NotPermittedError
            `account_unknown`, `account_revoked`.
        """
        with self._read() as connection:
            return _standing(connection, accounts.c.id == account_id)

    def standing_of(self, identity: Identity) -> Standing:
        """Return the same for who signed in; raises as `standing`."""
        known = sa.and_(accounts.c.issuer == identity.issuer, accounts.c.subject == identity.subject)
        with self._read() as connection:
            return _standing(connection, known)

    @mutation
    def set_role(
        self, tx: Transaction, account_id: str, *, role: Role, city_parts: tuple[str, ...], actor: Actor
    ) -> Account:
        """Give an account a role and city parts in charge; what it has already changes nothing.

        Raises
        ------
        NotFoundError, NotPermittedError, InvalidValueError
            `unknown_account`, `other_organisation`, `account_erased`, `last_admin`.
        """
        present = _own(tx.connection, account_id, actor)
        if (present.role, present.city_parts) == (role, city_parts):
            return present
        if role is not Role.ADMIN:
            _require_another_admin(tx.connection, present)
        tx.execute(
            sa.update(accounts).where(accounts.c.id == account_id).values(role=role.value, city_parts=city_parts)
        )
        payload = {"role": role.value, "before": present.role.value, "city_parts": list(city_parts)}
        tx.audit("account.set_role", "account", account_id, actor=actor, payload=payload)
        return read_account(tx.connection, account_id)

    @mutation
    def set_active(self, tx: Transaction, account_id: str, *, active: bool, actor: Actor) -> Account:
        """Revoke an account, or let it in again; raises as `set_role`.

        From the commit on every rerun, request and write of the account is refused.
        """
        present = _own(tx.connection, account_id, actor)
        if present.active == active:
            return present
        if not active:
            _require_another_admin(tx.connection, present)
        tx.execute(sa.update(accounts).where(accounts.c.id == account_id).values(active=active))
        action = "account.activate" if active else "account.revoke"
        tx.audit(action, "account", account_id, actor=actor, payload={})
        return read_account(tx.connection, account_id)

    @mutation
    def erase(self, tx: Transaction, account_id: str, *, actor: Actor) -> Account:
        """Take name, e-mail, sign-in and city parts off an account for good; its id stays as a pseudonym.

        The ledger notes the id. Free pages and the log of the database hold what was erased until
        `Erasures.compact`. Raises as `set_role`; an account erased before is left as it is.
        """
        present = read_account(tx.connection, account_id)
        _require_own(present, actor)
        if present.erased_at is not None:
            return present
        _require_another_admin(tx.connection, present)
        erase_account_row(tx, present, actor, reason="")
        # The last step before the commit: what is in the ledger was permitted and is as good as erased.
        erasure_ledger.append(self._data_dir, entity=ACCOUNT, record_id=account_id, at=tx.now)
        return read_account(tx.connection, account_id)


def erase_account_row(tx: Transaction, account: Account, actor: Actor, *, reason: str) -> None:
    """Take off an account, and off the invitations addressed to it, what says whose it is."""
    gone = {
        "name": "", "email": "", "city_parts": (), "issuer": None, "subject": None, "active": False,
        "erased_at": tx.now,
    }  # fmt: skip
    tx.execute(sa.update(accounts).where(accounts.c.id == account.id).values(**gone))
    addressed = [invitations.c.used_by == account.id]
    if account.email:
        addressed.append(sa.func.lower(invitations.c.email) == account.email.lower())
    tx.execute(sa.update(invitations).where(sa.or_(*addressed)).values(email=""))
    tx.audit("account.erase", ACCOUNT, account.id, actor=actor, payload={"reason": reason} if reason else {})


def read_account(connection: Connection, account_id: str) -> Account:
    """Return one account within a transaction; `NotFoundError` (`unknown_account`)."""
    row = connection.execute(sa.select(*_COLUMNS).where(accounts.c.id == account_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_account", id=account_id)
    return _account(row)


def _account(row: Any) -> Account:  # noqa: ANN401  a row as a mapping
    return Account(**{str(key): value for key, value in row.items()} | {"role": Role(row["role"])})


def _standing(connection: Connection, condition: sa.ColumnElement[bool]) -> Standing:
    row = connection.execute(sa.select(*_COLUMNS).where(condition)).mappings().first()
    if row is None:
        raise NotPermittedError("account_unknown")
    account = _account(row)
    if not account.active:
        raise NotPermittedError("account_revoked", account=account.id)
    organisation = read_organisation(connection, account.organisation_id)
    return Standing(account=account, organisation=organisation, clearance=_clearance(connection, account, organisation))


def _clearance(connection: Connection, account: Account, organisation: Organisation) -> Clearance:
    partners = organisation_partners.c
    naming = sa.select(partners.organisation_id).where(partners.partner_id == organisation.id)
    given = (
        sa.select(shares.c.owner_organisation_id, shares.c.tier, shares.c.purpose, shares.c.until)
        .where(shares.c.organisation_id == organisation.id, shares.c.revoked_at.is_(None))
        .order_by(shares.c.id)
    )
    return Clearance(
        role=account.role,
        organisation_id=organisation.id,
        is_town_hall=organisation.is_town_hall,
        partner_of=frozenset(connection.execute(naming).scalars()),
        # Those that have run out are sorted out by the gate, which knows the instant of the question.
        shares=tuple(
            Share(owner_organisation_id=owner, tier=Tier(tier), purpose=purpose, until=until)
            for owner, tier, purpose, until in connection.execute(given).all()
        ),
    )


def _own(connection: Connection, account_id: str, actor: Actor) -> Account:
    account = read_account(connection, account_id)
    _require_own(account, actor)
    if account.erased_at is not None:
        raise InvalidValueError("account_erased")
    return account


def _require_own(account: Account, actor: Actor) -> None:
    if account.organisation_id != actor.organisation_id:
        raise NotPermittedError("other_organisation")


def _require_another_admin(connection: Connection, account: Account) -> None:
    """Refuse to leave an organisation without anybody who could let people in."""
    if account.role is not Role.ADMIN or not account.active:
        return
    others = sa.select(accounts.c.id).where(
        accounts.c.organisation_id == account.organisation_id,
        accounts.c.role == Role.ADMIN.value,
        accounts.c.active.is_(True),
        accounts.c.id != account.id,
    )
    if connection.execute(others).first() is None:
        raise InvalidValueError("last_admin")
