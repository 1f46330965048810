"""What an administrator and a coordinator do with people, organisations and shares, each in one call."""

import re
import secrets
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import uuid_utils

from actions.validate import suspected_personal_data
from domain.accounts import EMAIL_MAX_LENGTH, Invitation, InvitationDraft, ShareDraft, ShareRecord
from domain.errors import InvalidValueError
from domain.place import Actor
from domain.roles import Role, Tier
from store import Store

PRAGUE = ZoneInfo("Europe/Prague")
SECRET_BYTES = 32
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def invite(
    store: Store,
    organisation_id: str,
    role: Role,
    actor: Actor,
    *,
    email: str = "",
    city_parts: tuple[str, ...] = (),
) -> tuple[Invitation, str]:
    """Store an invitation and return it with the secret of its link, which is shown once and kept nowhere.

    Raises
    ------
    InvalidValueError, NotPermittedError, NotFoundError
        `invalid_email`; as `store.Store.invitations.add`.
    """
    email = email.strip()
    if email and (len(email) > EMAIL_MAX_LENGTH or not _EMAIL.fullmatch(email)):
        raise InvalidValueError("invalid_email", value=email[:EMAIL_MAX_LENGTH])
    secret = secrets.token_urlsafe(SECRET_BYTES)
    draft = InvitationDraft(
        id=str(uuid_utils.uuid7()), organisation_id=organisation_id, role=role, email=email, city_parts=city_parts
    )
    return store.invitations.add(draft, secret=secret, actor=actor), secret


def erase_account(store: Store, account_id: str, actor: Actor) -> bool:
    """Erase a person's account for good; return whether the files hold nothing of it any more.

    False means that something was reading the database just then; the retention job tries again.

    Raises
    ------
    NotPermittedError, InvalidValueError, NotFoundError
        As `store.accounts.Accounts.erase`.
    """
    store.accounts.erase(account_id, actor=actor)
    return store.erasures.compact()


def share_places(
    store: Store,
    share_id: str,
    organisation_id: str,
    actor: Actor,
    *,
    purpose: str,
    last_day: date,
    tier: Tier = Tier.EXACT,
) -> ShareRecord:
    """Let another organisation see the own places more exactly up to the end of a day in Prague.

    Raises
    ------
    InvalidValueError, NotFoundError
        `purpose_names_person` if the purpose holds what looks like a person's data; as
        `store.Store.shares.add`.
    """
    found = suspected_personal_data({"purpose": purpose})
    if found:
        raise InvalidValueError("purpose_names_person", found=", ".join(found))
    until = datetime.combine(last_day, time.max.replace(microsecond=0), tzinfo=PRAGUE).astimezone(UTC)
    draft = ShareDraft(id=share_id, organisation_id=organisation_id, purpose=purpose, until=until, tier=tier)
    return store.shares.add(draft, actor=actor)
