"""Organisations, the accounts of people who work for them, invitations, shares.

An account's name and e-mail are for the administrator of its organisation only. Records and the
audit log carry the account's id, which says nothing about the person once the account is erased.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.roles import Clearance, Role, Tier

TOWN_HALL_TYPES = frozenset({"mestska_cast", "mhmp"})
NAME_MAX_LENGTH = 80
EMAIL_MAX_LENGTH = 254
PURPOSE_MAX_LENGTH = 200
INVITATION_LIFE = timedelta(days=7)
SHARE_MAX_LIFE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation; `type` is a code of `typ_organizace`.

    `is_operator` marks the one that runs the installation: its administrators found others.
    """

    id: str
    name: str
    type: str
    created_at: datetime
    is_operator: bool = False

    @property
    def is_town_hall(self) -> bool:
        """Return whether it is a town hall, which never sees another's place beyond T2."""
        return self.type in TOWN_HALL_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is at the provider of sign-in; `subject` is unique there, an e-mail is not."""

    issuer: str
    subject: str
    email: str
    name: str = ""
    email_verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's account. Erased, it has neither name nor e-mail, and nobody can sign in to it."""

    id: str
    organisation_id: str
    role: Role
    active: bool
    name: str
    email: str
    city_parts: tuple[str, ...]
    created_at: datetime
    erased_at: datetime | None = None

    @property
    def pseudonym(self) -> str:
        """Return what stands for the person once the account is erased."""
        return self.id.replace("-", "")[-6:]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDraft:
    """Whom an administrator asks in; an e-mail, where given, must be that of the sign-in."""

    id: str
    organisation_id: str
    role: Role
    email: str = ""
    city_parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A stored invitation; its link holds a secret of which only a digest is kept."""

    id: str
    organisation_id: str
    role: Role
    email: str
    city_parts: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Return whether somebody can still come in by it."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDraft:
    """An owner's leave for `organisation_id` to see its places at `tier`, for a purpose, until an instant (UTC)."""

    id: str
    organisation_id: str
    purpose: str
    until: datetime
    tier: Tier = Tier.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRecord:
    """A stored share, in force until it runs out or is revoked."""

    id: str
    owner_organisation_id: str
    organisation_id: str
    tier: Tier
    purpose: str
    created_at: datetime
    created_by: str
    until: datetime
    revoked_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Return whether it is in force."""
        return self.revoked_at is None and self.until > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an account stands right now: read anew for every run of a page, every request, every write."""

    account: Account
    organisation: Organisation
    clearance: Clearance
