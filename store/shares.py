"""What an owner lets another organisation see more exactly, for a purpose and a time."""

from typing import Any

import sqlalchemy as sa

from domain.accounts import PURPOSE_MAX_LENGTH, SHARE_MAX_LIFE, ShareDraft, ShareRecord
from domain.errors import InvalidValueError, NotFoundError, NotPermittedError
from domain.place import Actor
from domain.roles import Tier
from store.account_tables import shares
from store.organisations import read_organisation
from store.writer import Repository, Transaction, mutation

_COLUMNS = [shares.c[name] for name in ShareRecord.__dataclass_fields__]
_MOST_OPEN_TO_OTHERS = (Tier.EXACT, Tier.CELL_10)


class Shares(Repository):
    """The table of shares."""

    def given_by(self, organisation_id: str) -> list[ShareRecord]:
        """Return what an organisation shares or shared, the latest first."""
        return self._find(shares.c.owner_organisation_id == organisation_id)

    def given_to(self, organisation_id: str) -> list[ShareRecord]:
        """Return what is or was shared with an organisation, the latest first."""
        return self._find(shares.c.organisation_id == organisation_id)

    def _find(self, condition: sa.ColumnElement[bool]) -> list[ShareRecord]:
        query = sa.select(*_COLUMNS).where(condition).order_by(shares.c.created_at.desc(), shares.c.id)
        with self._read() as connection:
            return [_share(row) for row in connection.execute(query).mappings()]

    @mutation
    def add(self, tx: Transaction, draft: ShareDraft, *, actor: Actor) -> ShareRecord:
        """Let another organisation see the places of the actor's own; the same draft again is the stored one.

        Raises
        ------
        InvalidValueError
            `share_purpose_missing`, `share_purpose_too_long`, `share_until_invalid` (past, or beyond a
            year), `share_tier_invalid`, `share_with_self`, `share_with_town_hall`.
        NotFoundError, NotPermittedError
            `unknown_organisation`, `other_organisation`.
        """
        purpose = " ".join(draft.purpose.split())
        present = tx.connection.execute(sa.select(*_COLUMNS).where(shares.c.id == draft.id)).mappings().first()
        if present is not None:
            if present["owner_organisation_id"] != actor.organisation_id:
                raise NotPermittedError("other_organisation")
            return _share(present)
        _check(tx, draft, purpose, actor)
        row = {
            "id": draft.id, "owner_organisation_id": actor.organisation_id,
            "organisation_id": draft.organisation_id, "tier": int(draft.tier), "purpose": purpose,
            "created_at": tx.now, "created_by": actor.account_id, "until": draft.until,
        }  # fmt: skip
        tx.execute(sa.insert(shares), row)
        payload = {
            "with": draft.organisation_id, "tier": int(draft.tier), "purpose": purpose,
            "until": draft.until.isoformat(),
        }  # fmt: skip
        tx.audit("share.add", "share", draft.id, actor=actor, payload=payload)
        return _read(tx, draft.id)

    @mutation
    def revoke(self, tx: Transaction, share_id: str, *, actor: Actor) -> ShareRecord:
        """End a share now; one that was revoked is left as it is.

        Raises
        ------
        NotFoundError, NotPermittedError
            `unknown_share`, `other_organisation`.
        """
        present = _read(tx, share_id)
        if present.owner_organisation_id != actor.organisation_id:
            raise NotPermittedError("other_organisation")
        if present.revoked_at is not None:
            return present
        new = {"revoked_at": tx.now, "revoked_by": actor.account_id}
        tx.execute(sa.update(shares).where(shares.c.id == share_id).values(**new))
        tx.audit("share.revoke", "share", share_id, actor=actor, payload={"with": present.organisation_id})
        return _read(tx, share_id)


def _check(tx: Transaction, draft: ShareDraft, purpose: str, actor: Actor) -> None:
    if not purpose:
        raise InvalidValueError("share_purpose_missing")
    if len(purpose) > PURPOSE_MAX_LENGTH:
        raise InvalidValueError("share_purpose_too_long", value=len(purpose), limit=PURPOSE_MAX_LENGTH)
    if not tx.now < draft.until <= tx.now + SHARE_MAX_LIFE:
        raise InvalidValueError("share_until_invalid", limit=SHARE_MAX_LIFE.days)
    if draft.tier not in _MOST_OPEN_TO_OTHERS:
        raise InvalidValueError("share_tier_invalid", value=int(draft.tier))
    if draft.organisation_id == actor.organisation_id:
        raise InvalidValueError("share_with_self")
    # The gate would not heed it; saying so beats a share that does nothing.
    if read_organisation(tx.connection, draft.organisation_id).is_town_hall:
        raise InvalidValueError("share_with_town_hall")


def _read(tx: Transaction, share_id: str) -> ShareRecord:
    row = tx.connection.execute(sa.select(*_COLUMNS).where(shares.c.id == share_id)).mappings().first()
    if row is None:
        raise NotFoundError("unknown_share", id=share_id)
    return _share(row)


def _share(row: Any) -> ShareRecord:  # noqa: ANN401  a row as a mapping
    return ShareRecord(**{str(key): value for key, value in row.items()} | {"tier": Tier(row["tier"])})
